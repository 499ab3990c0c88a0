/**
 * How far each message of ours came. Three sources arrive here in any order: what the sender recorded, what the channel
 * reports by our own id, and what it reports by its own id only.
 */
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import { advances, DELIVERY_ORDER } from '../../domain/outbound/furthest.ts';
import type { DeliveryStatus, Division } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import { storable, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { write } from '../../engine/sql/statement.ts';

export { advances };

const ORDER_SQL = `array[${DELIVERY_ORDER.map((status) => `'${status}'`).join(', ')}]`;
const rankSql = (status: string): string => `array_position(${ORDER_SQL}, ${status})`;
const ADVANCES_SQL = `${rankSql('excluded.status')} > ${rankSql('d.status')}`;

/** The furthest of two statuses, each of which may be null. */
export const furthestSql = (a: string, b: string): string =>
  `(${ORDER_SQL})[greatest(${rankSql(a)}, ${rankSql(b)})]`;

/** How far a message came: `s` by our id, `d` by the channel's. For a query that names its message `m`. */
export const DELIVERY_JOINS = `left join read.sends s on s.division = m.division and s.ticket_id = m.ticket_id
  and s.message_id = m.id
left join lateral (select r.status, r.error from read.deliveries r
  where m.sender_type <> 'customer' and r.division = m.division
    and r.channel_message_id = coalesce(m.channel_message_id, s.channel_message_id)
  order by ${rankSql('r.status')} desc limit 1) d on true`;

const TYPES = [
  'DeliveryAttempted',
  'DeliveryReported',
  'DeliveryAccepted',
  'DeliveryFailed',
  'DeliveryLeftUnknown',
] as const;
export type DeliveryReport = RecordedOf<(typeof TYPES)[number]>;
/** Does the event say how far a message of ours came? */
export const isDeliveryReport = (event: Recorded): event is DeliveryReport =>
  (TYPES as readonly string[]).includes(event.type);

interface DeliveryChange {
  readonly division: Division;
  readonly ticketId: string;
  readonly messageId: string | null;
  readonly channelMessageId: string | null;
  readonly status: DeliveryStatus;
  readonly error: string | null;
  /** Our line that it went out on, where the event says it. */
  readonly line?: string | null;
}

function stepOf(event: DeliveryReport): DeliveryChange {
  const { division, ticketId } = event.data;
  switch (event.type) {
    case 'DeliveryAttempted': {
      const { messageId, line = null } = event.data;
      const place = { division, ticketId, messageId, line };
      return { ...place, channelMessageId: null, status: 'queued', error: null };
    }
    case 'DeliveryReported': {
      const { messageId = null, channelMessageId, status, error } = event.data;
      return { division, ticketId, messageId, channelMessageId, status, error };
    }
    case 'DeliveryAccepted': {
      const { messageId, channelMessageId } = event.data;
      return { division, ticketId, messageId, channelMessageId, status: 'sent', error: null };
    }
    case 'DeliveryFailed': {
      const { messageId, code, reason } = event.data;
      const error = reason === null ? code : `${code} ${reason}`;
      return { division, ticketId, messageId, channelMessageId: null, status: 'failed', error };
    }
    case 'DeliveryLeftUnknown': {
      const { messageId, reason } = event.data;
      return { division, ticketId, messageId, channelMessageId: null, status: 'unknown', error: reason };
    }
  }
}

/** One step per message: the furthest, with the channel's id from the first step that had it. */
function folded(
  steps: readonly DeliveryChange[],
  keyOf: (step: DeliveryChange) => string,
): readonly DeliveryChange[] {
  const furthest = new Map<string, DeliveryChange>();
  for (const step of steps) {
    const key = keyOf(step);
    const known = furthest.get(key);
    const further = !known || advances(known.status, step.status) ? step : known;
    const channelMessageId = known?.channelMessageId ?? step.channelMessageId;
    const line = step.line ?? known?.line ?? null;
    furthest.set(key, { ...further, channelMessageId, line });
  }
  return [...furthest.values()];
}

/** Writes how far the messages of a batch came. @returns the statements under way */
export function writeDeliveries(sql: Sql, reports: readonly DeliveryReport[]): readonly Promise<unknown>[] {
  const steps = reports.map(stepOf);
  const byOurId = steps.filter(({ messageId }) => messageId !== null);
  const byChannelId = steps.filter(({ messageId }) => messageId === null);
  return [
    ...(byOurId.length > 0
      ? [
          writeSends(
            sql,
            folded(byOurId, ({ ticketId, messageId }) => `${ticketId} ${String(messageId)}`),
          ),
        ]
      : []),
    ...(byChannelId.length > 0
      ? [
          writeReported(
            sql,
            folded(
              byChannelId,
              ({ ticketId, channelMessageId }) => `${ticketId} ${storable(channelMessageId ?? '')}`,
            ),
          ),
        ]
      : []),
  ];
}

const writeSends = (sql: Sql, steps: readonly DeliveryChange[]): Promise<unknown> =>
  sql.query(
    write(
      'sends_advance',
      `insert into read.sends as d (division, ticket_id, message_id, channel_message_id, status, error, line)
select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])
on conflict (division, ticket_id, message_id) do update set
  line = coalesce(excluded.line, d.line),
  channel_message_id = coalesce(d.channel_message_id, excluded.channel_message_id),
  status = case when ${ADVANCES_SQL} then excluded.status else d.status end,
  error = case when ${ADVANCES_SQL} then excluded.error else d.error end`,
      columnsOf('read.sends', steps, {
        division: ({ division }) => division,
        ticket_id: ({ ticketId }) => ticketId,
        message_id: ({ messageId }) => messageId ?? '',
        channel_message_id: ({ channelMessageId }) => storableOrNull(channelMessageId),
        status: ({ status }) => status,
        error: ({ error }) => storableOrNull(error),
        line: ({ line }) => storableOrNull(line ?? null),
      }),
    ),
  );

const writeReported = (sql: Sql, steps: readonly DeliveryChange[]): Promise<unknown> =>
  sql.query(
    write(
      'deliveries_advance',
      `insert into read.deliveries as d (division, ticket_id, channel_message_id, status, error)
select * from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[])
on conflict (division, channel_message_id, ticket_id) do update
set status = excluded.status, error = excluded.error where ${ADVANCES_SQL}`,
      columnsOf('read.deliveries', steps, {
        division: ({ division }) => division,
        ticket_id: ({ ticketId }) => ticketId,
        channel_message_id: ({ channelMessageId }) => storable(channelMessageId ?? ''),
        status: ({ status }) => status,
        error: ({ error }) => storableOrNull(error),
      }),
    ),
  );
