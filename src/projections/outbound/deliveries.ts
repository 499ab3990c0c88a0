/**
 * How far each message of ours came. Three sources meet here in any order: what the sender recorded, what the channel
 * reports by our own id, and what it reports by its id only.
 */
import type { Recorded } from '../../domain/codec.ts';
import type { DeliveryStatus } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import { storable, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { columns } from '../../engine/projections/view.ts';

/**
 * From least to most said. The furthest ever heard counts, so the order of arrival does not: `unknown` gives way to
 * any report, and what was delivered did not fail, whichever of the two came first (whatsapp.md 2).
 */
const ORDER = ['queued', 'unknown', 'sent', 'failed', 'delivered', 'read'] as const;

/** Does a report of `next` count when the message is at `now`? */
export const advances = (now: DeliveryStatus, next: DeliveryStatus): boolean =>
  ORDER.indexOf(next) > ORDER.indexOf(now);

const ORDER_SQL = `array[${ORDER.map((status) => `'${status}'`).join(', ')}]`;
const rankSql = (status: string): string => `array_position(${ORDER_SQL}, ${status})`;
const ADVANCES_SQL = `${rankSql('excluded.status')} > ${rankSql('d.status')}`;

/** The furthest of two statuses, each of which may be null. */
export const furthestSql = (a: string, b: string): string =>
  `(${ORDER_SQL})[greatest(${rankSql(a)}, ${rankSql(b)})]`;

/** What was said of a message: `s` by our id, `d` by the channel's. For a query that names its message `m`. */
export const DELIVERY_JOINS = `left join read.sends s on s.division = m.division and s.ticket_id = m.ticket_id
  and s.message_id = m.id
left join lateral (select r.status, r.error from read.deliveries r
  where m.sender_type <> 'customer' and r.division = m.division
    and r.channel_message_id = coalesce(m.channel_message_id, s.channel_message_id)
  order by ${rankSql('r.status')} desc limit 1) d on true`;

type Kind<T extends Recorded['type']> = Extract<Recorded, { type: T }>;
const TYPES = ['DeliveryReported', 'DeliveryAccepted', 'DeliveryFailed', 'DeliveryLeftUnknown'] as const;
export type Told = Kind<(typeof TYPES)[number]>;
export const isTold = (event: Recorded): event is Told => (TYPES as readonly string[]).includes(event.type);

interface Word {
  readonly division: string;
  readonly ticketId: string;
  readonly messageId: string | null;
  readonly channelMessageId: string | null;
  readonly status: DeliveryStatus;
  readonly error: string | null;
}

function wordOf(event: Told): Word {
  const { division, ticketId } = event.data;
  switch (event.type) {
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

/** One word per message: the furthest, with the channel's id from whichever had it first. */
function folded(words: readonly Word[], keyOf: (word: Word) => string): readonly Word[] {
  const furthest = new Map<string, Word>();
  for (const word of words) {
    const key = keyOf(word);
    const known = furthest.get(key);
    const further = !known || advances(known.status, word.status) ? word : known;
    const channelMessageId = known?.channelMessageId ?? word.channelMessageId;
    furthest.set(key, { ...further, channelMessageId });
  }
  return [...furthest.values()];
}

/** Writes what a batch tells. @returns the statements under way */
export function writeTold(sql: Sql, told: readonly Told[]): readonly Promise<unknown>[] {
  const words = told.map(wordOf);
  const ours = words.filter(({ messageId }) => messageId !== null);
  const theirs = words.filter(({ messageId }) => messageId === null);
  return [
    ...(ours.length > 0
      ? [
          writeOurs(
            sql,
            folded(ours, ({ ticketId, messageId }) => `${ticketId} ${String(messageId)}`),
          ),
        ]
      : []),
    ...(theirs.length > 0
      ? [
          writeTheirs(
            sql,
            folded(
              theirs,
              ({ ticketId, channelMessageId }) => `${ticketId} ${storable(channelMessageId ?? '')}`,
            ),
          ),
        ]
      : []),
  ];
}

const writeOurs = (sql: Sql, words: readonly Word[]): Promise<unknown> =>
  sql.query({
    name: 'sends_advance',
    text: `insert into read.sends as d (division, ticket_id, message_id, channel_message_id, status, error)
select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[])
on conflict (division, ticket_id, message_id) do update set
  channel_message_id = coalesce(d.channel_message_id, excluded.channel_message_id),
  status = case when ${ADVANCES_SQL} then excluded.status else d.status end,
  error = case when ${ADVANCES_SQL} then excluded.error else d.error end`,
    values: columns(
      words,
      ({ division }) => division,
      ({ ticketId }) => ticketId,
      ({ messageId }) => messageId,
      ({ channelMessageId }) => storableOrNull(channelMessageId),
      ({ status }) => status,
      ({ error }) => storableOrNull(error),
    ),
  });

const writeTheirs = (sql: Sql, words: readonly Word[]): Promise<unknown> =>
  sql.query({
    name: 'deliveries_advance',
    text: `insert into read.deliveries as d (division, ticket_id, channel_message_id, status, error)
select * from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[])
on conflict (division, channel_message_id, ticket_id) do update
set status = excluded.status, error = excluded.error where ${ADVANCES_SQL}`,
    values: columns(
      words,
      ({ division }) => division,
      ({ ticketId }) => ticketId,
      ({ channelMessageId }) => storable(channelMessageId ?? ''),
      ({ status }) => status,
      ({ error }) => storableOrNull(error),
    ),
  });
