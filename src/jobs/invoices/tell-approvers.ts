/**
 * Tells who may approve an invoice, by the staff bot, that one waits (docs/design/field-service.md#invoices-in-the-staff-bot): a text
 * and a link. Money is approved signed in. As well as it can: the list of invoices has it in any case.
 */
import type { Recorded } from '../../domain/codec.ts';
import { user } from '../../domain/staff/user.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { createReactor, type ReactorDeps } from '../../engine/jobs/reactor.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import type { Clock, JobCheckpoints, StaffBot } from '../../ports.ts';

export interface TellApproversDeps extends ReactorDeps {
  readonly handler: Pick<CommandHandler, 'load'>;
  readonly checkpoints: JobCheckpoints;
  readonly bot: StaffBot;
  readonly clock: Clock;
  /** PUBLIC_URL; null: the text goes without a link. */
  readonly publicUrl: string | null;
}

/** Who waits for longer knows already. */
const FRESH_MS = 3_600_000;

/** Holds the lease `invoice-approvers`. Begins at the end of the store: nobody is told of the invoices of last year. */
export const createTellApprovers = (deps: TellApproversDeps): Job =>
  createReactor(deps, {
    name: 'invoice-approvers',
    streamPrefixes: ['invoice-'],
    position: { checkpoints: deps.checkpoints, firstRun: 'end of store', wrongStore: 'stay off' },
    start: ({ signal }) => ({ handle: (event) => tell(deps, event, signal) }),
  });

async function tell(deps: TellApproversDeps, event: Recorded, signal: AbortSignal): Promise<void> {
  if (event.type !== 'InvoiceSubmitted') return;
  if (deps.clock.now().getTime() - Date.parse(event.metadata.at) > FRESH_MS) return;
  const { invoiceId, approvers } = event.data;
  const link = deps.publicUrl === null ? '' : `\n${deps.publicUrl}/app/invoices/${invoiceId}`;
  for (const id of approvers) {
    if (signal.aborted) return;
    const person = await deps.handler.load(user, id);
    if (person.status !== 'active' || person.telegramId === null) continue;
    const text = `Ada tagihan yang menunggu persetujuan Anda.${link}`;
    const { kind } = await deps.bot.say(person.telegramId, text, null, signal);
    if (kind !== 'done')
      deps.log.warn({ job: 'invoice-approvers', outcome: kind }, 'an approver may not have been told');
  }
}
