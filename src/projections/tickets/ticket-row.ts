/** A row of the inbox, how each event changes it, and how it is stored: pure, so that a rebuild uses the same code. */
import type { Recorded } from '../../domain/codec.ts';
import { isWritten, saysSomething } from '../../domain/conversation/conversation.ts';
import { isStage } from '../../domain/crm/crm.ts';
import { type DeliveryStatus, type Division, ERASED, type QueueLabel } from '../../domain/vocabulary.ts';
import {
  afterCustomer,
  afterMove,
  afterReport,
  afterSaid,
  type Kept,
  noteOf,
  NOTHING_KEPT,
} from '../outbound/replies.ts';
import { searchColumn, termsOf } from './search.ts';
import type { StoredTicket } from './ticket-object.ts';
import { isoTime, preview, storable, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { dispatch, type Handlers } from '../../engine/projections/view.ts';

export interface TicketRow {
  readonly card: StoredTicket;
  readonly assignedTo: string | null;
  readonly waitingFor: string | null;
  /** Last event that a person would call activity; the inbox is ordered by it. */
  readonly lastActivityAt: string;
  readonly lastCustomerMessageAt: string | null;
  /** How many messages of the customer are to be read, of all times; a read mark says how many of them somebody saw. */
  readonly customerMessages: number;
  /** When it is to be woken; the customer may have woken it already (docs/design/business-rules.md#snooze). */
  readonly wakeAt: string | null;
  readonly kept: Kept;
  readonly joinedTo: string | null;
  readonly search: string;
}

/** WhatsApp lets a business write freely so long after the customer's last message (docs/design/whatsapp.md#service-window). */
const SERVICE_WINDOW_MS = 24 * 60 * 60 * 1000;

const later = (a: string | null, b: string): string => (a !== null && a > b ? a : b);
const earlier = (a: string, b: string): string => (a < b ? a : b);

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
      opted_out: data.optedOut === true,
      crm_stage: 'Lead',
      last_message_preview: null,
      last_message_at: null,
      last_message_from: null,
      last_customer_message_at: null,
      waiting_since: null,
      queued_at: null,
      snoozed_until: null,
      line:
        data.waPhoneId === null
          ? null
          : { id: storable(data.waPhoneId), name: storableOrNull(data.waDisplayName) },
      first_reply_at: null,
      response_due_at: null,
      window_expires_at: null,
      closed_at: null,
      version: 0,
      created_at: at,
      updated_at: at,
    },
    assignedTo: null,
    waitingFor: null,
    lastActivityAt: at,
    lastCustomerMessageAt: null,
    customerMessages: 0,
    wakeAt: null,
    kept: NOTHING_KEPT,
    joinedTo: null,
    search: searchColumn(termsOf(data.customerName, data.customerPhone)),
  };
}

function queued(row: TicketRow, label: QueueLabel, waitingFor: string | null, at: string): TicketRow {
  const queue_status = label === 'off_hours' ? 'off_hours' : 'queued';
  return touched(
    row,
    at,
    {
      status: 'new',
      queue_status,
      queue_label: label,
      // Another label is no other wait.
      queued_at: row.card.queued_at ?? at,
      assigned_at: null,
      response_due_at: null,
      snoozed_until: null,
    },
    { assignedTo: null, waitingFor, wakeAt: null, kept: afterMove(row.kept, null, null) },
  );
}

/** `label` stays: a returning customer who got their agent back (docs/design/business-rules.md#routing). */
function assigned(
  row: TicketRow,
  agentId: string,
  at: string,
  {
    replyBy,
    label,
    note = null,
  }: {
    readonly replyBy?: string | undefined;
    readonly label?: QueueLabel | null;
    readonly note?: Kept['note'];
  } = {},
): TicketRow {
  const { status } = row.card;
  const response_due_at = replyBy === undefined ? null : isoTime(replyBy);
  return touched(
    row,
    at,
    {
      // A talk that waits for the customer goes on waiting when it changes hands.
      status: status === 'awaiting_response' ? status : 'in_progress',
      queue_status: 'assigned',
      queue_label: label ?? null,
      queued_at: null,
      snoozed_until: null,
      assigned_at: at,
      closed_at: null,
      response_due_at,
    },
    { assignedTo: agentId, waitingFor: null, wakeAt: null, kept: afterMove(row.kept, response_due_at, note) },
  );
}

