/**
 * Finds the customer's open ticket, or opens one (docs/design/business-rules.md#opening-a-ticket and
 * docs/design/business-rules.md#routing).
 */
import { divisionAggregate } from '../../domain/settings/division.ts';
import {
  type CurrentCustomer,
  customer,
  type Customer,
  type CustomerEvent,
} from '../../domain/customers/customer.ts';
import { cutName } from '../../domain/customers/name.ts';
import type { Inbound, InboundMessage } from '../../domain/inbound/inbound.ts';
import { openAt } from '../../domain/settings/office-hours.ts';
import { Refusal } from '../../domain/refusals.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import { user } from '../../domain/staff/user.ts';
import type { BlindIndex, Ids } from '../../ports.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';
import { finishReopening, isBeingReopened } from '../tickets/reopen.ts';
import { hadAnother, isWrittenJustNow } from './already-written.ts';
import { currentCustomer, onCustomer, type ResolvedCustomer } from '../customers/current-customer.ts';
import { finishMerge } from '../customers/merge.ts';
import { mergeIfLinked } from './resolve-customer.ts';

interface Deps {
  readonly handler: CommandHandler;
  readonly ids: Ids;
  readonly blindIndex: BlindIndex;
  /** IANA name; office hours are local to it. */
  readonly timezone: string;
}

const MAX_ATTEMPTS = 5;

/** The customer's stream decides which ticket is current: two first messages at the same time make one ticket. */
export function decideStartTicket(
  state: Customer,
  message: InboundMessage,
  newIds: { readonly customerKey: string; readonly customerId: string; readonly ticketId: string },
  lookedUpTicketId: string | null,
  lookedUpResumed: number | null = null,
): CustomerEvent[] {
  if (state.status === 'unknown') {
    const { customerId, customerKey, ticketId } = newIds;
    const { division, channel, userId, phone, userName, sentAt: saidAt } = message;
    return [
      {
        type: 'CustomerRegistered',
        data: {
          ...{ customerId, customerKey, division, channel, channelUserId: userId, phone },
          ...{ name: userName, saidAt },
        },
      },
      { type: 'CustomerTicketStarted', data: { customerId, ticketId, previousTicketId: null } },
    ];
  }
  if (state.status === 'merged') return [];
  if (state.currentTicketId !== lookedUpTicketId || state.currentTicketId === newIds.ticketId) return [];
  if (state.resumed !== lookedUpResumed) return [];
  return [
    // Who writes again is back on the list.
    ...(state.archived ? [{ type: 'CustomerUnarchived' as const, data: { customerId: state.id } }] : []),
    {
      type: 'CustomerTicketStarted',
      data: { customerId: state.id, ticketId: newIds.ticketId, previousTicketId: state.currentTicketId },
    },
  ];
}

/**
 * A returning customer waits for the agent who knows them (docs/design/business-rules.md#routing); all others start
 * with the bot.
 */
export function decideOpenTicket(
  state: Ticket,
  opened: Extract<TicketEvent, { type: 'TicketOpened' }>['data'],
): TicketEvent[] {
  if (state.status !== 'absent') return [];
  const { ticketId, division, previousAgentId } = opened;
  const events: TicketEvent[] = [{ type: 'TicketOpened', data: opened }];
  if (previousAgentId !== null) {
    const queued = { ticketId, division, label: 'returning_customer' as const, waitingFor: previousAgentId };
    events.push({ type: 'TicketQueued', data: queued });
  }
  return events;
}

export interface TicketOfMessage {
  readonly ticketId: string;
  /** Its state before the message; absent when it was opened just now. */
  readonly found: Ticket;
  /** It was opened just now, so its conversation begins with this message. */
  readonly isNew: boolean;
}

/**
 * @param messageIds of the message, and of those that go with it
 * @returns the open ticket this message belongs to; null: one of them is in another ticket of the customer already
 * @throws Refusal BUSY after so many lost races; StoreUnavailable
 */
