/** L1: a ticket's talk with the customer, and how far each message came. */
import type { Recorded } from '../domain/codec.ts';
import type { DeliveryStatus } from '../domain/words.ts';
import type { ReadStore, Scope, Sql } from '../ports.ts';
import { divisionOf } from './division-of.ts';
import { isoSql, isoTime, storable, storableJson, storableOrNull } from './stored-text.ts';
import { allOf, columns, type View } from './view.ts';

// ---------------------------------------------------------------- query

export interface MessagesPage {
  readonly limit: number;
  /** Id of a message: only what was said before it. An unknown id gives nothing. */
  readonly before?: string;
}

const DELIVERY = `case when m.sender_type <> 'customer' then
  coalesce(d.status, case when m.sender_type in ('agent', 'sa') then 'queued' end) end`;

const PAGE = (
  before: string,
): string => `select ${DELIVERY} as delivery, m.confidence, m.attachments::text as attachments,
  json_build_object('id', m.id, 'sender_type', m.sender_type, 'sender_id', m.sender_id,
    'sender_name', coalesce(m.sender_name, u.name), 'content', m.content, 'sent_at', ${isoSql('m.sent_at')})::text as message
from read.messages_l1 m
left join read.deliveries d on d.division = m.division and d.ticket_id = m.ticket_id
  and d.channel_message_id = m.channel_message_id
left join read.users u on u.id = m.sender_id
where m.division = $1 and m.ticket_id = $2 ${before}
order by m.sent_at desc, m.position desc, m.id desc limit $3`;

const BEFORE = `and (m.sent_at, m.position, m.id) < (select b.sent_at, b.position, b.id from read.messages_l1 b
  where b.division = $1 and b.ticket_id = $2 and b.id = $4)`;

/**
 * The last `limit` messages (before `before`), oldest first by the channel's time, which may be in whole seconds:
 * within one, as they came. @returns text of a JSON array
 */
export async function listMessages(
  read: ReadStore,
  scope: Scope,
  ticketId: string,
  page: MessagesPage,
): Promise<string> {
  const division = await divisionOf(read, scope, ticketId);
  if (division === null) return '[]';
  const { limit, before } = page;
  const rows = await read.scoped(scope, (sql) =>
    sql.query<MessageRow>({
      name: before === undefined ? 'messages_l1_page' : 'messages_l1_page_before',
      text: PAGE(before === undefined ? '' : BEFORE),
      values: before === undefined ? [division, ticketId, limit] : [division, ticketId, limit, before],
    }),
  );
  return `[${rows.map(wire).reverse().join(',')}]`;
}

interface MessageRow {
  readonly message: string;
  readonly delivery: DeliveryStatus | null;
  readonly confidence: number | null;
  readonly attachments: string | null;
}

/** What a message does not have is left out, not null. */
function wire({ message, delivery, confidence, attachments }: MessageRow): string {
  let optional = '';
  if (delivery !== null) optional += `,"delivery_status":"${delivery}"`;
  if (confidence !== null) optional += `,"confidence":${String(confidence)}`;
  if (attachments !== null) optional += `,"attachments":${attachments}`;
  return optional === '' ? message : `${message.slice(0, -1)}${optional}}`;
}

// ---------------------------------------------------------------- view

/** How far along a status is; a report never moves a message back (contract.md 5, whatsapp.md). */
const RANK: Readonly<Record<DeliveryStatus, number>> = {
  queued: 0,
  unknown: 1,
  sent: 2,
  delivered: 3,
  read: 4,
  failed: 5,
};

/**
 * Does a report of `next` count when the message is at `now`? `failed` is an end, but what was delivered did not
 * fail; `unknown` only says that we do not know, so any real report overtakes it.
 */
export const advances = (now: DeliveryStatus, next: DeliveryStatus): boolean =>
  next === 'failed' ? RANK[now] < RANK.delivered : RANK[next] > RANK[now];

