/**
 * A ticket's lifecycle and decisions (docs/design/business-rules.md#ticket-life). The conversation itself is in
 * `conversation.ts`.
 */
import { z } from 'zod';
import { evolveTalk, NO_TALK, type Talk, talkEvents } from '../chat/talk.ts';
import { type Crm, CrmUpdated, evolveCrm, NO_CRM } from '../crm/crm.ts';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { leaving } from '../routing/who-can-answer.ts';
import type { AssignmentReason } from '../routing/routing-rules.ts';
import {
  channel,
  ERASED,
  division,
  type Division,
  queueLabel,
  type QueueLabel,
  userDivision,
  type UserDivision,
} from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

export const ticketStream = (ticketId: string): string => `ticket-${ticketId}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

const about = { ticketId: z.uuid(), division };

/** Why routing chose this agent; absent where a person chose. */
const reason: z.ZodType<AssignmentReason> = z.discriminatedUnion('rule', [
  z.object({ rule: z.literal('returning_customer') }),
  z.object({ rule: z.literal('fewest_tickets'), load: z.int(), online: z.int() }),
]);

/**
 * Until when the agent must have answered (docs/design/business-rules.md#response-deadline); absent where there is no
 * such limit.
 */
const replyBy = z.iso.datetime().optional();

export const TicketOpened = defineEvent(
  'TicketOpened',
  {
    ...about,
    customerId: z.uuid(),
    /** Id of the customer's stream; holds no phone number. */
    customerKey: z.string(),
    channel,
    botId: z.string().nullable(),
    waPhoneId: z.string().nullable(),
    waDisplayName: z.string().nullable(),
    customerName: z.string().nullable(),
    customerPhone: z.string().nullable(),
    isReturningCustomer: z.boolean(),
    /** The agent who handled the customer before, if any. */
    previousAgentId: z.uuid().nullable(),
    isOffHours: z.boolean(),
    /** The customer wants no offers; absent: they said nothing of it. */
    optedOut: z.literal(true).optional(),
  },
  { personal: ['customerName', 'customerPhone'] },
);
/** What the customer is called and called at, when it came later or changed. */
export const TicketContactChanged = defineEvent(
  'TicketContactChanged',
  { ...about, customerName: z.string().nullable(), customerPhone: z.string().nullable() },
  { personal: ['customerName', 'customerPhone'] },
);
/** Its customer turned out to be another one (docs/design/business-rules.md#two-customers-who-are-one). */
export const TicketCustomerChanged = defineEvent('TicketCustomerChanged', {
  ...about,
  customerId: z.uuid(),
  customerKey: z.string(),
});
/** Its customer wants no more offers, or wants them again: decided on the customer's stream. */
export const TicketOffersChanged = defineEvent('TicketOffersChanged', { ...about, optedOut: z.boolean() });
export const TicketTakenOver = defineEvent('TicketTakenOver', {
  ...about,
  agentId: z.uuid(),
  agentDivision: userDivision,
  replyBy,
});
export const TicketAssigned = defineEvent(
  'TicketAssigned',
  {
    ...about,
    agentId: z.uuid(),
    agentDivision: userDivision,
    /** Who had it: the bot, the queue, or an agent's id. */
    from: z.string(),
    note: z.string().nullable(),
    reason: reason.optional(),
    replyBy,
  },
  { personal: ['note'] },
);
export const TicketReassigned = defineEvent(
  'TicketReassigned',
  {
    ...about,
    fromAgent: z.uuid(),
    toAgent: z.uuid(),
    toDivision: userDivision,
    reason: z.string().nullable(),
    replyBy,
  },
  { personal: ['reason'] },
);
export const HandoffRequested = defineEvent(
  'HandoffRequested',
  { ...about, reason: z.string().nullable() },
  { personal: ['reason'] },
);
export const TicketQueued = defineEvent('TicketQueued', {
  ...about,
  label: queueLabel,
  /** The agent it waits for ('Menunggu Agent [Nama]'); null in the general queue. */
  waitingFor: z.uuid().nullable(),
  /** The queue gives out the higher one first; absent: 0. */
  priority: z.int().positive().optional(),
});
/**
 * It goes to somebody else: the assigned agent did not answer in time (docs/design/business-rules.md#response-deadline),
 * or cannot answer any more (docs/design/business-rules.md#people-who-left).
 */
export const TicketWithdrawn = defineEvent('TicketWithdrawn', {
  ...about,
  agentId: z.uuid(),
  /** Absent: they did not answer in time. */
  because: leaving.optional(),
});
/** Its agent, or a lead, gave it up: to whoever of the queue is next, or back to the bot. */
export const TicketReleased = defineEvent(
  'TicketReleased',
  { ...about, agentId: z.uuid(), to: z.enum(['queue', 'bot']), reason: z.string().nullable() },
  { personal: ['reason'] },
);
/** Put aside until then, or until the customer writes (docs/design/business-rules.md#snooze). */
export const TicketSnoozed = defineEvent('TicketSnoozed', {
  ...about,
  /** Who has it. */
  agentId: z.uuid(),
  until: z.iso.datetime(),
});
export const TicketWoken = defineEvent('TicketWoken', {
  ...about,
  /** Who has it. */
  agentId: z.uuid(),
  because: z.enum(['time', 'customer', 'asked']),
});
/** A tag is any words, so it may be about the person. Of an erased customer no tag is known: `ERASED` is none. */
export const TicketTagged = defineEvent('TicketTagged', { ...about, tag: z.string() }, { personal: ['tag'] });
export const TicketUntagged = defineEvent(
  'TicketUntagged',
  { ...about, tag: z.string() },
  { personal: ['tag'] },
);
export const LeadDetected = defineEvent(
  'LeadDetected',
  { ...about, fields: z.record(z.string(), z.unknown()), confidence: z.number().nullable() },
  {
    personal: ['fields'],
    erased: { fields: (found) => Object.fromEntries(Object.keys(found).map((field) => [field, null])) },
  },
);
export const TicketClosed = defineEvent(
  'TicketClosed',
  {
    ...about,
    /** `joined`: the same person had an older open ticket, and the talk goes on there. No end of a sale. */
    outcome: z.enum(['closed', 'bot_resolved', 'won', 'lost', 'joined']),
    reason: z.string().nullable(),
    /** That older ticket. */
    joinedTo: z.uuid().optional(),
  },
  { personal: ['reason'] },
);
export const TicketReopened = defineEvent(
  'TicketReopened',
  {
    ...about,
    /** Who had it when it was closed, and has it again; null: back to the bot. */
    agentId: z.uuid().nullable(),
    reason: z.string().nullable(),
  },
  { personal: ['reason'] },
);

export const ticketEvents = [
  TicketOpened,
  TicketContactChanged,
  TicketCustomerChanged,
  TicketOffersChanged,
  TicketTakenOver,
  TicketAssigned,
  TicketReassigned,
  HandoffRequested,
  TicketQueued,
  TicketWithdrawn,
  TicketReleased,
  TicketSnoozed,
  TicketWoken,
  TicketTagged,
  TicketUntagged,
  LeadDetected,
  CrmUpdated,
  TicketClosed,
  TicketReopened,
  ...talkEvents,
] as const;
export type TicketEvent = EventOf<(typeof ticketEvents)[number]>;

// ---------------------------------------------------------------- state

interface Facts {
  readonly id: string;
  readonly division: Division;
  readonly customerId: string;
  readonly customerKey: string;
  readonly channel: z.infer<typeof channel>;
  readonly handedOff: boolean;
  /** How often it was closed. */
  readonly closes: number;
  readonly tags: readonly string[];
  /** Its customer wants no offers. */
  readonly optedOut: boolean;
  /** Who handled this customer last: the assignee, else who did before this ticket. */
  readonly lastAgentId: string | null;
  /** Some agent handled this customer before this ticket, whether or not they are still here. */
  readonly isReturningCustomer: boolean;
  readonly crm: Crm;
  readonly talk: Talk;
}
export type Ticket =
  | { readonly status: 'absent' }
  | (Facts & { readonly status: 'free' })
  | (Facts & { readonly status: 'queued'; readonly label: QueueLabel; readonly waitingFor: string | null })
  | (Facts & {
      readonly status: 'assigned';
      readonly agentId: string;
      /** Of the agent, when they got it; null: nobody wrote it down. */
      readonly agentDivision: UserDivision | null;
      /** Until when they must have answered; null for no limit. */
      readonly replyBy: string | null;
      /** Put aside until then; null: it is not. */
      readonly snoozedUntil: string | null;
    })
  /** Keeps who had it, so that a reopened ticket goes back to them. */
  | (Facts & {
      readonly status: 'closed';
      readonly agentId: string | null;
      readonly agentDivision: UserDivision | null;
    });
export type ExistingTicket = Exclude<Ticket, { status: 'absent' }>;

const initial: Ticket = { status: 'absent' };

/** How a ticket enters the queue: who wants to buy goes before others (docs/design/chat.md#priority). */
export const priorityOf = ({ talk }: Pick<Facts, 'talk'>): { priority?: number } =>
  talk.priority > 0 ? { priority: talk.priority } : {};

/** The fields every status shares, so that a change of status carries nothing stale along. */
const factsOf = (t: ExistingTicket): Facts => ({
  id: t.id,
  division: t.division,
  customerId: t.customerId,
  customerKey: t.customerKey,
  channel: t.channel,
  handedOff: t.handedOff,
  closes: t.closes,
  tags: t.tags,
  optedOut: t.optedOut,
  lastAgentId: t.lastAgentId,
  isReturningCustomer: t.isReturningCustomer,
  crm: t.crm,
  talk: t.talk,
});

const assignedTo = (
  t: ExistingTicket,
  agentId: string,
  agentDivision: UserDivision | null,
  replyBy?: string,
): Ticket => ({
  ...factsOf(t),
  status: 'assigned',
  agentId,
  agentDivision,
  replyBy: replyBy ?? null,
  snoozedUntil: null,
  lastAgentId: agentId,
});

// ---------------------------------------------------------------- evolve

function evolve(ticket: Ticket, event: TicketEvent): Ticket {
  const { type, data } = event;
  if (type === 'TicketOpened') {
    return {
      status: 'free',
      id: data.ticketId,
      division: data.division,
      customerId: data.customerId,
      customerKey: data.customerKey,
      channel: data.channel,
      handedOff: false,
      closes: 0,
      tags: [],
      optedOut: data.optedOut === true,
      lastAgentId: data.previousAgentId,
      isReturningCustomer: data.isReturningCustomer,
      crm: NO_CRM,
      talk: NO_TALK,
    };
  }
  if (ticket.status === 'absent') return ticket;
  switch (type) {
    case 'TicketTakenOver':
    case 'TicketAssigned':
      return assignedTo(ticket, data.agentId, data.agentDivision, data.replyBy);
    case 'TicketReassigned':
      return assignedTo(ticket, data.toAgent, data.toDivision, data.replyBy);
    case 'HandoffRequested':
      return { ...ticket, handedOff: true };
    case 'TicketQueued':
      return { ...factsOf(ticket), status: 'queued', label: data.label, waitingFor: data.waitingFor };
    case 'TicketWithdrawn':
      return { ...factsOf(ticket), status: 'queued', label: 'waiting_agent', waitingFor: null };
    case 'TicketReleased':
      return data.to === 'bot'
        ? { ...factsOf(ticket), status: 'free', handedOff: false }
        : { ...factsOf(ticket), status: 'queued', label: 'waiting_agent', waitingFor: null };
    case 'TicketSnoozed':
      return ticket.status === 'assigned' ? { ...ticket, snoozedUntil: data.until } : ticket;
    case 'TicketWoken':
      return ticket.status === 'assigned' ? { ...ticket, snoozedUntil: null } : ticket;
    case 'TicketTagged':
      return data.tag === ERASED || ticket.tags.includes(data.tag)
        ? ticket
        : { ...ticket, tags: [...ticket.tags, data.tag] };
    case 'TicketUntagged':
      return { ...ticket, tags: ticket.tags.filter((tag) => tag !== data.tag) };
    case 'TicketClosed':
      return {
        ...factsOf(ticket),
        closes: ticket.closes + 1,
        status: 'closed',
        agentId: ticket.status === 'assigned' ? ticket.agentId : null,
        agentDivision: ticket.status === 'assigned' ? ticket.agentDivision : null,
      };
    case 'TicketReopened':
      return data.agentId === null
        ? { ...factsOf(ticket), status: 'free' }
        : assignedTo(ticket, data.agentId, ticket.status === 'closed' ? ticket.agentDivision : null);
    case 'CrmUpdated':
      return { ...ticket, crm: evolveCrm(ticket.crm, data) };
    case 'FaqAnswered':
    case 'TicketPrioritised':
    case 'TicketRated':
      return { ...ticket, talk: evolveTalk(ticket.talk, event) };
    case 'TicketOffersChanged':
      return { ...ticket, optedOut: data.optedOut };
    case 'TicketCustomerChanged':
      return { ...ticket, customerId: data.customerId, customerKey: data.customerKey };
    case 'TicketContactChanged':
    case 'LeadDetected':
    default:
      return ticket;
  }
}

export const ticket: Aggregate<Ticket, TicketEvent> = {
  category: 'ticket',
  stream: ticketStream,
  initial,
  evolve,
};