const SENDERS = {
  MessageReceived: 'customer',
  BotReplied: 'bot',
  RepliedElsewhere: 'agent',
  QueueNoticePosted: 'bot',
  RegistrationReplyPosted: 'bot',
  TranscriptLinkPosted: 'bot',
  AgentReplied: 'agent',
  TeamReplied: 'sa',
  BlastMessagePosted: 'agent',
} as const;
type ConversationMessage = Extract<Recorded, { type: keyof typeof SENDERS }>;

/** A follow-up by somebody else than who has the ticket answers nothing. */
const isAnswer = ({ assignedTo }: TicketRow, { type, data }: ConversationMessage): boolean =>
  type === 'RepliedElsewhere' ||
  (type === 'AgentReplied' && (data.followUp === undefined || data.agentId === assignedTo));

/** Since when the customer waits: an answer of a person ends it, of the bot too while the ticket is with the bot. */
function waitingSince({ card }: TicketRow, event: ConversationMessage, sentAt: string): string | null {
  if (event.type === 'MessageReceived') {
    const since = card.waiting_since;
    return card.status === 'closed' || (since !== null && since <= sentAt) ? since : sentAt;
  }
  const isBot = SENDERS[event.type] === 'bot';
  const answers = isBot ? card.queue_status === 'free' : event.type !== 'BlastMessagePosted';
  return answers ? null : card.waiting_since;
}

/** The line and its name, of a message that says where the customer reads. */
const lineOf = ({ card }: TicketRow, id: string | undefined): StoredTicket['line'] =>
  id === undefined
    ? card.line
    : { id: storable(id), name: id === card.wa_phone_id ? card.wa_display_name : null };

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
  const isNewest = opensWindow && lastCustomer === sentAt;
  const hasWindow = isNewest ? data.templatesBy !== 'none' : card.window_expires_at !== null;
  const window_expires_at =
    card.channel === 'whatsapp' && lastCustomer !== null && hasWindow
      ? new Date(Date.parse(lastCustomer) + SERVICE_WINDOW_MS).toISOString()
      : null;
  // What says nothing moves no ticket and hides no words (docs/design/business-rules.md#what-says-nothing).
  const known = { window_expires_at, last_customer_message_at: lastCustomer };
  if (isQuiet) return { ...row, card: { ...card, ...known }, lastCustomerMessageAt: lastCustomer };
  // It wakes a ticket that was put aside; the job that says so comes after (docs/design/business-rules.md#snooze).
  const wakes = fromCustomer && card.snoozed_until !== null;
  const isLocking = type === 'AgentReplied' && data.agentId === row.assignedTo;
  const kept = fromCustomer
    ? afterCustomer(row.kept)
    : byHuman
      ? afterSaid(row.kept, {
          id: data.messageId,
          at: sentAt,
          waited: card.waiting_since,
          answers: isAnswer(row, event),
          locks: isLocking || type === 'RepliedElsewhere',
        })
      : row.kept;
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
      ...((type === 'RepliedElsewhere' || isLocking) && { response_due_at: null }),
      ...known,
      waiting_since: waitingSince(row, event, sentAt),
      ...(fromCustomer && isLast && { line: lineOf(row, event.data.line) }),
      ...(wakes && { snoozed_until: null }),
      ...(isLast && {
        last_message_preview: preview(data.content),
        last_message_at: sentAt,
        last_message_from: SENDERS[type],
      }),
    },
    {
      lastCustomerMessageAt: lastCustomer,
      kept,
      ...(fromCustomer && { customerMessages: row.customerMessages + 1 }),
      ...(wakes && { wakeAt: at }),
    },
  );
}

const tagged = (row: TicketRow, at: string, tags: string[]): TicketRow => touched(row, at, { tags });

function reported(row: TicketRow, messageId: string, status: DeliveryStatus): TicketRow {
  const after = afterReport(row.card, row.kept, messageId, status);
  return after.kept === row.kept ? row : { ...row, ...after };
}

/**
 * The events that change an inbox row. L2 is not among them: a note must not even move a ticket
 * (docs/design/business-rules.md#l2-never-reaches-a-customer).
 */
