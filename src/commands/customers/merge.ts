/**
 * Two customers turn out to be one (docs/design/business-rules.md#two-customers-who-are-one). The younger one's stream decides it
 * and says nothing more after that; everything else follows from it, may be done any number of times, and is finished by
 * whoever meets it first: a message, the next command, or the job (`src/jobs/customers/merges.ts`).
 */
import { z } from 'zod';
import {
  type CurrentCustomer,
  customer,
  type CustomerEvent,
  isKnownAs,
  type KnownCustomer,
  type MergedCustomer,
} from '../../domain/customers/customer.ts';
import { olderFirst } from '../../domain/customers/merge.ts';
import { Refusal } from '../../domain/refusals.ts';
import { ticket } from '../../domain/tickets/ticket.ts';
import { uuid } from '../../domain/vocabulary.ts';
import type { BlindIndex, Clock, Position } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import { decideTicketContact } from '../inbound/follow-contact.ts';
import { isBeingReopened } from '../tickets/reopen.ts';
import {
  currentCustomer,
  type MeantCustomer,
  MOST_TICKETS,
  onCustomer,
  requireCustomer,
  type ResolvedCustomer,
} from './current-customer.ts';
import {
  decideAbsorb,
  decideEraseMerged,
  decideJoin,
  decideMerge,
  decideTakeUp,
  decideTicketCustomer,
  type MergeWish,
} from './decide-merge.ts';
import { showOffers } from './opt-out.ts';
import type { CommandHandler, Decided, EventContext } from '../../engine/commands/command-handler.ts';

export interface MergeDeps {
  readonly handler: CommandHandler;
  readonly blindIndex: BlindIndex;
}

/** Others may merge or write in the same moment. */
const MAX_ATTEMPTS = 10;

/**
 * @param keys of two streams. Nothing happens when they lead to the same customer, or one of them to nobody
 * @returns who they are together
 * @throws Refusal BUSY after so many lost races; StoreUnavailable
 */
export async function mergeCustomers(
  deps: MergeDeps,
  [a, b]: readonly [string, string],
  eventContext: EventContext,
  wish: MergeWish,
): Promise<ResolvedCustomer> {
  const { handler } = deps;
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const [one, other] = [await currentCustomer(handler, a), await currentCustomer(handler, b)];
    if (one.customerKey === other.customerKey || one.known.status === 'unknown') return one;
    if (other.known.status === 'unknown') return one;
    const [older, younger] = olderFirst(one.known, other.known);
    const { state } = await handler.executeCommand(customer, younger.key, eventContext, (now) =>
      decideMerge(now, younger, older, wish),
    );
    if (state.status !== 'merged') continue;
    await finishMerge(deps, younger.key, eventContext);
  }
  throw new Refusal('BUSY');
}

/** Does what follows from a merge. @throws Refusal BUSY; StoreUnavailable */
export async function finishMerge(deps: MergeDeps, key: string, eventContext: EventContext): Promise<void> {
  const { handler, blindIndex } = deps;
  const merged = await handler.load(customer, key);
  if (merged.status !== 'merged') return;
  const owner = await absorb(handler, key, merged, eventContext);
  if (owner === null) {
    await handler.executeCommand(customer, key, eventContext, (state) =>
      decideEraseMerged(state, (division, id) => blindIndex('ordering', `${division} ${id}`), null),
    );
    return;
  }
  // The current one is the last, so that it tells whether all of this was done.
  const { currentTicketId } = merged.was;
  const others = merged.was.ticketIds.filter((id) => id !== currentTicketId);
  for (const id of [...others, ...(currentTicketId === null ? [] : [currentTicketId])])
    await handler.executeCommand(ticket, id, eventContext, (state) => decideTicketCustomer(state, owner));
  await showOnTickets(handler, owner, merged, eventContext);
  if (merged.joinTickets) await joinTickets(handler, owner, eventContext);
}

/** @returns who stays, with what they have since; null: they were erased, and who came instead is somebody else */
async function absorb(
  handler: CommandHandler,
  key: string,
  merged: MergedCustomer,
  eventContext: EventContext,
): Promise<KnownCustomer | null> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const { customerKey, known } = await currentCustomer(handler, merged.into.customerKey);
    if (known.status === 'unknown' || !isKnownAs(known, merged.into.customerId)) return null;
    if (isKnownAs(known, merged.id)) return known;
    const own = await hasOpenTicket(handler, known);
    const theirs = await hasOpenTicket(handler, merged.was);
    const decided = await onCustomer(handler, customerKey, eventContext, (state) =>
      decideAbsorb(state, key, merged, { own, theirs, of: known }),
    );
    if (decided.state.status === 'known' && isKnownAs(decided.state, merged.id)) return decided.state;
  }
  throw new Refusal('BUSY');
}

/** One that is not opened yet is about to be: somebody's first message is under way. */
async function hasOpenTicket(handler: CommandHandler, known: KnownCustomer): Promise<boolean> {
  if (known.currentTicketId === null) return false;
  const current = await handler.load(ticket, known.currentTicketId);
  return current.status !== 'closed' || isBeingReopened(known, current);
}

/** Their tickets show what they are called since, and that they want no offers. */
async function showOnTickets(
  handler: CommandHandler,
  owner: KnownCustomer,
  merged: MergedCustomer,
  eventContext: EventContext,
): Promise<void> {
  const current = owner.currentTicketId;
  if (current !== null && !merged.was.ticketIds.includes(current)) {
    // Once: the ticket does not know what it shows.
    const once = { ...eventContext, key: `merge ${merged.id}` };
    await handler.executeCommand(ticket, current, once, (state) =>
      decideTicketContact(state, owner.name, owner.phone),
    );
  }
  await showOffers(handler, owner, eventContext);
}

