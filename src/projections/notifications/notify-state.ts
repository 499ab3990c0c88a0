/**
 * Notifications that follow from more than one event: who has the ticket that a customer wrote on, who wrote the message that
 * failed, which notification is still unread (docs/design/business-rules.md#notifications). One batch is walked event by event.
 */
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import type { Notification } from '../../domain/notifications/notification-kinds.ts';
import { aboutTicket, saysSomething } from '../../domain/notifications/notification-rules.ts';
import { allOf } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { isoTime } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';
import { sql } from 'kysely';
import type { Sql } from '../../ports.ts';

/** `event`: the one that made it. `last`: the newest that it counts. */
export interface NewNotification extends Notification {
  readonly event: Recorded;
  last: Recorded;
  count: number;
}

/** A `customer_message` that its person has neither read nor answered. */
interface OpenMessage {
  readonly userId: string;
  readonly ticketId: string;
  readonly id: string;
  count: number;
  /** Set when the batch made it. */
  readonly made: NewNotification | null;
  /** Set when the batch counted another message. */
  last: Recorded | null;
}

type Reported = Pick<RecordedOf<'DeliveryReported'>['data'], 'ticketId' | 'messageId' | 'channelMessageId'>;

interface Writer {
  readonly ticketId: string;
  readonly writerId: string;
  channelMessageId: string | null;
}

const openMessages = statement('notifications_open_messages', (ticketIds: readonly string[]) =>
  tables
    .selectFrom('read.notifications')
    .select(['user_id as userId', 'ticket_id as ticketId', 'id', 'count'])
    .where('kind', '=', 'customer_message')
    .where('read_at', 'is', null)
    .where('resolved_at', 'is', null)
    .where('ticket_id', '=', sql<string>`any(${ticketIds}::uuid[])`),
);

const assignees = statement('notify_tickets_of', (ticketIds: readonly string[]) =>
  tables
    .selectFrom('read.notify_tickets')
    .select(['ticket_id as ticketId', 'assigned_to as assignedTo'])
    .where('ticket_id', '=', sql<string>`any(${ticketIds}::uuid[])`),
);

const writersOf = statement('notify_messages_of', (ids: readonly string[], channelIds: readonly string[]) =>
  tables
    .selectFrom('read.notify_messages')
    .select([
      'message_id as messageId',
      'ticket_id as ticketId',
      'writer_id as writerId',
      'channel_message_id as channelMessageId',
    ])
    .where(({ eb, or }) =>
      or([
        eb('message_id', '=', sql<string>`any(${ids}::uuid[])`),
        eb('channel_message_id', '=', sql<string>`any(${channelIds}::text[])`),
      ]),
    ),
);

const keyOf = (userId: string, ticketId: string): string => `${userId} ${ticketId}`;

const unique = (values: readonly (string | undefined | null)[]): string[] => [
  ...new Set(values.filter((value) => typeof value === 'string')),
];

/** What the tables know of everything in this batch. */
async function load(on: Sql, events: readonly Recorded[]) {
  const ticketIds = unique(events.map(({ data }) => ('ticketId' in data ? data.ticketId : null)));
  const reports = events.filter(({ type }) => type.startsWith('Delivery'));
  const messageIds = unique(
    reports.map(({ data }) =>
      'messageId' in data && typeof data.messageId === 'string' ? data.messageId : null,
    ),
  );
  const channelIds = unique(
    events.map((event) => (event.type === 'DeliveryReported' ? event.data.channelMessageId : null)),
  );
  const [open, assigned, writers] = await Promise.all([
    ticketIds.length === 0 ? [] : on.query(openMessages(ticketIds)),
    ticketIds.length === 0 ? [] : on.query(assignees(ticketIds)),
    messageIds.length + channelIds.length === 0 ? [] : on.query(writersOf(messageIds, channelIds)),
  ]);
  return {
    open: new Map(
      open.map(({ userId, ticketId, id, count }): [string, OpenMessage] => {
        const ticket = ticketId ?? '';
        return [keyOf(userId, ticket), { userId, ticketId: ticket, id, count, made: null, last: null }];
      }),
    ),
    assigned: new Map<string, string | null>(
      assigned.map(({ ticketId, assignedTo }) => [ticketId, assignedTo]),
    ),
    writers: new Map(
      writers.map(({ messageId, ticketId, writerId, channelMessageId }): [string, Writer] => [
        messageId,
        { ticketId, writerId, channelMessageId },
      ]),
    ),
  };
}

