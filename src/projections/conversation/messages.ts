/** L1: a ticket's messages with the customer, and how far the delivery of each message came. */
import { type RawBuilder, sql } from 'kysely';
import type { Division } from '../../domain/vocabulary.ts';
import type { MessageWording, ReadStore, Scope, Sql } from '../../ports.ts';
import { ATTACHMENTS_SQL, writeFiles } from '../media/attachments.ts';
import { DELIVERY_JOINS, furthestSql, isDeliveryReport, writeDeliveries } from '../outbound/deliveries.ts';
import { divisionOf } from '../customers/division-of.ts';
import { isoSql, isoTime, storable, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { allOf, type View } from '../../engine/projections/view.ts';
import {
  attachmentsOf,
  channelIdOf,
  isMessage,
  isOurs,
  type L1MessageEvent,
  partsOfMessage,
  saidOf,
  senderOf,
} from './message-events.ts';
import { type MessageRow, messageText } from './message-object.ts';
import { loadReferences } from './references.ts';
import { wordsColumn } from './search-words.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';

export { advances } from '../outbound/deliveries.ts';

// ---------------------------------------------------------------- query

export interface MessagesPage {
  readonly limit: number;
  /** Id of a message: only messages before it. */
  readonly before?: string;
}

const FURTHEST = furthestSql('s.status', 'd.status');
/** Without a sender of ours it was said elsewhere: it is there already. */
const DELIVERY = `case when m.sender_type <> 'customer' then
  coalesce(${FURTHEST}, case when m.sender_type in ('agent', 'sa') then case when m.sender_id is null then 'sent' else 'queued' end end) end`;
/** Why it did not arrive, or may not have. */
const PROBLEM = `case when ${FURTHEST} in ('failed', 'unknown') then
  case when d.status = ${FURTHEST} then d.error else s.error end end`;

/** A step of a place that moves is shown in the entry where it began, where that is here. */
const OWN_ENTRY = `(m.kind is distinct from 'moved' or not exists (select from read.messages_l1 o
  where o.division = m.division and o.ticket_id = m.ticket_id and o.channel_message_id = m.reply_to and o.kind = 'location'))`;

const messageRows = (division: string, ticketId: string, limit: number, which: RawBuilder<unknown>) =>
  rowsOf(division, sql`m.ticket_id = ${ticketId}`, limit, which);

const rowsOf = (
  division: string,
  of: RawBuilder<unknown>,
  limit: number,
  which: RawBuilder<unknown>,
) => sql<MessageRow>`select m.id, m.ticket_id as "ticketId", m.sender_type as "senderType", m.sender_id as "senderId",
  coalesce(m.sender_name, u.name) as "senderName", m.content, ${sql.raw(isoSql('m.sent_at'))} as "sentAt",
  ${sql.raw(DELIVERY)} as delivery, ${sql.raw(PROBLEM)} as problem, m.confidence, ${sql.raw(ATTACHMENTS_SQL)} as files,
  m.parts, coalesce(m.line, s.line) as line, m.kind, m.said, t.id as "templateId", t.name as "templateName",
  m.reply_to as "replyTo", m.quotes, coalesce(m.channel_message_id, s.channel_message_id) as "channelMessageId"
from read.messages_l1 m
${sql.raw(DELIVERY_JOINS)}
left join read.users u on u.id = m.sender_id
left join lateral (select c.id, c.name from read.templates c
  where c.id = (m.said ->> 'templateId')::uuid
    or (c.whatsapp_name = m.said ->> 'templateName' and c.language = m.said ->> 'templateLanguage')
  order by c.id limit 1) t on m.said is not null
where m.division = ${division} and ${of} and ${sql.raw(OWN_ENTRY)} ${which}
order by m.sent_at desc, m.position desc, m.id desc limit ${limit}`;

const lastMessages = statement('messages_l1_page', (division: string, ticketId: string, limit: number) =>
  messageRows(division, ticketId, limit, sql``),
);

const messagesBefore = statement(
  'messages_l1_page_before',
  (division: string, ticketId: string, limit: number, before: string) =>
    messageRows(
      division,
      ticketId,
      limit,
      sql`and (m.sent_at, m.position, m.id) < (select b.sent_at, b.position, b.id from read.messages_l1 b
  where b.division = ${division} and b.ticket_id = ${ticketId} and b.id = ${before})`,
    ),
);

const messagesOfIds = statement(
  'messages_l1_by_ids',
  (
    division: string,
    ticketId: string,
    limit: number,
    ids: readonly string[],
    channelIds: readonly string[],
  ) =>
    messageRows(
      division,
      ticketId,
      limit,
      sql`and (m.id = any(${ids}::uuid[]) or m.channel_message_id = any(${channelIds}) or s.channel_message_id = any(${channelIds}))`,
    ),
);

// ---------------------------------------------------------------- several talks of one customer in one thread

const ofTickets = (ticketIds: readonly string[]) => sql`m.ticket_id = any(${ticketIds}::uuid[])`;

const threadOf = statement(
  'messages_l1_thread',
  (division: string, ticketIds: readonly string[], limit: number) =>
    rowsOf(division, ofTickets(ticketIds), limit, sql``),
);
const threadBefore = statement(
  'messages_l1_thread_before',
  (division: string, ticketIds: readonly string[], limit: number, before: string) =>
    rowsOf(
      division,
      ofTickets(ticketIds),
      limit,
      sql`and (m.sent_at, m.position, m.id) < (select b.sent_at, b.position, b.id from read.messages_l1 b
  where b.division = ${division} and b.ticket_id = any(${ticketIds}::uuid[]) and b.id = ${before})`,
    ),
);

/** The ticket, and those whose talk goes on in it (docs/design/business-rules.md#two-customers-who-are-one). */
const joinedTickets = statement(
  'messages_l1_joined',
  (division: string, ticketId: string) => sql<{ id: string }>`with recursive joined (id) as (
  select id from read.tickets where division = ${division} and joined_to = ${ticketId}
  union select t.id from joined j join read.tickets t on t.division = ${division} and t.joined_to = j.id)
select id from joined`,
);

const ticketsOfCustomer = statement(
  'messages_l1_of_customer',
  (division: string, customerId: string) =>
    sql<{
      id: string;
    }>`select id from read.tickets where division = ${division} and customer_id = ${customerId}`,
);

export interface MessagesRead {
  /** Text of a JSON array. */
  readonly json: string;
  /** There are earlier ones. */
  readonly hasMore: boolean;
}

const isThere = statement(
  'messages_l1_is_there',
  (division: Division, ticketIds: readonly string[], id: string) =>
    tables
      .selectFrom('read.messages_l1')
      .select('id')
      .where('division', '=', division)
      .where('ticket_id', '=', sql<string>`any(${ticketIds}::uuid[])`)
      .where('id', '=', id),
);

/**
 * The last `limit` messages (before `before`), oldest first by the channel's time, which may be in whole seconds:
 * within one, as they came. Those of tickets that were joined into this one are among them.
 * @returns null: the ticket has no message `before`
 */
export async function listMessages(
  read: ReadStore,
  scope: Scope,
  ticketId: string,
  page: MessagesPage,
  words: MessageWording,
): Promise<MessagesRead | null> {
  const division = await divisionOf(read, scope, ticketId);
  if (division === null) return { json: '[]', hasMore: false };
  return read.scoped(scope, async (on) => {
    const joined = await on.query(joinedTickets(division, ticketId));
    return pageOfThread(on, division, [ticketId, ...joined.map(({ id }) => id)], page, words);
  });
}

/** All talks with a customer in one thread, as `listMessages`. */
export const listThread = (
  read: ReadStore,
  scope: Scope,
  { id, division }: { readonly id: string; readonly division: Division },
  page: MessagesPage,
  words: MessageWording,
): Promise<MessagesRead | null> =>
  read.scoped(scope, async (on) => {
    const tickets = await on.query(ticketsOfCustomer(division, id));
    return pageOfThread(
      on,
      division,
      tickets.map((one) => one.id),
      page,
      words,
    );
  });

async function pageOfThread(
  on: Sql,
  division: Division,
  ticketIds: readonly string[],
  { limit, before }: MessagesPage,
  words: MessageWording,
): Promise<MessagesRead | null> {
  const [only, ...others] = ticketIds;
  if (only === undefined) return before === undefined ? { json: '[]', hasMore: false } : null;
  // One more than is shown says whether there are more.
  const most = limit + 1;
  const rowsBefore = (place: string) =>
    others.length === 0
      ? messagesBefore(division, only, most, place)
      : threadBefore(division, ticketIds, most, place);
  const lastRows = () =>
    others.length === 0 ? lastMessages(division, only, most) : threadOf(division, ticketIds, most);
  const [found, known] = await Promise.all([
    on.query(before === undefined ? lastRows() : rowsBefore(before)),
    before === undefined ? [] : on.query(isThere(division, ticketIds, before)),
  ]);
  if (before !== undefined && known.length === 0) return null;
  const rows = found.slice(0, limit);
  const texts = await textsOf(on, division, rows, words);
  return { json: `[${texts.reverse().join(',')}]`, hasMore: found.length > limit };
}

/** What a message is about is in its own ticket. */
async function textsOf(
  on: Sql,
  division: Division,
  rows: readonly MessageRow[],
  words: MessageWording,
): Promise<string[]> {
  const byTicket = new Map<string, MessageRow[]>();
  for (const row of rows) byTicket.set(row.ticketId, [...(byTicket.get(row.ticketId) ?? []), row]);
  const loaded = await Promise.all(
    [...byTicket].map(
      async ([ticketId, own]) => [ticketId, await loadReferences(on, { division, ticketId }, own)] as const,
    ),
  );
  const referencesOf = new Map(loaded);
  return rows.flatMap((row) => {
    const references = referencesOf.get(row.ticketId)?.(row);
    return references ? [messageText(row, references, words)] : [];
  });
}

/** These messages of one ticket, in no order, by our ids or by the channel's. @returns id and JSON text of each */
export async function messagesByIds(
  sql: Sql,
  of: { readonly division: string; readonly ticketId: string },
  ids: readonly string[],
  channelIds: readonly string[],
  words: MessageWording,
): Promise<readonly { readonly id: string; readonly json: string }[]> {
  const rows = await sql.query(
    messagesOfIds(of.division, of.ticketId, ids.length + channelIds.length, ids, channelIds),
  );
  const referencesOf = await loadReferences(sql, of, rows);
  return rows.map((row) => ({ id: row.id, json: messageText(row, referencesOf(row), words) }));
}

/** One message of a ticket as JSON text; null when the tables do not show it (yet). */
export async function findMessage(
  read: ReadStore,
  scope: Scope,
  ticketId: string,
  messageId: string,
  words: MessageWording,
): Promise<string | null> {
  const division = await divisionOf(read, scope, ticketId);
  if (division === null) return null;
  const [found] = await read.scoped(scope, (on) =>
    messagesByIds(on, { division, ticketId }, [messageId], [], words),
  );
  return found?.json ?? null;
}

// ---------------------------------------------------------------- view

const writeMessages = (sql: Sql, messages: readonly L1MessageEvent[]): Promise<unknown> =>
  sql.query(
    write(
      'messages_l1_insert',
      `insert into read.messages_l1 (division, ticket_id, id, sender_type, sender_id, sender_name, content, sent_at,
  confidence, attachments, channel_message_id, position, kind, line, reply_to, parts, words, said, quotes)
select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[],
  $8::timestamptz[], $9::float8[], $10::json[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::json[],
  $17::tsvector[], $18::json[], $19::uuid[])
on conflict (division, ticket_id, id) do nothing`,
      columnsOf('read.messages_l1', messages, {
        division: ({ data }) => data.division,
        ticket_id: ({ data }) => data.ticketId,
        id: ({ data }) => data.messageId,
        sender_type: (event) => senderOf(event).type,
        sender_id: (event) => senderOf(event).id,
        sender_name: (event) => senderOf(event).name,
        content: ({ data }) => storable(data.content),
        sent_at: ({ data }) => isoTime(data.sentAt),
        confidence: (event) => (event.type === 'BotReplied' ? event.data.confidence : null),
        attachments: attachmentsOf,
        channel_message_id: channelIdOf,
        position: ({ position }) => position,
        kind: ({ data }) => ('kind' in data ? storable(data.kind) : null),
        line: ({ data }) => ('line' in data ? storableOrNull(data.line ?? null) : null),
        reply_to: ({ data }) => ('channel' in data ? storableOrNull(data.replyTo) : null),
        parts: partsOfMessage,
        words: ({ data }) => wordsColumn(data.content),
        said: saidOf,
        quotes: (event) => (isOurs(event) ? (event.data.replyTo ?? null) : null),
      }),
    ),
  );

/** The view `read.messages_l1`, with deliveries and attachments. */
export function messagesView(): View {
  return {
    name: 'messages_l1',
    streams: ['conversation-', 'delivery-', 'media-'],
    tables: ['messages_l1', 'sends', 'deliveries', 'attachments'],
    forget: () => undefined,
    apply: async (sql, events) => {
      const messages = events.filter(isMessage);
      const reports = events.filter(isDeliveryReport);
      await allOf([
        ...(messages.length > 0 ? [writeMessages(sql, messages)] : []),
        ...writeDeliveries(sql, reports),
        writeFiles(sql, events),
      ]);
      return undefined;
    },
  };
}