export async function openTicketFor(
  deps: Deps,
  message: InboundMessage,
  resolved: ResolvedCustomer,
  key: string,
  eventContext: EventContext,
  messageIds: readonly string[],
): Promise<TicketOfMessage | null> {
  const { handler, ids } = deps;
  const [customerId, ticketId] = [ids.next(), ids.next()];
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const { customerKey, known } =
      attempt === 0 ? resolved : await currentCustomer(handler, resolved.customerKey);
    const newIds = { customerKey, customerId, ticketId };
    const currentId = known.status === 'known' ? known.currentTicketId : null;
    const current = currentId === null ? null : await handler.load(ticket, currentId);
    if (currentId !== null && current?.status === 'absent') {
      // A crash came between the customer's stream and the ticket's: finish it.
      const { known: owner } = await currentCustomer(handler, customerKey);
      await openTicket(deps, message, currentId, owner, eventContext);
      return { ticketId: currentId, found: ticket.initial, isNew: false };
    }
    const isOpen = current !== null && current.status !== 'closed';
    // It may have been written while another ticket was the current one.
    const mayBeElsewhere = currentId !== null && (!isOpen || hadAnother(known));
    if (mayBeElsewhere && (await isWrittenJustNow(handler, known, messageIds))) return null;
    if (currentId !== null && current && isOpen) return { ticketId: currentId, found: current, isNew: false };
    if (currentId !== null && current && isBeingReopened(known, current))
      return {
        ticketId: currentId,
        found: await finishReopening(handler, currentId, eventContext),
        isNew: false,
      };
    const resumed = known.status === 'known' ? known.resumed : null;
    const { events, state } = await onCustomer(handler, customerKey, eventContext, (before) =>
      decideStartTicket(before, message, newIds, currentId, resumed),
    );
    if (events.length === 0) continue;
    // Its id was made here, and is known to nobody before the customer's stream had it.
    await openTicket(deps, message, ticketId, state, { ...eventContext, streamIsNew: true });
    await afterOpening(deps, customerKey, known, eventContext);
    return { ticketId, found: ticket.initial, isNew: true };
  }
  throw new Refusal('BUSY', [{ path: key, message: 'the customer kept changing' }]);
}

/** A merge in the same moment saw neither the customer nor the ticket: it is finished with both of them. */
async function afterOpening(
  deps: Deps,
  customerKey: string,
  before: CurrentCustomer,
  eventContext: EventContext,
): Promise<void> {
  if (before.status === 'unknown') await mergeIfLinked(deps, customerKey, eventContext);
  const { status } = await deps.handler.load(customer, customerKey);
  if (status === 'merged') await finishMerge(deps, customerKey, eventContext);
}

async function openTicket(
  deps: Deps,
  message: InboundMessage,
  ticketId: string,
  known: CurrentCustomer,
  eventContext: EventContext,
) {
  const { handler } = deps;
  if (known.status === 'unknown') throw new Error(`the customer of ticket ${ticketId} has no stream`);
  const before = known.previousTicketId === null ? null : await handler.load(ticket, known.previousTicketId);
  const earlier = before === null || before.status === 'absent' ? null : before;
  const lastAgentId = earlier?.lastAgentId ?? null;
  const lastAgent = lastAgentId === null ? null : await handler.load(user, lastAgentId);
  const { division, channel, botId, waPhoneId, waDisplayName } = message;
  const isOffHours = await outsideHours(deps, message);
  await handler.executeCommand(ticket, ticketId, eventContext, (state) =>
    decideOpenTicket(state, {
      ticketId,
      division,
      customerId: known.id,
      customerKey: known.key,
      channel,
      botId,
      waPhoneId,
      waDisplayName,
      // An older program kept names of any length.
      customerName:
        (known.nameIsOurs ? null : message.userName) ?? (known.name === null ? null : cutName(known.name)),
      customerPhone: message.phone ?? known.phone,
      isReturningCustomer: lastAgentId !== null || earlier?.isReturningCustomer === true,
      previousAgentId: lastAgent?.status === 'active' ? lastAgentId : null,
      isOffHours,
      ...(known.optedOut && { optedOut: true }),
    }),
  );
}

/** What the item says counts; else the hours of the division (docs/design/business-rules.md#office-hours). */
export async function outsideHours(
  { handler, timezone }: Pick<Deps, 'handler' | 'timezone'>,
  {
    division,
    isOfficeHours = null,
    sentAt,
  }: Pick<Inbound, 'division' | 'sentAt'> & { readonly isOfficeHours?: boolean | null },
): Promise<boolean> {
  if (isOfficeHours !== null) return !isOfficeHours;
  const { hours } = await handler.load(divisionAggregate, division);
  const open = openAt(
    hours.filter(({ isActive }) => isActive),
    timezone,
  );
  return !open(new Date(sentAt));
}