/** Walks the batch, in the order of the store. @returns the notifications it makes, and a function that stores the rest */
export async function walk(on: Sql, events: readonly Recorded[]) {
  const { open, assigned, writers } = await load(on, events);
  const made: NewNotification[] = [];
  const counted = new Set<OpenMessage>();
  const resolved = new Map<string, { readonly userId: string; readonly id: string; readonly at: string }>();
  const changedTickets = new Set<string>();
  const changedWriters = new Set<string>();

  const tell = (event: Recorded, notification: Notification): NewNotification => {
    const one = { ...notification, event, last: event };
    made.push(one);
    return one;
  };

  /** Nobody has to look at it any more: it was answered, or somebody else has the ticket. */
  function resolve(userId: string | null | undefined, ticketId: string, at: string): void {
    const key = keyOf(userId ?? '', ticketId);
    const known = open.get(key);
    if (!known) return;
    open.delete(key);
    resolved.set(known.id, { userId: known.userId, id: known.id, at });
  }

  function give(ticketId: string, to: string | null, at: string): void {
    const had = assigned.get(ticketId) ?? null;
    if (had === to) return;
    resolve(had, ticketId, at);
    assigned.set(ticketId, to);
    changedTickets.add(ticketId);
  }

  function customerWrote(event: Extract<Recorded, { type: 'MessageReceived' }>): void {
    const { ticketId } = event.data;
    const userId = assigned.get(ticketId);
    if (typeof userId !== 'string') return;
    const known = open.get(keyOf(userId, ticketId));
    if (known) {
      known.count += 1;
      if (known.made) {
        known.made.count = known.count;
        known.made.last = event;
      } else {
        known.last = event;
        counted.add(known);
      }
      return;
    }
    const one = tell(event, aboutTicket(userId, 'customer_message', ticketId, null));
    open.set(keyOf(userId, ticketId), { userId, ticketId, id: event.id, count: 1, made: one, last: null });
  }

  function noted(event: Extract<Recorded, { type: 'InternalNotePosted' }>): void {
    const { ticketId, senderId, taggedAgentId } = event.data;
    const userId = assigned.get(ticketId);
    // Who is tagged is told of that.
    if (typeof userId !== 'string' || userId === senderId || userId === taggedAgentId) return;
    tell(event, aboutTicket(userId, 'internal_note', ticketId, senderId));
  }

  function wrote(event: Recorded, messageId: string, ticketId: string, writerId: string): void {
    writers.set(messageId, { ticketId, writerId, channelMessageId: null });
    changedWriters.add(messageId);
    if (assigned.get(ticketId) === writerId) resolve(writerId, ticketId, event.metadata.at);
  }

  function failed(event: Recorded, messageId: string | undefined): void {
    const writer = messageId === undefined ? undefined : writers.get(messageId);
    if (messageId === undefined || !writer) return;
    tell(event, aboutTicket(writer.writerId, 'message_failed', writer.ticketId, null));
    forget(messageId);
  }

  function forget(messageId: string | undefined): void {
    if (messageId === undefined || !writers.delete(messageId)) return;
    changedWriters.add(messageId);
  }

  /** By the channel's id it may be several of one ticket: always the same of them, wherever batches end. */
  const named = ({ ticketId, messageId, channelMessageId }: Reported): string | undefined =>
    messageId ??
    [...writers]
      .filter(([, writer]) => writer.ticketId === ticketId && writer.channelMessageId === channelMessageId)
      .map(([id]) => id)
      .sort()[0];

  for (const event of events) {
    const { at } = event.metadata;
    switch (event.type) {
      case 'TicketTakenOver':
      case 'TicketAssigned':
        give(event.data.ticketId, event.data.agentId, at);
        break;
      case 'TicketReassigned':
        give(event.data.ticketId, event.data.toAgent, at);
        break;
      case 'TicketReopened':
        give(event.data.ticketId, event.data.agentId, at);
        break;
      case 'TicketQueued':
      case 'TicketWithdrawn':
      case 'TicketReleased':
      case 'TicketClosed':
        give(event.data.ticketId, null, at);
        break;
      case 'MessageReceived':
        if (saysSomething(event.data.kind)) customerWrote(event);
        break;
      case 'InternalNotePosted':
        noted(event);
        break;
      case 'AgentReplied':
        wrote(event, event.data.messageId, event.data.ticketId, event.data.agentId);
        break;
      case 'TeamReplied':
        wrote(event, event.data.messageId, event.data.ticketId, event.data.senderId);
        break;
      case 'DeliveryAccepted': {
        const writer = writers.get(event.data.messageId);
        if (!writer) break;
        writer.channelMessageId = event.data.channelMessageId;
        changedWriters.add(event.data.messageId);
        break;
      }
      case 'DeliveryFailed':
        failed(event, event.data.messageId);
        break;
      case 'DeliveryReported':
        if (event.data.status === 'failed') failed(event, named(event.data));
        if (event.data.status === 'delivered' || event.data.status === 'read') forget(named(event.data));
        break;
      case 'NotificationRead':
        for (const [key, { userId, id }] of open)
          if (userId === event.data.userId && id === event.data.notificationId) open.delete(key);
        break;
      default:
    }
  }

  /** To be asked for after the new notifications; the connection keeps that order. */
  async function store(): Promise<void> {
    const work: Promise<unknown>[] = [];
    if (counted.size > 0) work.push(writeCounts(on, [...counted]));
    if (resolved.size > 0)
      work.push(
        on.query(
          write(
            'notifications_resolve_one',
            `update read.notifications n set resolved_at = r.at
from unnest($1::uuid[], $2::uuid[], $3::timestamptz[]) r (user_id, id, at)
where n.user_id = r.user_id and n.id = r.id and n.resolved_at is null`,
            columnsOf('read.notifications', [...resolved.values()], {
              user_id: ({ userId }) => userId,
              id: ({ id }) => id,
              resolved_at: ({ at }) => isoTime(at),
            }),
          ),
        ),
      );
    work.push(writeAssignees(on, changedTickets, assigned), writeWriters(on, changedWriters, writers));
    await allOf(work);
  }
  return { made, store };
}

