/** What the watcher saw of each line, in `ops.line_states`, and when something came or went by it. */
import { sql } from 'kysely';
import { type NoRow, statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { LineLook, LineState, WatchedLine, WriteStore } from '../../ports.ts';

export type LineTables = Pick<WriteStore, 'query'>;

const seen = statement(
  'line_states_seen',
  (
    channel: string,
    line: string,
    state: string,
    detail: string | null,
    at: Date,
  ) => sql<NoRow>`insert into ops.line_states as s (channel, line, state, detail, changed_at, checked_at)
values (${channel}, ${line}, ${state}, ${detail}, ${at}, ${at})
on conflict (channel, line) do update set state = excluded.state, detail = excluded.detail, checked_at = excluded.checked_at,
  changed_at = case when s.state = excluded.state then s.changed_at else excluded.changed_at end`,
);

const allStates = statement(
  'line_states_all',
  () =>
    sql<
      Columns<
        'ops.line_states',
        {
          channel: 'channel';
          line: 'line';
          state: 'state';
          detail: 'detail';
          checkedAt: 'checked_at';
          caughtUpTo: 'caught_up_to';
        }
      >
    >`select channel, line, state, detail, checked_at as "checkedAt", caught_up_to as "caughtUpTo" from ops.line_states`,
);

const caughtUp = statement(
  'line_states_caught_up',
  (channel: string, line: string, at: Date) =>
    sql<NoRow>`update ops.line_states set caught_up_to = ${at} where channel = ${channel} and line = ${line}`,
);

/** Customers' last messages are on their tickets; what went out has an id that begins with its time. */
const traffic = statement(
  null,
  () => sql<{ channel: string; line: string; inboundAt: Date | null; outboundAt: Date | null }>`
with came as (
  select card->>'channel' as channel, card->'line'->>'id' as line, max((card->>'last_customer_message_at')::timestamptz) as at
  from read.tickets where card->'line'->>'id' is not null group by 1, 2
), newest as (
  select t.card->>'channel' as channel, s.line, max(s.message_id::text) as id
  from read.sends s join read.tickets t on t.division = s.division and t.id = s.ticket_id
  where s.line is not null group by 1, 2
), went as (
  select n.channel, n.line, m.sent_at as at from newest n join read.messages_l1 m on m.id = n.id::uuid
)
select coalesce(c.channel, w.channel) as channel, coalesce(c.line, w.line) as line, c.at as "inboundAt", w.at as "outboundAt"
from came c full join went w on w.channel = c.channel and w.line = c.line`,
);

/** The id of a message begins with its time (UUID v7). */
const firstIdAt = (at: Date): string => {
  const hex = at.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
};

const unconfirmed = statement(
  'line_states_unconfirmed',
  (line: string, from: string, to: string) =>
    sql<{
      found: boolean;
    }>`select exists (select from read.sends s where s.line = ${line} and s.status = 'sent'
  and s.message_id >= ${from}::uuid and s.message_id < ${to}::uuid
  and not exists (select from read.deliveries d where d.division = s.division and d.channel_message_id = s.channel_message_id
    and d.status in ('delivered', 'read', 'failed'))) as found`,
);

/** A report comes within seconds: after so long its provider is asked, once. Milliseconds. */
const CONFIRMED_WITHIN_MS = 60_000;

/**
 * Whether a message left by this line of which nobody said within a minute that it arrived (docs/design/channels.md#waha).
 * @param everyMs how often it is looked: each message counts in one look @throws StoreUnavailable
 */
export async function isUnconfirmed(
  tables: LineTables,
  line: string,
  now: Date,
  everyMs: number,
): Promise<boolean> {
  const to = new Date(now.getTime() - CONFIRMED_WITHIN_MS);
  const from = new Date(to.getTime() - everyMs);
  const [row] = await tables.query(unconfirmed(line, firstIdAt(from), firstIdAt(to)));
  return row?.found ?? false;
}

export interface KnownLine extends WatchedLine {
  /** ISO 8601; null: nothing was looked for yet. */
  readonly caughtUpTo: string | null;
}

/** @throws StoreUnavailable */
export async function lineStates(tables: LineTables): Promise<readonly KnownLine[]> {
  const rows = await tables.query(allStates());
  return rows.map(({ checkedAt, caughtUpTo, state, ...row }) => ({
    ...row,
    // Only the watcher writes it.
    state: state as LineState,
    checkedAt: checkedAt.toISOString(),
    caughtUpTo: caughtUpTo?.toISOString() ?? null,
  }));
}

/** @throws StoreUnavailable */
export const writeLook = (
  tables: LineTables,
  channel: string,
  line: string,
  { state, detail }: LineLook,
  at: Date,
): Promise<unknown> => tables.query(seen(channel, line, state, detail, at));

/** @throws StoreUnavailable */
export const writeCaughtUp = (
  tables: LineTables,
  channel: string,
  line: string,
  at: Date,
): Promise<unknown> => tables.query(caughtUp(channel, line, at));

/** When the last message came and went by each line, as the read tables have it. @throws StoreUnavailable */
export const lineTraffic = (tables: LineTables) => tables.query(traffic());
