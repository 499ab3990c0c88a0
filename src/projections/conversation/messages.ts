/** L1: a ticket's talk with the customer, and how far each message came. */
import type { Recorded } from '../../domain/codec.ts';
import type { DeliveryStatus } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';
import { ATTACHMENTS_SQL, writeFiles } from '../media/attachments.ts';
import { DELIVERY_JOINS, furthestSql, isTold, writeTold } from '../outbound/deliveries.ts';
import { divisionOf } from '../customers/division-of.ts';
import { isoSql, isoTime, storable, storableJson, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { allOf, columns, type View } from '../../engine/projections/view.ts';

export { advances } from '../outbound/deliveries.ts';

// ---------------------------------------------------------------- query

export interface MessagesPage {
  readonly limit: number;
  /** Id of a message: only what was said before it. An unknown id gives nothing. */
  readonly before?: string;
}

const FURTHEST = furthestSql('s.status', 'd.status');
const DELIVERY = `case when m.sender_type <> 'customer' then
  coalesce(${FURTHEST}, case when m.sender_type in ('agent', 'sa') then 'queued' end) end`;
/** Why it did not arrive, or may not have. */
const PROBLEM = `case when ${FURTHEST} in ('failed', 'unknown') then
  case when d.status = ${FURTHEST} then d.error else s.error end end`;

const PAGE = (
  before: string,
): string => `select m.id, ${DELIVERY} as delivery, ${PROBLEM} as problem, m.confidence, ${ATTACHMENTS_SQL} as attachments,
  json_build_object('id', m.id, 'sender_type', m.sender_type, 'sender_id', m.sender_id,
    'sender_name', coalesce(m.sender_name, u.name), 'content', m.content, 'sent_at', ${isoSql('m.sent_at')})::text as message
from read.messages_l1 m
${DELIVERY_JOINS}
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

/** These messages of one ticket, in no order, by our ids or by the channel's. @returns id and JSON text of each */
export async function messagesByIds(
  sql: Sql,
  of: { readonly division: string; readonly ticketId: string },
  ids: readonly string[],
  channelIds: readonly string[],
): Promise<readonly { readonly id: string; readonly json: string }[]> {
  const rows = await sql.query<MessageRow & { id: string }>({
    name: 'messages_l1_by_ids',
    text: PAGE(
      'and (m.id = any($4::uuid[]) or m.channel_message_id = any($5) or s.channel_message_id = any($5))',
    ),
    values: [of.division, of.ticketId, ids.length + channelIds.length, ids, channelIds],
  });
  return rows.map((row) => ({ id: row.id, json: wire(row) }));
}

interface MessageRow {
  readonly message: string;
  readonly delivery: DeliveryStatus | null;
  readonly problem: string | null;
  readonly confidence: number | null;
  readonly attachments: string | null;
}

/** What a message does not have is left out, not null. */
function wire({ message, delivery, problem, confidence, attachments }: MessageRow): string {
  let optional = '';
  if (delivery !== null) optional += `,"delivery_status":"${delivery}"`;
  if (problem !== null) optional += `,"delivery_error":${JSON.stringify(problem)}`;
  if (confidence !== null) optional += `,"confidence":${String(confidence)}`;
  if (attachments !== null) optional += `,"attachments":${attachments}`;
  return optional === '' ? message : `${message.slice(0, -1)}${optional}}`;
}

// ---------------------------------------------------------------- view

const SAID = [
  'MessageReceived',
  'BotReplied',
  'QueueNoticePosted',
  'AgentReplied',
  'TeamReplied',
  'BlastMessagePosted',
] as const;
type Said = Extract<Recorded, { type: (typeof SAID)[number] }>;

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
    case 'BlastMessagePosted':
      return {
        type: event.data.senderRole === 'super_admin' ? 'sa' : 'agent',
        id: event.data.senderId,
        name: null,
      };
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

const isSaid = (event: Recorded): event is Said => (SAID as readonly string[]).includes(event.type);

export function messagesView(): View {
  return {
    name: 'messages_l1',
    streams: ['conversation-', 'delivery-', 'media-'],
    tables: ['messages_l1', 'sends', 'deliveries', 'attachments'],
    forget: () => undefined,
    apply: async (sql, events) => {
      const said = events.filter(isSaid);
      const told = events.filter(isTold);
      await allOf([
        ...(said.length > 0 ? [writeSaid(sql, said)] : []),
        ...writeTold(sql, told),
        writeFiles(sql, events),
      ]);
      return undefined;
    },
  };
}