/** All that is open goes on in the current ticket. */
async function joinTickets(
  handler: CommandHandler,
  owner: KnownCustomer,
  eventContext: EventContext,
): Promise<void> {
  const keptId = owner.currentTicketId;
  if (keptId === null) return;
  for (const id of owner.ticketIds.slice(-MOST_TICKETS).filter((one) => one !== keptId)) {
    const other = await handler.load(ticket, id);
    if (other.status === 'absent' || other.status === 'closed') continue;
    const kept = await handler.executeCommand(ticket, keptId, eventContext, (state) =>
      decideTakeUp(state, other, eventContext.at),
    );
    if (kept.state.status === 'absent' || kept.state.status === 'closed') return;
    await handler.executeCommand(ticket, id, eventContext, (state) => decideJoin(state, keptId));
  }
}

/** A process may have ended in the middle of a merge, and a first message may have opened a ticket beside it. */
export async function finishMergeWhereLeft(
  deps: MergeDeps,
  key: string,
  merged: MergedCustomer,
  eventContext: EventContext,
): Promise<void> {
  const { handler } = deps;
  const { known } = await currentCustomer(handler, key);
  if (known.status === 'known' && isKnownAs(known, merged.id)) {
    const id = merged.was.currentTicketId;
    const current = id === null ? null : await handler.load(ticket, id);
    const isJoined =
      current === null ||
      current.status === 'absent' ||
      current.status === 'closed' ||
      !merged.joinTickets ||
      current.id === known.currentTicketId;
    const isTheirs = current === null || current.status === 'absent' || current.customerId === known.id;
    if (isJoined && isTheirs) return;
  }
  await finishMerge(deps, key, eventContext);
}

/**
 * Who is meant by an id, also when they were merged a moment ago: then who stays hears of it first, so that they are known under
 * this id, too, and what is decided now is not undone by what follows from the merge.
 * @throws Refusal BUSY; StoreUnavailable
 */
export async function whoIsMeant(
  deps: MergeDeps,
  { customerKey }: Pick<MeantCustomer, 'customerKey'>,
  eventContext: EventContext,
): Promise<ResolvedCustomer> {
  const own = await deps.handler.load(customer, customerKey);
  if (own.status === 'known') return { customerKey, known: own };
  // Several commands change one ticket: none of them may take the answer of another for its own.
  if (own.status === 'merged')
    await finishMergeWhereLeft(deps, customerKey, own, { ...eventContext, key: undefined });
  return currentCustomer(deps.handler, customerKey);
}

/** Decides on who is meant, also when they are merged meanwhile. @throws as `executeCommand` */
export async function onMeantCustomer(
  deps: MergeDeps,
  who: Pick<MeantCustomer, 'customerKey'>,
  eventContext: EventContext,
  decide: (state: CurrentCustomer) => readonly CustomerEvent[],
): Promise<Decided<CurrentCustomer, CustomerEvent>> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const { customerKey } = await whoIsMeant(deps, who, eventContext);
    const { state, ...decided } = await deps.handler.executeCommand(
      customer,
      customerKey,
      eventContext,
      (now) => (now.status === 'merged' ? [] : decide(now)),
    );
    if (state.status !== 'merged') return { ...decided, state };
  }
  throw new Refusal('BUSY');
}

// ---------------------------------------------------------------- by a person of staff

export const input = z.strictObject({ customer_id: uuid, join_tickets: z.boolean().optional() });

/**
 * Both must be customers of one division, on one channel: a ticket is answered where it began.
 * @throws Refusal CUSTOMER_NOT_FOUND, CUSTOMERS_NOT_MERGEABLE
 */
export function requireMergeable(one: KnownCustomer, other: KnownCustomer): void {
  if (one.division !== other.division || one.channel !== other.channel)
    throw new Refusal('CUSTOMERS_NOT_MERGEABLE');
}

export const merge =
  ({ handler, blindIndex, clock }: MergeDeps & { readonly clock: Clock }) =>
  async (
    ctx: CommandContext,
    [a, b]: readonly [MeantCustomer, MeantCustomer],
    joinTickets: boolean,
  ): Promise<{ position: Position }> => {
    // Several commands change one ticket: none of them may take the answer of another for its own.
    const eventContext = { ...eventContextOf(ctx, clock), key: undefined };
    const known = await Promise.all(
      [a, b].map(async (who) =>
        requireCustomer(
          (await whoIsMeant({ handler, blindIndex }, who, eventContext)).known,
          who.customerId,
          ctx.caller,
        ),
      ),
    );
    const [one, other] = known as [KnownCustomer, KnownCustomer];
    requireMergeable(one, other);
    const wish = { because: 'agent', joinTickets } as const;
    // The answer shows all of it: the tickets are changed after the customer.
    let last: Position = '';
    const watched: CommandHandler = {
      ...handler,
      executeCommand: async (...args) => {
        const decided = await handler.executeCommand(...args);
        if (decided.position > last) last = decided.position;
        return decided;
      },
    };
    const { customerKey, known: merged } = await mergeCustomers(
      { handler: watched, blindIndex },
      [one.key, other.key],
      eventContext,
      wish,
    );
    // Where it stands by now, also when somebody else merged them.
    await onCustomer(watched, customerKey, eventContext, () => []);
    const current = merged.status === 'known' ? merged.currentTicketId : null;
    if (current !== null) await watched.executeCommand(ticket, current, eventContext, () => []);
    return { position: last };
  };
