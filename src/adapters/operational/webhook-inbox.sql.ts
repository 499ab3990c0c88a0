/**
 * The statements of the webhook inbox, each prepared once per connection. `seq` is read as text: its connections have
 * pg's own parsers.
 */
import { sql } from 'kysely';
import { assembled, type NoRow, statement } from '../../engine/sql/statement.ts';
import type { Columns, Row } from '../../engine/sql/tables.ts';
import type { Statement } from '../../ports.ts';

type Inbox = 'ops.webhook_inbox';

/** Why a dead letter is one that came under the id of another message of its sender, with other words. */
export const DIFFERS = 'differs_from_first';

/**
 * Stores the items of several deliveries and the bodies of those that brought something new; answers the new keys.
 *
 * Numbers are given in the order of arrival, but rows are written in the order of their keys: two processes that
 * store the same deliveries at once then wait for each other instead of ending in a deadlock.
 */
const STORE = `
    WITH given AS MATERIALIZED (
      SELECT nextval('ops.webhook_inbox_seq') AS seq, arrived.*
      FROM (SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[]::timestamptz[],
                $13::text[], $14::text[]::timestamptz[], $16::text[])
              WITH ORDINALITY AS g (key, ordering_key, delivery_id, item, state, reason, received_at, lane, sent_at, former, ord)
            ORDER BY ord) arrived
    ), stored AS (
      INSERT INTO ops.webhook_inbox (seq, key, ordering_key, delivery_id, item, state, reason, received_at, lane, sent_at)
      SELECT seq, key, ordering_key, delivery_id, item, state, reason, received_at, lane, sent_at FROM given g
      WHERE NOT EXISTS (
        SELECT FROM ops.webhook_inbox w
        WHERE w.key = g.former AND w.ordering_key = g.ordering_key AND coalesce(w.sent_at = g.sent_at, true))
      ORDER BY key COLLATE "C", seq
      ON CONFLICT (key) DO NOTHING
      RETURNING key, delivery_id
    ), bodies AS (
      INSERT INTO ops.webhook_delivery (id, form, body, received_at, division, line)
      SELECT * FROM unnest($8::uuid[], $9::text[], $10::text[], $11::text[]::timestamptz[], $12::text[], $15::text[])
        AS b (id, form, body, received_at, division, line)
      WHERE id IN (SELECT delivery_id FROM stored)
    )
    SELECT key FROM stored`;

/** @param values sixteen arrays, in Postgres' binary form */
export const storeItems = (values: readonly Buffer[]): Statement<Columns<Inbox, { key: 'key' }>> =>
  assembled('webhook_inbox_store', STORE, values);

/** What is kept under these keys. */
export const keptItems = statement(
  'webhook_inbox_kept',
  (keys: readonly string[]) =>
    sql<Columns<Inbox, { key: 'key'; item: 'item' }>>`
    SELECT key, item FROM ops.webhook_inbox WHERE key = ANY (${keys}::text[])`,
);

/** A lane's oldest items that are looked at in one fetch; who has more than this waiting is in `except` the next time. */
const LOOKED_AT = 2_000;

/**
 * What is due, in turns: of each lane (division and channel) its customers' first items, then their second, ... Nothing
 * of the given customers, and nothing behind a failing item of the same customer.
 */
export const pendingItems = statement(
  'webhook_inbox_pending',
  (limit: number, except: readonly string[], share: number) => sql<
    Columns<
      Inbox,
      {
        key: 'key';
        orderingKey: 'ordering_key';
        item: 'item';
        receivedAt: 'received_at';
        attempts: 'attempts';
      }
    > & {
      seq: string;
      waitedMs: number;
    }
  >`
    WITH RECURSIVE lanes (lane) AS (
      (SELECT lane FROM ops.webhook_inbox WHERE state = 'pending' ORDER BY lane LIMIT 1)
      UNION ALL
      SELECT (SELECT n.lane FROM ops.webhook_inbox n WHERE n.state = 'pending' AND n.lane > l.lane ORDER BY n.lane LIMIT 1)
      FROM lanes l WHERE l.lane IS NOT NULL
    ), turns AS (
      SELECT own.seq, own.nth, own.lane,
             row_number() OVER (PARTITION BY own.lane ORDER BY own.nth, own.due_at, own.seq) AS turn
      FROM (
        SELECT oldest.*, row_number() OVER (PARTITION BY oldest.lane, oldest.ordering_key ORDER BY oldest.due_at, oldest.seq) AS nth
        FROM lanes l CROSS JOIN LATERAL (
          SELECT p.lane, p.due_at, p.seq, p.ordering_key FROM ops.webhook_inbox p
          WHERE p.state = 'pending' AND p.lane = l.lane AND p.due_at <= now() AND p.ordering_key <> ALL (${except}::text[])
            AND NOT EXISTS (
              SELECT FROM ops.webhook_inbox f
              WHERE f.ordering_key = p.ordering_key AND f.state = 'pending' AND f.attempts > 0 AND f.seq < p.seq)
          ORDER BY p.due_at, p.seq LIMIT ${LOOKED_AT}
        ) oldest
      ) own
      WHERE own.nth <= ${share}
      ORDER BY turn, own.lane LIMIT ${limit}
    )
    SELECT i.seq::text, i.key, i.ordering_key as "orderingKey", i.item, i.received_at as "receivedAt", i.attempts,
           coalesce(extract(epoch FROM now() - i.waiting_since) * 1000, 0)::float8 AS "waitedMs"
    FROM turns t JOIN ops.webhook_inbox i USING (seq)
    ORDER BY t.turn, t.lane`,
);

