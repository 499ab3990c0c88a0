/**
 * Tells a group of staff in a chat of customers who wait: those for over 15 minutes in the queue, and those whose ticket was passed
 * on because nobody answered (docs/design/channels.md#waha). As well as it can: what is not taken is not said again.
 */
import { currentCustomer } from '../../commands/customers/current-customer.ts';
import type { Recorded } from '../../domain/codec.ts';
import { escalatedText, type WaitingCustomer, waitingText } from '../../domain/notifications/staff-group.ts';
import { ticket } from '../../domain/tickets/ticket.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { createReactor, type ReactorDeps } from '../../engine/jobs/reactor.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import type { Clock, JobCheckpoints, StaffGroup } from '../../ports.ts';

export interface StaffGroupDeps extends ReactorDeps {
  readonly handler: Pick<CommandHandler, 'load'>;
  readonly checkpoints: JobCheckpoints;
  readonly group: StaffGroup;
  readonly clock: Clock;
}

/** Of an alert that came sooner the leads know already. */
const LONG_MINUTES = 15;
const FRESH_MS = 3_600_000;

/** Holds the lease `staff-group`. Begins at the end of the store: nobody waits for news of last year. */
export const createStaffGroup = (deps: StaffGroupDeps): Job =>
  createReactor(deps, {
    name: 'staff-group',
    streamPrefixes: ['alerts-', 'ticket-'],
    position: { checkpoints: deps.checkpoints, firstRun: 'end of store', wrongStore: 'stay off' },
    start: ({ signal }) => ({ handle: (event) => tell(deps, event, signal) }),
  });

async function tell(deps: StaffGroupDeps, event: Recorded, signal: AbortSignal): Promise<void> {
  if (deps.clock.now().getTime() - Date.parse(event.metadata.at) > FRESH_MS) return;
  const text = await textOf(deps, event);
  if (text === null) return;
  const refused = await deps.group.tell(text, signal);
  if (refused !== null)
    deps.log.warn({ code: refused, job: 'staff-group' }, 'the group of staff was not told');
}

async function textOf(deps: StaffGroupDeps, { type, data }: Recorded): Promise<string | null> {
  if (type === 'QueueAlertRaised' && data.minutes >= LONG_MINUTES)
    return waitingText(
      data.minutes,
      await Promise.all(data.tickets.map((one) => customerOf(deps, one.ticketId))),
    );
  // With a reason it is an agent who left, and the queue says the rest.
  if (type === 'TicketWithdrawn' && data.because === undefined)
    return escalatedText(await customerOf(deps, data.ticketId));
  return null;
}

async function customerOf({ handler }: StaffGroupDeps, ticketId: string): Promise<WaitingCustomer> {
  const found = await handler.load(ticket, ticketId);
  if (found.status === 'absent') return { division: '', name: null };
  const { known } = await currentCustomer(handler, found.customerKey);
  return { division: found.division, name: known.status === 'known' ? known.name : null };
}
