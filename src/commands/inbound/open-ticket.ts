/**
 * Finds the customer's open ticket, or opens one (docs/design/business-rules.md#opening-a-ticket and
 * docs/design/business-rules.md#routing).
 */
import { divisionAggregate } from '../../domain/settings/division.ts';
import { customer, type Customer, type CustomerEvent } from '../../domain/customers/customer.ts';
import { cutName } from '../../domain/customers/name.ts';
import type { Inbound, InboundMessage } from '../../domain/inbound/inbound.ts';
import { openAt } from '../../domain/settings/office-hours.ts';
import { Refusal } from '../../domain/refusals.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import { user } from '../../domain/staff/user.ts';
import type { Ids } from '../../ports.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';
import { finishReopening, isBeingReopened } from '../tickets/reopen.ts';
import type { ResolvedCustomer } from './resolve-customer.ts';

interface Deps {
  readonly handler: CommandHandler;
  readonly ids: Ids;
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
  if (state.currentTicketId !== lookedUpTicketId || state.currentTicketId === newIds.ticketId) return [];
  if (state.resumed !== lookedUpResumed) return [];
  return [
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
 * @returns the open ticket this message belongs to
 * @throws Refusal BUSY after so many lost races; StoreUnavailable
 */
export async function openTicketFor(
  deps: Deps,
  message: InboundMessage,
  { customerKey, known: found }: ResolvedCustomer,
  key: string,
  eventContext: EventContext,
): Promise<TicketOfMessage> {
  const { handler, ids } = deps;
  const newIds = { customerKey, customerId: ids.next(), ticketId: ids.next() };
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const known = attempt === 0 ? found : await handler.load(customer, customerKey);
    const currentId = known.status === 'known' ? known.currentTicketId : null;
    const current = currentId === null ? null : await handler.load(ticket, currentId);
    if (currentId !== null && current?.status === 'absent') {
      // A crash came between the customer's stream and the ticket's: finish it.
      await openTicket(deps, message, currentId, await handler.load(customer, customerKey), eventContext);
      return { ticketId: currentId, found: ticket.initial, isNew: false };
    }
    if (currentId !== null && current && current.status !== 'closed')
      return { ticketId: currentId, found: current, isNew: false };
    if (currentId !== null && current && isBeingReopened(known, current))
      return {
        ticketId: currentId,
        found: await finishReopening(handler, currentId, eventContext),
        isNew: false,
      };
    const resumed = known.status === 'known' ? known.resumed : null;
    const { events, state } = await handler.executeCommand(customer, customerKey, eventContext, (before) =>
      decideStartTicket(before, message, newIds, currentId, resumed),
    );
    if (events.length === 0) continue;
    // Its id was made here, and is known to nobody before the customer's stream had it.
    await openTicket(deps, message, newIds.ticketId, state, { ...eventContext, streamIsNew: true });
    return { ticketId: newIds.ticketId, found: ticket.initial, isNew: true };
  }
  throw new Refusal('BUSY', [{ path: key, message: 'the customer kept changing' }]);
}

async function openTicket(
  deps: Deps,
  message: InboundMessage,
  ticketId: string,
  known: Customer,
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
      customerName: message.userName ?? (known.name === null ? null : cutName(known.name)),
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
  { division, isOfficeHours, sentAt }: Inbound,
): Promise<boolean> {
  if (isOfficeHours !== null) return !isOfficeHours;
  const { hours } = await handler.load(divisionAggregate, division);
  const open = openAt(
    hours.filter(({ isActive }) => isActive),
    timezone,
  );
  return !open(new Date(sentAt));
}