const CHANGES: Handlers<[row: TicketRow, at: string], TicketRow> = {
  TicketTakenOver: ({ data }, row, at) => assigned(row, data.agentId, at, { replyBy: data.replyBy }),
  TicketAssigned: ({ data: { agentId, reason, replyBy, note }, metadata }, row, at) =>
    assigned(row, agentId, at, {
      replyBy,
      note: noteOf(note, metadata.actor, at),
      label: reason?.rule === 'returning_customer' ? reason.rule : null,
    }),
  TicketReassigned: ({ data: { toAgent, replyBy, reason }, metadata }, row, at) =>
    assigned(row, toAgent, at, { replyBy, note: noteOf(reason, metadata.actor, at) }),
  TicketOffersChanged: ({ data }, row) => ({ ...row, card: { ...row.card, opted_out: data.optedOut } }),
  HandoffRequested: (_event, row, at) => touched(row, at, {}),
  TicketQueued: ({ data }, row, at) => queued(row, data.label, data.waitingFor, at),
  TicketWithdrawn: (_event, row, at) => queued(row, 'waiting_agent', null, at),
  TicketReleased: ({ data: { to } }, row, at) =>
    to === 'queue'
      ? queued(row, 'waiting_agent', null, at)
      : touched(
          row,
          at,
          {
            status: 'new',
            queue_status: 'free',
            queue_label: null,
            queued_at: null,
            snoozed_until: null,
            assigned_at: null,
            response_due_at: null,
          },
          { assignedTo: null, waitingFor: null, wakeAt: null },
        ),
  // No activity: it is put aside, not to the front.
  TicketSnoozed: ({ data }, row, at) => {
    const snoozed_until = isoTime(data.until);
    return {
      ...row,
      card: { ...row.card, snoozed_until, updated_at: later(row.card.updated_at, at) },
      wakeAt: snoozed_until,
    };
  },
  TicketWoken: (_event, row, at) => touched(row, at, { snoozed_until: null }, { wakeAt: null }),
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
    const version = row.card.version + 1;
    if (data.source === 'bot') return { ...row, card: { ...row.card, version } };
    const stage = data.changes.find(({ field }) => field === 'crm_stage')?.to;
    return touched(row, at, { version, ...(isStage(stage) && { crm_stage: stage }) });
  },
  TicketClosed: ({ data }, row, at) =>
    touched(
      row,
      at,
      {
        status: 'closed',
        queue_status: null,
        queue_label: null,
        queued_at: null,
        waiting_since: null,
        snoozed_until: null,
        response_due_at: null,
        closed_at: at,
      },
      { waitingFor: null, wakeAt: null, joinedTo: data.joinedTo ?? null },
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
      { assignedTo: agentId, joinedTo: null },
    ),
  MessageReceived: (event, row) => messaged(row, event),
  BotReplied: (event, row) => messaged(row, event),
  RepliedElsewhere: (event, row) => messaged(row, event),
  TicketContactChanged: ({ data: { customerName, customerPhone } }, row) => {
    const name = storableOrNull(customerName);
    const phone = storableOrNull(customerPhone);
    // Found by the old name, too: who looks for it may not know the new one.
    const terms = new Set([...row.search.split(' ').filter(Boolean), ...termsOf(name, phone)]);
    const card = { ...row.card, customer_name: name, customer_phone: phone };
    return { ...row, card, search: searchColumn([...terms]) };
  },
  TicketCustomerChanged: ({ data }, row) => ({ ...row, card: { ...row.card, customer_id: data.customerId } }),
  QueueNoticePosted: (event, row) => messaged(row, event),
  RegistrationReplyPosted: (event, row) => messaged(row, event),
  TranscriptLinkPosted: (event, row) => messaged(row, event),
  AgentReplied: (event, row) => messaged(row, event),
  TeamReplied: (event, row) => messaged(row, event),
  DeliveryFailed: ({ data }, row) => reported(row, data.messageId, 'failed'),
  DeliveryReported: ({ data: { messageId, status } }, row) =>
    messageId === undefined ? row : reported(row, messageId, status),
  // It answers nobody: who waits for an answer still does.
  BlastMessagePosted: (event, row) => messaged(row, event),
};

/** Events that name a ticket and its division: those that may change a row. */
export type TicketBound = Extract<Recorded, { data: { ticketId: string; division: Division } }>;

export const isTicketBound = (event: Recorded): event is TicketBound =>
  'ticketId' in event.data && 'division' in event.data;

/** @returns the row after the event; the same object when it changed nothing; undefined before the ticket opened */
export function evolveTicket(row: TicketRow | undefined, event: Recorded): TicketRow | undefined {
  if (event.type === 'TicketOpened') return opened(event);
  return row && (dispatch(CHANGES, event, row, isoTime(event.metadata.at)) ?? row);
}
