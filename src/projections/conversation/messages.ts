/** L1: a ticket's messages with the customer, and how far the delivery of each message came. */
import { type RawBuilder, sql } from 'kysely';
import type { Recorded } from '../../domain/codec.ts';
import type { DeliveryStatus } from '../../domain/vocabulary.ts';
import type { ExplainDelivery, ReadStore, Scope, Sql } from '../../ports.ts';
import { ATTACHMENTS_SQL, writeFiles } from '../media/attachments.ts';
import { DELIVERY_JOINS, furthestSql, isDeliveryReport, writeDeliveries } from '../outbound/deliveries.ts';
import { divisionOf } from '../customers/division-of.ts';
import { isoSql, isoTime, storable, storableJson, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { allOf, type View } from '../../engine/projections/view.ts';
import { loadReferences, type References } from './references.ts';
import { wordsColumn } from './search-words.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Row } from '../../engine/sql/tables.ts';

export { advances } from '../outbound/deliveries.ts';

// ---------------------------------------------------------------- query

export interface MessagesPage {
  readonly limit: number;
  /** Id of a message: only messages before it. An unknown id gives nothing. */
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

interface MessageRow {
  readonly id: Row<'read.messages_l1'>['id'];
  readonly delivery: DeliveryStatus | null;
  readonly problem: string | null;
  readonly confidence: Row<'read.messages_l1'>['confidence'];
  /** JSON text. */
  readonly attachments: string | null;
  /** JSON text of an object. */
  readonly parts: string | null;
  readonly line: string | null;
  readonly kind: string | null;
  readonly replyTo: string | null;
  readonly channelMessageId: string | null;
  /** JSON text. */
  readonly message: string;
}

const messageRows = (
  division: string,
  ticketId: string,
  limit: number,
  which: RawBuilder<unknown>,
) => sql<MessageRow>`select m.id, ${sql.raw(DELIVERY)} as delivery, ${sql.raw(PROBLEM)} as problem, m.confidence, ${sql.raw(ATTACHMENTS_SQL)} as attachments,
  m.parts::text as parts, coalesce(m.line, s.line) as line, m.kind, m.reply_to as "replyTo",
  coalesce(m.channel_message_id, s.channel_message_id) as "channelMessageId",
  json_build_object('id', m.id, 'sender_type', m.sender_type, 'sender_id', m.sender_id,
    'sender_name', coalesce(m.sender_name, u.name), 'content', m.content, 'sent_at', ${sql.raw(isoSql('m.sent_at'))})::text as message
from read.messages_l1 m
${sql.raw(DELIVERY_JOINS)}
left join read.users u on u.id = m.sender_id
where m.division = ${division} and m.ticket_id = ${ticketId} and ${sql.raw(OWN_ENTRY)} ${which}
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

/**
 * The last `limit` messages (before `before`), oldest first by the channel's time, which may be in whole seconds:
 * within one, as they came. @returns text of a JSON array
 */
export async function listMessages(
  read: ReadStore,
  scope: Scope,
  ticketId: string,
  page: MessagesPage,
  explain: ExplainDelivery,
): Promise<string> {
  const division = await divisionOf(read, scope, ticketId);
  if (division === null) return '[]';
  const { limit, before } = page;
  return read.scoped(scope, async (sql) => {
    const rows = await sql.query(
      before === undefined
        ? lastMessages(division, ticketId, limit)
        : messagesBefore(division, ticketId, limit, before),
    );
    const referencesOf = await loadReferences(sql, { division, ticketId }, rows);
    return `[${rows
      .map((row) => wire(row, referencesOf(row), explain))
      .reverse()
      .join(',')}]`;
  });
}

/** These messages of one ticket, in no order, by our ids or by the channel's. @returns id and JSON text of each */
export async function messagesByIds(
  sql: Sql,
  of: { readonly division: string; readonly ticketId: string },
  ids: readonly string[],
  channelIds: readonly string[],
  explain: ExplainDelivery,
): Promise<readonly { readonly id: string; readonly json: string }[]> {
  const rows = await sql.query(
    messagesOfIds(of.division, of.ticketId, ids.length + channelIds.length, ids, channelIds),
  );
  const referencesOf = await loadReferences(sql, of, rows);
  return rows.map((row) => ({ id: row.id, json: wire(row, referencesOf(row), explain) }));
}

/** One message of a ticket as JSON text; null when the tables do not show it (yet). */
export async function findMessage(
  read: ReadStore,
  scope: Scope,
  ticketId: string,
  messageId: string,
  explain: ExplainDelivery,
): Promise<string | null> {
  const division = await divisionOf(read, scope, ticketId);
  if (division === null) return null;
  const [found] = await read.scoped(scope, (on) =>
    messagesByIds(on, { division, ticketId }, [messageId], [], explain),
  );
  return found?.json ?? null;
}

/** What a message does not have is left out, not null. */
function wire(
  { message, delivery, problem, confidence, attachments, parts, line, kind }: MessageRow,
  { members, moved }: References,
  explain: ExplainDelivery,
): string {
  let optional = members;
  if (delivery !== null) optional += `,"delivery_status":"${delivery}"`;
  if (problem !== null) optional += `,"delivery_error":${JSON.stringify(explain(problem))}`;
  if (confidence !== null) optional += `,"confidence":${String(confidence)}`;
  if (attachments !== null) optional += `,"attachments":${attachments}`;
  if (kind !== null) optional += `,"content_kind":${JSON.stringify(kind)}`;
  if (line !== null) optional += `,"line":${JSON.stringify(line)}`;
  if (moved) {
    const now = { ...(JSON.parse(message) as object), content: moved.content };
    const rest = {
      ...(JSON.parse(parts ?? '{}') as object),
      location: JSON.parse(moved.location) as unknown,
    };
    return `${JSON.stringify(now).slice(0, -1)}${optional},${JSON.stringify(rest).slice(1, -1)}}`;
  }
  if (parts !== null && parts !== '{}') optional += `,${parts.slice(1, -1)}`;
  return optional === '' ? message : `${message.slice(0, -1)}${optional}}`;
}

// ---------------------------------------------------------------- view

const MESSAGE_EVENTS = [
  'MessageReceived',
  'BotReplied',
  'RepliedElsewhere',
  'QueueNoticePosted',
  'AgentReplied',
  'TeamReplied',
  'BlastMessagePosted',
] as const;
type MessageEvent = Extract<Recorded, { type: (typeof MESSAGE_EVENTS)[number] }>;

interface MessageSender {
  readonly type: 'customer' | 'bot' | 'agent' | 'sa';
  readonly id: string | null;
  readonly name: string | null;
}

/** Who wrote is not told, only where. */
const ELSEWHERE = { phone: 'dari HP', inbox: 'dari kotak masuk Meta' } as const;

function senderOf(event: MessageEvent): MessageSender {
  switch (event.type) {
    case 'MessageReceived':
      return { type: 'customer', id: null, name: storableOrNull(event.data.senderName) };
    case 'BotReplied':
    case 'QueueNoticePosted':
      return { type: 'bot', id: null, name: null };
    case 'RepliedElsewhere':
      return { type: 'agent', id: null, name: ELSEWHERE[event.data.by] };
    case 'AgentReplied':
      return { type: 'agent', id: event.data.agentId, name: null };
    case 'TeamReplied':
      return { type: 'sa', id: event.data.senderId, name: storable(event.data.displayName) };
    case 'BlastMessagePosted':
      return {
        type: event.data.senderRole === 'super_admin' ? 'sa' : 'agent',
        id: event.data.senderId,
        name: null,
      };
  }
}

const attachmentsOf = (event: MessageEvent): string | null =>
  (event.type === 'MessageReceived' || event.type === 'RepliedElsewhere') && event.data.attachments.length > 0
    ? storableJson(event.data.attachments)
    : null;

const channelIdOf = (event: MessageEvent): string | null =>
  event.type === 'MessageReceived' || event.type === 'BotReplied' || event.type === 'RepliedElsewhere'
    ? storableOrNull(event.data.channelMessageId)
    : null;

/** As they go over the wire. */
function partsOfMessage(event: MessageEvent): string | null {
  if (event.type !== 'MessageReceived' || !event.data.parts) return null;
  const { referral, ...parts } = event.data.parts;
  return storableJson({
    ...parts,
    ...(referral && {
      referral: {
        headline: referral.headline,
        body: referral.body,
        source_url: referral.sourceUrl,
        source_id: referral.sourceId,
        media_url: referral.mediaUrl,
      },
    }),
  });
}

const writeMessages = (sql: Sql, messages: readonly MessageEvent[]): Promise<unknown> =>
  sql.query(
    write(
      'messages_l1_insert',
      `insert into read.messages_l1 (division, ticket_id, id, sender_type, sender_id, sender_name, content, sent_at,
  confidence, attachments, channel_message_id, position, kind, line, reply_to, parts, words)
select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[],
  $8::timestamptz[], $9::float8[], $10::json[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::json[],
  $17::tsvector[])
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
        reply_to: ({ data }) => ('replyTo' in data ? storableOrNull(data.replyTo) : null),
        parts: partsOfMessage,
        words: ({ data }) => wordsColumn(data.content),
      }),
    ),
  );

const isMessage = (event: Recorded): event is MessageEvent =>
  (MESSAGE_EVENTS as readonly string[]).includes(event.type);

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
