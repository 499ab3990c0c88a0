/**
 * A blast, up to its approval (docs/design/api.md#blast). Who is among the recipients was looked up before, in the
 * read tables.
 */
import { z } from 'zod';
import { because, UNIQUE } from '../../domain/problems.ts';
import {
  blast,
  type Blast,
  type BlastEvent,
  type BlastFacts,
  contentHash,
} from '../../domain/blasts/blast.ts';
import { Refusal } from '../../domain/refusals.ts';
import { TEMPLATES_ID, templates } from '../../domain/blasts/template.ts';
import { uuid } from '../../domain/vocabulary.ts';
import type { Clock, Ids } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import { blastFilter, MAX_RECIPIENTS } from './blast-filter.ts';
import { personalText, requireUsable } from './template-catalogue.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

export const input = z
  .strictObject({
    recipients: z
      .array(uuid)
      .min(1)
      .max(MAX_RECIPIENTS)
      .refine((ids) => new Set(ids).size === ids.length, UNIQUE)
      .optional(),
    filter: blastFilter.optional(),
    template_id: uuid,
    message: personalText(4096),
  })
  .refine(({ recipients, filter }) => (recipients === undefined) !== (filter === undefined), {
    path: ['recipients'],
    ...because('ONE_OF', 'Pilih penerima atau isi saringan, salah satu saja', {
      fields: ['recipients', 'filter'],
    }),
  });
export type CreateBlastInput = z.infer<typeof input>;

/** A ticket that the creator may see. */
export interface RecipientCandidate {
  readonly ticketId: string;
  readonly customerId: string;
  readonly division: BlastFacts['recipients'][number]['division'];
  readonly category: BlastFacts['recipients'][number]['category'];
  /** When the customer wrote last; null: never. */
  readonly lastCustomerMessageAt: string | null;
}

/** At most so many recipients are named in a refusal. */
const MAX_DETAILS = 20;

/**
 * A recipient has written before, and no customer is among them twice: nobody gets a blast twice.
 * @throws Refusal BLAST_RECIPIENTS_REFUSED, with one detail for each wrong recipient
 */
export function requireRecipients(candidates: readonly RecipientCandidate[]): BlastFacts['recipients'] {
  const firstOf = new Map<string, number>();
  const wrong: { path: string; message: string }[] = [];
  for (const [n, { customerId, lastCustomerMessageAt }] of candidates.entries()) {
    const path = `recipients.${String(n)}`;
    const first = firstOf.get(customerId);
    if (lastCustomerMessageAt === null) wrong.push({ path, message: 'Pelanggan belum pernah menulis' });
    else if (first !== undefined)
      wrong.push({ path, message: `Pelanggan yang sama dengan recipients.${String(first)}` });
    else firstOf.set(customerId, n);
  }
  if (wrong.length > 0) throw new Refusal('BLAST_RECIPIENTS_REFUSED', wrong.slice(0, MAX_DETAILS));
  return candidates.map(({ ticketId, customerId, division, category }) => ({
    ticketId,
    customerId,
    division,
    category,
  }));
}

export function decideCreateBlast(state: Blast, facts: Omit<BlastFacts, 'hash'>): BlastEvent[] {
  if (state.status !== 'absent') return [];
  return [{ type: 'BlastCreated', data: { ...facts, hash: contentHash(facts) } }];
}

export const createBlast =
  ({ handler, clock, ids }: { handler: CommandHandler; clock: Clock; ids: Ids }) =>
  async (
    ctx: CommandContext,
    { message, template_id }: CreateBlastInput,
    /** In the order of the request. */
    candidates: readonly RecipientCandidate[],
    /** Who may approve it. */
    approvers: readonly string[],
  ) => {
    const { id, name, language, body, whatsappName, contentSid } = requireUsable(
      (await handler.load(templates, TEMPLATES_ID)).byId.get(template_id),
    );
    const recipients = requireRecipients(candidates);
    // The same key makes the same blast.
    const blastId = ctx.key === undefined ? ids.next() : ids.from('blast', ctx.key);
    const { position } = await handler.executeCommand(blast, blastId, eventContextOf(ctx, clock), (state) =>
      decideCreateBlast(state, {
        blastId,
        creatorId: ctx.caller.id,
        creatorRole: ctx.caller.role,
        message,
        template: { id, name, language, body, whatsappName, ...(contentSid != null && { contentSid }) },
        recipients,
        approvers: approvers.filter((one) => one !== ctx.caller.id),
      }),
    );
    return { blast_id: blastId, recipient_count: recipients.length, status: 'pending' as const, position };
  };
