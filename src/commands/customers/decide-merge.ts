/** The decisions of a merge (docs/design/business-rules.md#two-customers-who-are-one). Pure. */
import { botChanges } from '../../domain/crm/change.ts';
import { CRM_STAGES } from '../../domain/vocabulary.ts';
import { type Crm, crmUpdated, isDecided } from '../../domain/crm/crm.ts';
import type {
  Customer,
  CustomerEvent,
  KnownCustomer,
  MergedCustomer,
} from '../../domain/customers/customer.ts';
import { isKnownAs } from '../../domain/customers/customer.ts';
import { absorbedData, type OpenOfBoth } from '../../domain/customers/merge.ts';
import {
  type ExistingTicket,
  priorityOf,
  type Ticket,
  type TicketEvent,
} from '../../domain/tickets/ticket.ts';

export interface MergeWish {
  /** Who says that they are one. */
  readonly because: 'channel' | 'agent';
  /** Two open tickets become one. */
  readonly joinTickets: boolean;
}

/** The younger of the two. No event when they are no longer who they were at the look-up. */
export function decideMerge(
  state: Customer,
  younger: KnownCustomer,
  older: KnownCustomer,
  { because, joinTickets }: MergeWish,
): CustomerEvent[] {
  if (state.status !== 'known' || state.id !== younger.id) return [];
  const data = { customerId: younger.id, into: older.id, intoKey: older.key, because, joinTickets };
  return [{ type: 'CustomerMerged', data }];
}

/** What was looked up before it is decided what the one who stays has. */
export interface BothTickets extends OpenOfBoth {
  readonly of: KnownCustomer;
}

/** The older of the two, once. No event when their current ticket is another one than at the look-up. */
export function decideAbsorb(
  state: Customer,
  key: string,
  merged: MergedCustomer,
  tickets: BothTickets,
): CustomerEvent[] {
  if (state.status !== 'known' || isKnownAs(state, merged.id)) return [];
  const { of } = tickets;
  const isSame =
    state.id === of.id && state.currentTicketId === of.currentTicketId && state.resumed === of.resumed;
  return isSame ? [{ type: 'CustomerAbsorbed', data: absorbedData(state, key, merged, tickets) }] : [];
}

/** A ticket that came along is theirs, and shows what they are called. */
export function decideTicketCustomer(state: Ticket, owner: KnownCustomer): TicketEvent[] {
  if (state.status === 'absent' || state.customerId === owner.id) return [];
  const about = { ticketId: state.id, division: state.division };
  const { id: customerId, key: customerKey, name: customerName, phone: customerPhone } = owner;
  return [
    { type: 'TicketCustomerChanged', data: { ...about, customerId, customerKey } },
    { type: 'TicketContactChanged', data: { ...about, customerName, customerPhone } },
  ];
}

const isOpen = (state: Ticket): state is Exclude<ExistingTicket, { status: 'closed' }> =>
  state.status !== 'absent' && state.status !== 'closed';

const further = (a: Crm, b: Crm): boolean => CRM_STAGES.indexOf(b.stage) > CRM_STAGES.indexOf(a.stage);

/** What the one ticket knows of the sale and the other does not; who set a field here decided it. */
function crmTaken(kept: ExistingTicket, other: ExistingTicket, at: string): TicketEvent[] {
  const { division, id: ticketId } = kept;
  const missing = Object.fromEntries(
    Object.entries(other.crm.values).filter(
      ([field]) => kept.crm.values[field] === undefined && kept.crm.sources[field] === undefined,
    ),
  );
  const fields = botChanges(division, kept.crm, missing);
  const isFurther = !isDecided(other.crm.stage) && !isDecided(kept.crm.stage) && further(kept.crm, other.crm);
  const stage = { field: 'crm_stage', from: kept.crm.stage, to: other.crm.stage };
  const changes = [...(isFurther ? [stage] : []), ...fields];
  if (changes.length === 0) return [];
  // A person's own values stay a person's: no bot changes them.
  const source = Object.values(other.crm.sources).some((one) => one.source === 'agent') ? 'agent' : 'bot';
  return [crmUpdated({ ticketId, division }, changes, { source, confidence: null, at })];
}

/**
 * The ticket in which the talk goes on takes what the other had: its agent or its place in the queue where it has neither, its
 * tags, and what is known of the sale.
 */
export function decideTakeUp(kept: Ticket, other: Ticket, at: string): TicketEvent[] {
  if (!isOpen(kept) || !isOpen(other) || kept.id === other.id) return [];
  const about = { ticketId: kept.id, division: kept.division };
  const events: TicketEvent[] = [];
  if (kept.status === 'free' && other.status === 'queued') {
    const { label, waitingFor } = other;
    events.push(
      { type: 'HandoffRequested', data: { ...about, reason: null } },
      { type: 'TicketQueued', data: { ...about, label, waitingFor, ...priorityOf(other) } },
    );
  }
  if (kept.status !== 'assigned' && other.status === 'assigned' && other.agentDivision !== null) {
    const { agentId, agentDivision, replyBy } = other;
    const from = kept.status === 'queued' ? 'queue' : 'bot';
    const limit = replyBy === null ? {} : { replyBy };
    events.push({
      type: 'TicketAssigned',
      data: { ...about, agentId, agentDivision, from, note: null, ...limit },
    });
  }
  for (const tag of other.tags)
    if (!kept.tags.includes(tag)) events.push({ type: 'TicketTagged', data: { ...about, tag } });
  return [...events, ...crmTaken(kept, other, at)];
}

/** The other one ends, without a reason: nothing was lost or won. */
export function decideJoin(state: Ticket, keptId: string): TicketEvent[] {
  if (!isOpen(state) || state.id === keptId) return [];
  const { id: ticketId, division } = state;
  return [
    { type: 'TicketClosed', data: { ticketId, division, outcome: 'joined', reason: null, joinedTo: keptId } },
  ];
}

/**
 * The one they were merged into was erased in the same moment: what they brought goes with it.
 * @param orderingKeyOf under which the webhook inbox has what they wrote
 */
export function decideEraseMerged(
  state: Customer,
  orderingKeyOf: (division: string, channelUserId: string) => string,
  reason: string | null,
): CustomerEvent[] {
  if (state.status !== 'merged') return [];
  const { id: customerId, division, was } = state;
  const orderingKey = orderingKeyOf(division, was.channelUserId);
  return [
    {
      type: 'CustomerErased',
      data: {
        ...{ customerId, customerKey: was.key, division, ticketIds: [...was.ticketIds] },
        ...{ orderingKey, reason },
        // Whom they had taken in has keys of their own, and who stays may not have heard of it.
        ...(was.absorbed.length > 0 && { absorbed: [...was.absorbed] }),
      },
    },
  ];
}
