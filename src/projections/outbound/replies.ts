/**
 * Which reply a ticket's first answer, its deadline and its turn rest on (docs/design/business-rules.md#failed-replies): one
 * that failed counts as none, whatever came in between. Pure.
 */
import { advances } from '../../domain/outbound/furthest.ts';
import type { DeliveryStatus } from '../../domain/vocabulary.ts';
import type { Actor } from '../../ports.ts';
import { storable } from '../../engine/sql/postgres-text.ts';
import type { StoredTicket } from '../tickets/ticket-object.ts';

/** A message of a person of ours, and how far it came. */
interface Said {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly status: DeliveryStatus;
  /** It may be the first answer. */
  readonly answers: boolean;
  /** By who has the ticket now: it stops their timer. */
  readonly locks: boolean;
  /** Nothing came from the customer since. */
  readonly isLast: boolean;
  /** Since when the customer waited for it; null: they did not. */
  readonly waited: string | null;
}

/** What a row keeps besides its card, as JSON. Ids and times only, but for the note. */
export interface Kept {
  readonly replyBy: string | null;
  /** The newest ones, and the one that the first answer rests on. */
  readonly said: readonly Said[];
  /** What the person wrote who gave the ticket to its agent. */
  readonly note: { readonly text: string; readonly by: string | null; readonly at: string } | null;
}

export const NOTHING_KEPT: Kept = { replyBy: null, said: [], note: null };

/** @returns null where nobody wrote one */
export const noteOf = (text: string | null, actor: Actor, at: string): Kept['note'] =>
  text === null ? null : { text: storable(text), by: actor.kind === 'user' ? actor.id : null, at };

type Card = Pick<
  StoredTicket,
  'first_reply_at' | 'response_due_at' | 'status' | 'queue_status' | 'waiting_since'
>;

const MOST_SAID = 8;

const arrived = ({ status }: Said): boolean => status !== 'failed';

/** A person of ours wrote. */
export function afterSaid(kept: Kept, said: Pick<Said, 'id' | 'at' | 'answers' | 'locks' | 'waited'>): Kept {
  const all = [...kept.said, { ...said, status: 'queued' as const, isLast: true }];
  const firstAnswer = all.find((each) => each.answers && arrived(each));
  const dropped = all.length > MOST_SAID ? all.find((each) => each !== firstAnswer) : undefined;
  return { ...kept, said: all.filter((each) => each !== dropped) };
}

/** The customer wrote: what was said before rests no turn any more. */
export const afterCustomer = (kept: Kept): Kept =>
  kept.said.some(({ isLast }) => isLast)
    ? { ...kept, said: kept.said.map((one) => ({ ...one, isLast: false })) }
    : kept;

/** Somebody else has the ticket, or nobody. */
export const afterMove = (kept: Kept, replyBy: string | null, note: Kept['note']): Kept => ({
  ...kept,
  replyBy,
  note,
  said: kept.said.map((one) => ({ ...one, locks: false })),
});

/** @returns the card and what is kept after a report on one message; the same objects when it changes nothing */
export function afterReport<C extends Card>(
  card: C,
  kept: Kept,
  messageId: string,
  status: DeliveryStatus,
): { readonly card: C; readonly kept: Kept } {
  const before = kept.said.find(({ id }) => id === messageId);
  if (!before || !advances(before.status, status)) return { card, kept };
  const after = { ...before, status };
  const said = kept.said.map((one) => (one === before ? after : one));
  const changed = { ...kept, said };
  if (arrived(before) === arrived(after)) return { card, kept: changed };
  return { card: resting(card, kept, changed, !arrived(after)), kept: changed };
}

function resting<C extends Card>(card: C, before: Kept, after: Kept, hasFailed: boolean): C {
  const firstOf = ({ said }: Kept) => said.find((one) => one.answers && arrived(one))?.at ?? null;
  // An answer that is not among those kept stays what it is.
  const first_reply_at = card.first_reply_at === firstOf(before) ? firstOf(after) : card.first_reply_at;
  const isOpen = card.queue_status === 'assigned' && card.status !== 'closed';
  const locked = after.said.some((one) => one.locks && arrived(one));
  const response_due_at = isOpen && after.replyBy !== null && !locked ? after.replyBy : null;
  const rests = after.said.some((one) => one.isLast && arrived(one));
  let { status, waiting_since } = card;
  if (status === 'closed') return { ...card, first_reply_at, response_due_at };
  if (hasFailed && !rests) {
    if (status === 'awaiting_response') status = 'in_progress';
    waiting_since ??= after.said.find((one) => one.isLast && one.waited !== null)?.waited ?? null;
  } else if (!hasFailed && rests) {
    if (status === 'in_progress') status = 'awaiting_response';
    waiting_since = null;
  }
  return { ...card, first_reply_at, response_due_at, status, waiting_since };
}