const writeCounts = (on: Sql, counted: readonly OpenMessage[]): Promise<unknown> =>
  on.query(
    write(
      'notifications_count_on',
      `update read.notifications n set count = c.count, position = c.position, created_at = c.at
from unnest($1::uuid[], $2::uuid[], $3::int[], $4::text[], $5::timestamptz[]) c (user_id, id, count, position, at)
where n.user_id = c.user_id and n.id = c.id`,
      columnsOf('read.notifications', counted, {
        user_id: ({ userId }) => userId,
        id: ({ id }) => id,
        count: ({ count }) => count,
        position: ({ last }) => last?.position ?? '',
        created_at: ({ last }) => isoTime(last?.metadata.at ?? ''),
      }),
    ),
  );

async function writeAssignees(
  on: Sql,
  changed: ReadonlySet<string>,
  assigned: ReadonlyMap<string, string | null>,
): Promise<void> {
  if (changed.size === 0) return;
  const gone = on.query(
    write('notify_tickets_delete', 'delete from read.notify_tickets where ticket_id = any($1::uuid[])', [
      [...changed],
    ]),
  );
  const rows = [...changed].flatMap((ticketId) => {
    const assignedTo = assigned.get(ticketId);
    return typeof assignedTo === 'string' ? [{ ticketId, assignedTo }] : [];
  });
  const insert = write(
    'notify_tickets_insert',
    'insert into read.notify_tickets (ticket_id, assigned_to) select * from unnest($1::uuid[], $2::uuid[])',
    columnsOf('read.notify_tickets', rows, {
      ticket_id: ({ ticketId }) => ticketId,
      assigned_to: ({ assignedTo }) => assignedTo,
    }),
  );
  await allOf<unknown>(rows.length === 0 ? [gone] : [gone, on.query(insert)]);
}

async function writeWriters(
  on: Sql,
  changed: ReadonlySet<string>,
  writers: ReadonlyMap<string, Writer>,
): Promise<void> {
  if (changed.size === 0) return;
  const gone = on.query(
    write('notify_messages_delete', 'delete from read.notify_messages where message_id = any($1::uuid[])', [
      [...changed],
    ]),
  );
  const rows = [...changed].flatMap((messageId) => {
    const writer = writers.get(messageId);
    return writer ? [{ messageId, ...writer }] : [];
  });
  const insert = write(
    'notify_messages_insert',
    `insert into read.notify_messages (message_id, ticket_id, writer_id, channel_message_id)
select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[])`,
    columnsOf('read.notify_messages', rows, {
      message_id: ({ messageId }) => messageId,
      ticket_id: ({ ticketId }) => ticketId,
      writer_id: ({ writerId }) => writerId,
      channel_message_id: ({ channelMessageId }) => channelMessageId,
    }),
  );
  await allOf<unknown>(rows.length === 0 ? [gone] : [gone, on.query(insert)]);
}
