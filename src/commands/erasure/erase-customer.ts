/**
 * Erases a customer (Indonesian law 27/2022): the decision is on their own stream, a list keeps it for every later start, and
 * then their key is destroyed. What they wrote leaves every other place because of the events: read tables in
 * `src/projections/erasure/with-erasure.ts`, everything else in `src/jobs/erasure/erasure-job.ts`.
 */
import { z } from 'zod';
import {
  type AbsorbedCustomer,
  customer,
  type Customer,
  type CustomerEvent,
} from '../../domain/customers/customer.ts';
import { type Erasure, erasures, ERASURES_ID } from '../../domain/erasure/erasures.ts';
import { UndecodableEvent } from '../../domain/codec.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type Caller, covers } from '../../domain/staff/privileges.ts';
import { ticket } from '../../domain/tickets/ticket.ts';
import type { BlindIndex, Clock, PersonalKeys, Position, RememberAtProviders } from '../../ports.ts';
import { decideEraseMerged } from '../customers/decide-merge.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler, Decided, EventContext } from '../../engine/commands/command-handler.ts';

export const input = {
  /** Without a name or a number: an erasure does not remove it. */
  reason: z.string().trim().min(1).max(200).nullable().optional(),
};

export interface CustomerToErase {
  readonly customerId: string;
  readonly customerKey: string;
  readonly reason: string | null;
  /** They were erased before, and a backup brought them back: an open ticket is no reason to wait. */
  readonly again?: boolean;
  /** From the first erasure: their channel id can no longer be read. */
  readonly orderingKey?: string | undefined;
}

/**
 * No event when they are erased already, also when the same person is a new customer by now.
 * @param hasOpenTicket whether their current ticket is open
 * @throws Refusal CUSTOMER_NOT_FOUND (a customer of another division is as unknown as none), CUSTOMER_HAS_OPEN_TICKET:
 *   somebody is talking with them
 */
export function decideEraseCustomer(
  state: Customer,
  { customerId, reason, again = false, orderingKey: known }: CustomerToErase,
  hasOpenTicket: boolean,
  orderingKeyOf: (division: string, channelUserId: string) => string,
  caller: Pick<Caller, 'role' | 'division'>,
): CustomerEvent[] {
  const of = state.status === 'unknown' ? state.erased?.facts.division : state.division;
  if (of === undefined || !covers(caller, of)) throw new Refusal('CUSTOMER_NOT_FOUND');
  if (state.status === 'unknown' || state.id !== customerId) return [];
  if (hasOpenTicket && !again) throw new Refusal('CUSTOMER_HAS_OPEN_TICKET');
  const facts = state.status === 'merged' ? state.was : state;
  const { key: customerKey, division, ticketIds, channelUserId, absorbed } = facts;
  const orderingKey = known ?? orderingKeyOf(division, channelUserId);
  return [
    {
      type: 'CustomerErased',
      data: {
        ...{ customerId, customerKey, division, ticketIds: [...ticketIds], orderingKey, reason },
        ...(absorbed.length > 0 && { absorbed: [...absorbed] }),
      },
    },
  ];
}

export interface EraseDeps {
  readonly handler: CommandHandler;
  readonly clock: Clock;
  readonly blindIndex: BlindIndex;
  readonly keys: Pick<PersonalKeys, 'destroy'>;
  /** Their providers are asked later to delete what they have. */
  readonly rememberAtProviders: RememberAtProviders;
}

/** What an erasure is carried out with. */
export type CarryOutDeps = Pick<EraseDeps, 'handler' | 'keys'>;

/** Puts the erasure on the list and destroys the key. May run any number of times. @throws StoreUnavailable */
export async function carryOut(
  { handler, keys }: CarryOutDeps,
  erased: Erasure,
  eventContext: EventContext,
): Promise<Position> {
  const { customerId, customerKey, division, ticketIds, orderingKey } = erased;
  const { position } = await handler.executeCommand(erasures, ERASURES_ID, eventContext, ({ customers }) =>
    customers.has(customerId)
      ? []
      : [{ type: 'ErasureListed', data: { customerId, customerKey, division, ticketIds, orderingKey } }],
  );
  await keys.destroy([customerId]);
  return position;
}

/**
 * Whether somebody may be talking with them in this ticket. In one that cannot be read nobody can: every command on it is
 * refused, and the wish of the customer does not wait until a person has looked (docs/design/reliability.md#parked-streams).
 * @throws StoreUnavailable
 */
async function isOpen(handler: Pick<CommandHandler, 'load'>, ticketId: string): Promise<boolean> {
  try {
    return (await handler.load(ticket, ticketId)).status !== 'closed';
  } catch (error) {
    if (error instanceof UndecodableEvent) return false;
    throw error;
  }
}

interface WholePerson {
  readonly target: CustomerToErase;
  /** Whom the last one was called before: they may not have been taken in yet. */
  readonly before: readonly AbsorbedCustomer[];
}

