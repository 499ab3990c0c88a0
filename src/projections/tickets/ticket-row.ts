/** A row of the inbox, how each event changes it, and how it is stored: pure, so that a rebuild uses the same code. */
import type { Recorded } from '../../domain/codec.ts';
import { isWritten, saysSomething } from '../../domain/conversation/conversation.ts';
import { isStage } from '../../domain/crm/crm.ts';
import { type Division, ERASED, type QueueLabel } from '../../domain/vocabulary.ts';
import { searchColumn, termsOf } from './search.ts';
import type { StoredTicket } from './ticket-object.ts';
import type { NewRow } from '../../engine/sql/tables.ts';
import { arrayLiteral, isoTime, preview, storable, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { dispatch, type Handlers } from '../../engine/projections/view.ts';

export interface TicketRow {
  readonly card: StoredTicket;
  readonly assignedTo: string | null;
  readonly waitingFor: string | null;
  /** Last event that a person would call activity; the inbox is ordered by it. */
  readonly lastActivityAt: string;
  readonly lastCustomerMessageAt: string | null;
  readonly search: string;
}

/**
 * WhatsApp lets a business write freely for 24 h after the customer's last message
 * (docs/design/whatsapp.md#service-window).
 */
const SERVICE_WINDOW_MS = 24 * 60 * 60 * 1000;

const later = (a: string | null, b: string): string => (a !== null && a > b ? a : b);
const earlier = (a: string, b: string): string => (a < b ? a : b);

/** A change that a person would call activity. */
function touched(
  row: TicketRow,
  at: string,
  card: Partial<StoredTicket>,
  rest: Partial<TicketRow> = {},
): TicketRow {
  return {
    ...row,
    ...rest,
    card: { ...row.card, ...card, updated_at: later(row.card.updated_at, at) },
    lastActivityAt: later(row.lastActivityAt, at),
  };
}

type Opened = Extract<Recorded, { type: 'TicketOpened' }>;

function opened({ data, metadata }: Opened): TicketRow {
  const at = isoTime(metadata.at);
  return {
    card: {
      id: data.ticketId,
      customer_id: data.customerId,
      customer_name: storableOrNull(data.customerName),
      customer_phone: storableOrNull(data.customerPhone),
      division: data.division,
      channel: data.channel,
      bot_id: storableOrNull(data.botId),
      wa_phone_id: storableOrNull(data.waPhoneId),
      wa_display_name: storableOrNull(data.waDisplayName),
      status: 'new',
      queue_status: 'free',
      queue_label: null,
      assigned_at: null,
      is_returning_customer: data.isReturningCustomer,
      is_off_hours: data.isOffHours,
      tags: [],
      crm_stage: 'Lead',
      last_message_preview: null,
      last_message_at: null,
      last_message_from: null,
      first_reply_at: null,
      response_due_at: null,
      window_expires_at: null,
      closed_at: null,
      created_at: at,
      updated_at: at,
    },
    assignedTo: null,
    waitingFor: null,
    lastActivityAt: at,
    lastCustomerMessageAt: null,
    search: searchColumn(termsOf(data.customerName, data.customerPhone)),
  };
}

function queued(row: TicketRow, label: QueueLabel, waitingFor: string | null, at: string): TicketRow {
  const queue_status = label === 'off_hours' ? 'off_hours' : 'queued';
  return touched(
    row,
    at,
    { status: 'new', queue_status, queue_label: label, assigned_at: null, response_due_at: null },
    { assignedTo: null, waitingFor },
  );
}

/**
 * `label` stays on the ticket: a returning customer who got their agent back (docs/design/business-rules.md#routing).
 */
function assigned(
  row: TicketRow,
  agentId: string,
  at: string,
  { replyBy, label }: { readonly replyBy?: string | undefined; readonly label?: QueueLabel | null } = {},
): TicketRow {
  const { status } = row.card;
  return touched(
    row,
    at,
    {
      // A talk that waits for the customer goes on waiting when it changes hands.
      status: status === 'awaiting_response' ? status : 'in_progress',
      queue_status: 'assigned',
      queue_label: label ?? null,
      assigned_at: at,
      closed_at: null,
      response_due_at: replyBy === undefined ? null : isoTime(replyBy),
    },
    { assignedTo: agentId, waitingFor: null },
  );
}

const SENDERS = {
  MessageReceived: 'customer',
  BotReplied: 'bot',
  RepliedElsewhere: 'agent',
  QueueNoticePosted: 'bot',
  AgentReplied: 'agent',
  TeamReplied: 'sa',
  BlastMessagePosted: 'agent',
} as const;
type ConversationMessage = Extract<Recorded, { type: keyof typeof SENDERS }>;

/** A follow-up by somebody else than who has the ticket answers nothing. */
const isAnswer = ({ assignedTo }: TicketRow, { type, data }: ConversationMessage): boolean =>
  type === 'RepliedElsewhere' ||
  (type === 'AgentReplied' && (data.followUp === undefined || data.agentId === assignedTo));

function messaged(row: TicketRow, event: ConversationMessage): TicketRow {
  const { type, data, metadata } = event;
  const sentAt = isoTime(data.sentAt);
  const { card } = row;
  // The channel's clock may run ahead: what was recorded at noon did not happen after noon.
  const at = earlier(sentAt, isoTime(metadata.at));
  const isQuiet = type === 'MessageReceived' && !saysSomething(data.kind);
  const opensWindow = type === 'MessageReceived' && isWritten(data.kind);
  const fromCustomer = type === 'MessageReceived' && !isQuiet;
  const byHuman = type === 'AgentReplied' || type === 'TeamReplied' || type === 'RepliedElsewhere';
  const isLast = card.last_message_at === null || sentAt >= card.last_message_at;
  const lastCustomer = opensWindow ? later(row.lastCustomerMessageAt, sentAt) : row.lastCustomerMessageAt;
  const window_expires_at =
    card.channel === 'whatsapp' && lastCustomer !== null
      ? new Date(Date.parse(lastCustomer) + SERVICE_WINDOW_MS).toISOString()
      : null;
  // What says nothing moves no ticket and hides no words (docs/design/business-rules.md#what-says-nothing).
  if (isQuiet) return { ...row, card: { ...card, window_expires_at }, lastCustomerMessageAt: lastCustomer };
  let { status } = card;
  if (byHuman && status === 'in_progress') status = 'awaiting_response';
  else if (fromCustomer && status === 'awaiting_response') status = 'in_progress';
  return touched(
    row,
    at,
    {
      status,
      first_reply_at: card.first_reply_at ?? (isAnswer(row, event) ? sentAt : null),
      // The first reply of who has the ticket stops the timer (docs/design/business-rules.md#response-deadline).
      ...((type === 'RepliedElsewhere' || (type === 'AgentReplied' && data.agentId === row.assignedTo)) && {
        response_due_at: null,
      }),
      window_expires_at,
      ...(isLast && {
        last_message_preview: preview(data.content),
        last_message_at: sentAt,
        last_message_from: SENDERS[type],
      }),
    },
    { lastCustomerMessageAt: lastCustomer },
  );
}

const tagged = (row: TicketRow, at: string, tags: string[]): TicketRow => touched(row, at, { tags });

/**
 * The events that change an inbox row. L2 is not among them: a note must not even move a ticket
 * (docs/design/business-rules.md#l2-never-reaches-a-customer).
 */
const CHANGES: Handlers<[row: TicketRow, at: string], TicketRow> = {
  TicketTakenOver: ({ data }, row, at) => assigned(row, data.agentId, at, data),
  TicketAssigned: ({ data: { agentId, reason, replyBy } }, row, at) =>
    assigned(row, agentId, at, {
      replyBy,
      label: reason?.rule === 'returning_customer' ? reason.rule : null,
    }),
  TicketReassigned: ({ data }, row, at) => assigned(row, data.toAgent, at, data),
  HandoffRequested: (_event, row, at) => touched(row, at, {}),
  TicketQueued: ({ data }, row, at) => queued(row, data.label, data.waitingFor, at),
  TicketWithdrawn: (_event, row, at) => queued(row, 'waiting_agent', null, at),
  TicketTagged: ({ data }, row, at) => {
    const tag = storable(data.tag);
    // Somebody was at work on it; which tag it was is erased.
    if (tag === ERASED) return touched(row, at, {});
    return row.card.tags.includes(tag) ? row : tagged(row, at, [...row.card.tags, tag]);
  },
  TicketUntagged: ({ data }, row, at) =>
    tagged(
      row,
      at,
      row.card.tags.filter((tag) => tag !== storable(data.tag)),
    ),
  // What the bot found out came with what the customer wrote; that is the activity.
  CrmUpdated: ({ data }, row, at) => {
    if (data.source === 'bot') return row;
    const stage = data.changes.find(({ field }) => field === 'crm_stage')?.to;
    return touched(row, at, isStage(stage) ? { crm_stage: stage } : {});
  },
  TicketClosed: (_event, row, at) =>
    touched(
      row,
      at,
      {
        status: 'closed',
        queue_status: row.assignedTo === null ? 'free' : 'assigned',
        queue_label: null,
        response_due_at: null,
        closed_at: at,
      },
      { waitingFor: null },
    ),
  TicketReopened: ({ data: { agentId } }, row, at) =>
    touched(
      row,
      at,
      {
        status: agentId === null ? 'new' : 'in_progress',
        queue_status: agentId === null ? 'free' : 'assigned',
        closed_at: null,
      },
      { assignedTo: agentId },
    ),
  MessageReceived: (event, row) => messaged(row, event),
  BotReplied: (event, row) => messaged(row, event),
  RepliedElsewhere: (event, row) => messaged(row, event),
  TicketContactChanged: ({ data: { customerName, customerPhone } }, row) => {
    const name = storableOrNull(customerName);
    const phone = storableOrNull(customerPhone);
    // Found by the old name, too: who looks for it may not know the new one.
    const terms = [...row.search.split(' ').filter(Boolean), ...termsOf(name, phone)];
    return {
      ...row,
      card: { ...row.card, customer_name: name, customer_phone: phone },
      search: searchColumn([...new Set(terms)]),
    };
  },
  QueueNoticePosted: (event, row) => messaged(row, event),
  AgentReplied: (event, row) => messaged(row, event),
  TeamReplied: (event, row) => messaged(row, event),
  // It answers nobody: who waits for an answer still does.
  BlastMessagePosted: (event, row) => messaged(row, event),
};

/** Events that name a ticket and its division: those that may change a row. */
export type TicketBound = Extract<Recorded, { data: { ticketId: string; division: Division } }>;

/** Does the event name a ticket and its division? */
export const isTicketBound = (event: Recorded): event is TicketBound =>
  'ticketId' in event.data && 'division' in event.data && event.type !== 'DeliveryReported';

/** @returns the row after the event; the same object when it changed nothing; undefined before the ticket opened */
export function evolveTicket(row: TicketRow | undefined, event: Recorded): TicketRow | undefined {
  if (event.type === 'TicketOpened') return opened(event);
  return row && (dispatch(CHANGES, event, row, isoTime(event.metadata.at)) ?? row);
}

// ---------------------------------------------------------------- columns of read.tickets

interface TicketColumn {
  readonly name: keyof NewRow<'read.tickets'>;
  readonly type: 'text' | 'uuid' | 'boolean' | 'timestamptz' | 'text[]' | 'json';
  /** Its value as text, as Postgres reads it. */
  readonly value: (row: TicketRow) => string | null;
  /** Set when the ticket opens and never changed: an update leaves it alone. */
  readonly isFixed?: true;
}

/** Once for the batches of the live view and for the COPY of a rebuild. */
export const TICKET_COLUMNS: readonly TicketColumn[] = [
  { name: 'division', type: 'text', value: ({ card }) => card.division, isFixed: true },
  { name: 'id', type: 'uuid', value: ({ card }) => card.id, isFixed: true },
  { name: 'customer_id', type: 'uuid', value: ({ card }) => card.customer_id, isFixed: true },
  { name: 'status', type: 'text', value: ({ card }) => card.status },
  { name: 'queue_status', type: 'text', value: ({ card }) => card.queue_status },
  { name: 'channel', type: 'text', value: ({ card }) => card.channel, isFixed: true },
  { name: 'crm_stage', type: 'text', value: ({ card }) => card.crm_stage },
  { name: 'assigned_to', type: 'uuid', value: ({ assignedTo }) => assignedTo },
  { name: 'waiting_for', type: 'uuid', value: ({ waitingFor }) => waitingFor },
  { name: 'tags', type: 'text[]', value: ({ card }) => arrayLiteral(card.tags) },
  { name: 'last_activity_at', type: 'timestamptz', value: ({ lastActivityAt }) => lastActivityAt },
  { name: 'created_at', type: 'timestamptz', value: ({ card }) => card.created_at, isFixed: true },
  {
    name: 'last_customer_message_at',
    type: 'timestamptz',
    value: ({ lastCustomerMessageAt }) => lastCustomerMessageAt,
  },
  { name: 'search', type: 'text', value: ({ search }) => search },
  { name: 'card', type: 'json', value: ({ card }) => JSON.stringify(card) },
];