/** `advances` in SQL, for the row that is there already. */
const ADVANCES_SQL = `case when excluded.status = 'failed' then d.status in ('queued', 'unknown', 'sent')
  else array_position(array['queued', 'unknown', 'sent', 'delivered', 'read', 'failed'], excluded.status)
     > array_position(array['queued', 'unknown', 'sent', 'delivered', 'read', 'failed'], d.status) end`;

const SAID = ['MessageReceived', 'BotReplied', 'QueueNoticePosted', 'AgentReplied', 'TeamReplied'] as const;
type Said = Extract<Recorded, { type: (typeof SAID)[number] }>;
type Reported = Extract<Recorded, { type: 'DeliveryReported' }>;

interface Sender {
  readonly type: 'customer' | 'bot' | 'agent' | 'sa';
  readonly id: string | null;
  readonly name: string | null;
}

function senderOf(event: Said): Sender {
  switch (event.type) {
    case 'MessageReceived':
      return { type: 'customer', id: null, name: storableOrNull(event.data.senderName) };
    case 'BotReplied':
    case 'QueueNoticePosted':
      return { type: 'bot', id: null, name: null };
    case 'AgentReplied':
      return { type: 'agent', id: event.data.agentId, name: null };
    case 'TeamReplied':
      return { type: 'sa', id: event.data.senderId, name: storable(event.data.displayName) };
  }
}

const attachmentsOf = (event: Said): string | null =>
  event.type === 'MessageReceived' && event.data.attachments.length > 0
    ? storableJson(event.data.attachments)
    : null;

const channelIdOf = (event: Said): string | null =>
  event.type === 'MessageReceived' || event.type === 'BotReplied'
    ? storableOrNull(event.data.channelMessageId)
    : null;

const writeSaid = (sql: Sql, said: readonly Said[]): Promise<unknown> =>
  sql.query({
    name: 'messages_l1_insert',
    text: `insert into read.messages_l1 (division, ticket_id, id, sender_type, sender_id, sender_name, content, sent_at,
  confidence, attachments, channel_message_id, position)
select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[],
  $8::timestamptz[], $9::float8[], $10::json[], $11::text[], $12::text[])
on conflict (division, ticket_id, id) do nothing`,
    values: columns(
      said,
      ({ data }) => data.division,
      ({ data }) => data.ticketId,
      ({ data }) => data.messageId,
      (event) => senderOf(event).type,
      (event) => senderOf(event).id,
      (event) => senderOf(event).name,
      ({ data }) => storable(data.content),
      ({ data }) => isoTime(data.sentAt),
      (event) => (event.type === 'BotReplied' ? event.data.confidence : null),
      attachmentsOf,
      channelIdOf,
      ({ position }) => position,
    ),
  });

function writeReports(sql: Sql, reports: readonly Reported[]): Promise<unknown> {
  const furthest = new Map<string, Reported['data']>();
  for (const { data } of reports) {
    const key = `${data.ticketId} ${data.channelMessageId}`;
    const known = furthest.get(key);
    if (!known || advances(known.status, data.status)) furthest.set(key, data);
  }
  return sql.query({
    name: 'deliveries_advance',
    text: `insert into read.deliveries as d (division, ticket_id, channel_message_id, status)
select * from unnest($1::text[], $2::uuid[], $3::text[], $4::text[])
on conflict (division, ticket_id, channel_message_id) do update set status = excluded.status where ${ADVANCES_SQL}`,
    values: columns(
      [...furthest.values()],
      ({ division }) => division,
      ({ ticketId }) => ticketId,
      ({ channelMessageId }) => storable(channelMessageId),
      ({ status }) => status,
    ),
  });
}

const isSaid = (event: Recorded): event is Said => (SAID as readonly string[]).includes(event.type);

export function messagesView(): View {
  return {
    name: 'messages_l1',
    streams: ['conversation-'],
    forget: () => undefined,
    apply: async (sql, events) => {
      const said = events.filter(isSaid);
      const reports = events.filter((event): event is Reported => event.type === 'DeliveryReported');
      await allOf([
        ...(said.length > 0 ? [writeSaid(sql, said)] : []),
        ...(reports.length > 0 ? [writeReports(sql, reports)] : []),
      ]);
      return undefined;
    },
  };
}