/** Somebody who was merged into another is that other one: all of them is erased. */
async function whoTheyAre(
  handler: Pick<CommandHandler, 'load'>,
  asked: CustomerToErase,
): Promise<WholePerson> {
  const before: AbsorbedCustomer[] = [];
  let { customerId, customerKey } = asked;
  for (;;) {
    const named = await handler.load(customer, customerKey);
    const isNew = before.every((one) => one.customerKey !== customerKey);
    if (named.status !== 'merged' || named.id !== customerId || !isNew)
      return { target: { ...asked, customerId, customerKey }, before };
    before.push({ customerId, customerKey });
    ({ customerId, customerKey } = named.into);
  }
}

/**
 * Whoever turned out to be this customer: what they brought has keys of its own. May run any number of times.
 * @throws StoreUnavailable
 */
export async function eraseAbsorbed(
  deps: CarryOutDeps & Pick<EraseDeps, 'blindIndex' | 'rememberAtProviders'>,
  {
    absorbed = [],
    reason,
  }: Pick<Extract<CustomerEvent, { type: 'CustomerErased' }>['data'], 'absorbed' | 'reason'>,
  eventContext: EventContext,
): Promise<Position[]> {
  const { handler, blindIndex } = deps;
  const positions: Position[] = [];
  for (const { customerId, customerKey } of absorbed) {
    const known = await handler.load(customer, customerKey);
    if (known.status === 'merged' && known.id === customerId)
      await deps.rememberAtProviders({ customerId, customerKey, ticketIds: known.was.ticketIds });
    const { state, position } = await handler.executeCommand(customer, customerKey, eventContext, (now) =>
      decideEraseMerged(now, (division, userId) => blindIndex('ordering', `${division} ${userId}`), reason),
    );
    positions.push(position);
    if (state.status === 'unknown' && state.erased?.id === customerId)
      positions.push(await carryOut(deps, state.erased.facts, eventContext));
  }
  return positions;
}

/** Others may merge them in the same moment. */
const MAX_ATTEMPTS = 10;

/**
 * @returns the moment of the decision, now or before, and the position of its last event
 * @throws Refusal CUSTOMER_NOT_FOUND, CUSTOMER_HAS_OPEN_TICKET, BUSY; StoreUnavailable
 */
export const eraseCustomer =
  (deps: EraseDeps) =>
  async (ctx: CommandContext, asked: CustomerToErase): Promise<{ erased_at: string; position: Position }> => {
    const { handler, clock } = deps;
    const eventContext = eventContextOf(ctx, clock);
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const { target, before } =
        asked.again === true ? { target: asked, before: [] } : await whoTheyAre(handler, asked);
      const { state, position } = await decideOn(deps, ctx, target, eventContext);
      if (state.status === 'merged' && asked.again !== true) continue;
      const erased = state.status === 'unknown' ? state.erased : null;
      if (erased?.id !== target.customerId) return { erased_at: eventContext.at, position };
      const listed = await carryOut(deps, erased.facts, eventContext);
      const { absorbed = [], reason } = erased.facts;
      const left = before.filter(({ customerId: id }) => absorbed.every((one) => one.customerId !== id));
      const others = await eraseAbsorbed(deps, { absorbed: [...absorbed, ...left], reason }, eventContext);
      const last = [position, listed, ...others].reduce((a, b) => (b > a ? b : a));
      return { erased_at: eventContext.at, position: last };
    }
    throw new Refusal('BUSY');
  };

/** Decides nothing on somebody who is another one since the look-up. */
async function decideOn(
  { handler, blindIndex, rememberAtProviders }: EraseDeps,
  ctx: CommandContext,
  target: CustomerToErase,
  eventContext: EventContext,
): Promise<Decided<Customer, CustomerEvent>> {
  const known = await handler.load(customer, target.customerKey);
  const currentId = known.status === 'known' ? known.currentTicketId : null;
  const currentIsOpen = currentId !== null && (await isOpen(handler, currentId));
  // Before it is decided: from then on nobody can read what to ask their providers for.
  const { customerId, customerKey } = target;
  if (known.status === 'known' && known.id === customerId && (!currentIsOpen || target.again === true))
    await rememberAtProviders({ customerId, customerKey, ticketIds: known.ticketIds });
  return handler.executeCommand(customer, customerKey, eventContext, (now) => {
    if (now.status === 'merged' && target.again !== true) return [];
    // A ticket that started after the look-up is open.
    const same = now.status === 'known' && now.currentTicketId === currentId;
    const open = !same || currentIsOpen;
    return decideEraseCustomer(
      now,
      target,
      open,
      (division, userId) => blindIndex('ordering', `${division} ${userId}`),
      ctx.caller,
    );
  });
}

export type EraseCustomer = ReturnType<typeof eraseCustomer>;