/** Items that became events, and which. */
export const settleDone = statement(
  'webhook_inbox_settle_done',
  (
    seqs: readonly string[],
    eventIds: readonly (string | null)[],
    positions: readonly (string | null)[],
  ) => sql<NoRow>`
    UPDATE ops.webhook_inbox i
    SET state = 'done', reason = NULL, processed_at = now(), event_id = o.event_id, event_position = o.position
    FROM unnest(${seqs}::bigint[], ${eventIds}::uuid[], ${positions}::text[]) AS o (seq, event_id, position)
    WHERE i.seq = o.seq AND i.state = 'pending'`,
);

/** Items that failed, wait, or are given up. */
export const settleOthers = statement(
  'webhook_inbox_settle',
  (
    seqs: readonly string[],
    kinds: readonly string[],
    reasons: readonly string[],
    delaysMs: readonly number[],
  ) => sql<NoRow>`
    UPDATE ops.webhook_inbox i SET
      state = CASE o.kind WHEN 'dead' THEN 'dead' ELSE 'pending' END,
      reason = o.reason,
      -- An item that only waits is sound: it must not hold its customer's later items back.
      attempts = CASE o.kind WHEN 'again' THEN i.attempts + 1 WHEN 'later' THEN 0 ELSE i.attempts END,
      waiting_since = CASE o.kind WHEN 'later' THEN coalesce(i.waiting_since, now()) ELSE i.waiting_since END,
      due_at = now() + o.delay_ms * interval '1 millisecond',
      processed_at = CASE o.kind WHEN 'dead' THEN now() END
    FROM unnest(${seqs}::bigint[], ${kinds}::text[], ${reasons}::text[], ${delaysMs}::float8[]) AS o (seq, kind, reason, delay_ms)
    WHERE i.seq = o.seq AND i.state = 'pending'`,
);

/** How many items wait and how many are dead; when the oldest waiting one came. */
export const backlogCounts = statement(
  'webhook_inbox_backlog',
  () => sql<{ pending: number; dead: number; oldest: Row<Inbox>['received_at'] | null }>`
    SELECT count(*) FILTER (WHERE state = 'pending')::int AS pending,
           count(*) FILTER (WHERE state = 'dead')::int AS dead,
           min(received_at) FILTER (WHERE state = 'pending') AS oldest
    FROM ops.webhook_inbox WHERE state IN ('pending', 'dead')`,
);

/**
 * A page of dead items, the newest first. Whose they are, the channel's address says, or the item itself: no text within
 * it can look like that member, for its quotes are escaped.
 */
export const deadItems = statement(
  'webhook_inbox_dead_letters',
  (cursor: string | null, division: string | null, limit: number) => sql<
    Columns<Inbox, { receivedAt: 'received_at'; attempts: 'attempts'; item: 'item' }> & {
      seq: string;
      // An item does not end without one.
      reason: NonNullable<Row<Inbox>['reason']>;
    }
  >`
    SELECT seq::text, reason, received_at as "receivedAt", attempts, item FROM ops.webhook_inbox
    WHERE state = 'dead' AND (${cursor}::bigint IS NULL OR seq < ${cursor}::bigint)
      AND (${division}::text IS NULL OR item LIKE '%"division":"' || ${division}::text || '"%' OR EXISTS (
        SELECT FROM ops.webhook_delivery d WHERE d.id = webhook_inbox.delivery_id AND d.division = ${division}::text))
    -- By the number: \`seq\` alone would be the text of the list above.
    ORDER BY webhook_inbox.seq DESC LIMIT ${limit}`,
);

/** Deliveries with a dead item, in the order of their ids. */
export const deadBodies = statement(
  'webhook_inbox_dead_deliveries',
  (after: string | null, limit: number, ids: readonly string[] | null) => sql<
    Columns<
      'ops.webhook_delivery',
      { id: 'id'; form: 'form'; division: 'division'; line: 'line'; body: 'body'; receivedAt: 'received_at' }
    >
  >`
    SELECT id::text, form, division, line, body, received_at as "receivedAt" FROM ops.webhook_delivery
    WHERE (${after}::uuid IS NULL OR id > ${after})
      AND EXISTS (SELECT FROM ops.webhook_inbox i WHERE i.delivery_id = webhook_delivery.id AND i.state = 'dead'
        AND (${ids}::bigint[] IS NULL OR i.seq = ANY (${ids}::bigint[])))
    ORDER BY id LIMIT ${limit}`,
);

/** The dead items of one delivery: back to work, ignored, or still dead. */
export const reviveItems = statement(
  'webhook_inbox_revive',
  (deliveryId: string, pendingKeys: readonly string[], deadKeys: readonly string[]) => sql<NoRow>`
    UPDATE ops.webhook_inbox SET
      state = CASE WHEN key = ANY (${pendingKeys}::text[]) THEN 'pending' ELSE 'ignored' END,
      reason = CASE WHEN key = ANY (${pendingKeys}::text[]) THEN NULL ELSE 'replayed, was ' || reason END,
      attempts = 0,
      waiting_since = NULL,
      due_at = now(),
      processed_at = CASE WHEN key = ANY (${pendingKeys}::text[]) THEN NULL ELSE now() END
    WHERE delivery_id = ${deliveryId} AND state = 'dead' AND reason <> ${DIFFERS} AND key <> ALL (${deadKeys}::text[])`,
);
