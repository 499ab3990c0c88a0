/** The statements of the webhook inbox, each prepared once per connection. */

/**
 * Stores the items of several deliveries and the bodies of those that brought something new; answers the new keys.
 *
 * Numbers are given in the order of arrival, but rows are written in the order of their keys: two processes that
 * store the same deliveries at once then wait for each other instead of ending in a deadlock.
 */
export const STORE = {
  name: 'webhook_inbox_store',
  text: `
    WITH given AS MATERIALIZED (
      SELECT nextval('ops.webhook_inbox_seq') AS seq, arrived.*
      FROM (SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[]::timestamptz[])
              WITH ORDINALITY AS g (key, ordering_key, delivery_id, item, state, reason, received_at, ord)
            ORDER BY ord) arrived
    ), stored AS (
      INSERT INTO ops.webhook_inbox (seq, key, ordering_key, delivery_id, item, state, reason, received_at)
      SELECT seq, key, ordering_key, delivery_id, item, state, reason, received_at FROM given
      ORDER BY key COLLATE "C", seq
      ON CONFLICT (key) DO NOTHING
      RETURNING key, delivery_id
    ), bodies AS (
      INSERT INTO ops.webhook_delivery (id, form, body, received_at, division)
      SELECT * FROM unnest($8::uuid[], $9::text[], $10::text[], $11::text[]::timestamptz[], $12::text[])
        AS b (id, form, body, received_at, division)
      WHERE id IN (SELECT delivery_id FROM stored)
    )
    SELECT key FROM stored`,
};

/** What is due, none of the given numbers, and nothing behind a failing item of the same customer. */
export const PENDING = {
  name: 'webhook_inbox_pending',
  text: `
    SELECT i.seq::text, i.key, i.ordering_key, i.item, i.received_at, i.attempts,
           coalesce(extract(epoch FROM now() - i.waiting_since) * 1000, 0)::float8 AS waited_ms
    FROM ops.webhook_inbox i
    WHERE i.state = 'pending' AND i.due_at <= now() AND i.seq <> ALL ($2::bigint[])
      AND NOT EXISTS (
        SELECT FROM ops.webhook_inbox f
        WHERE f.ordering_key = i.ordering_key AND f.state = 'pending' AND f.attempts > 0 AND f.seq < i.seq)
    ORDER BY i.due_at, i.seq
    LIMIT $1`,
};

export const SETTLE_DONE = {
  name: 'webhook_inbox_settle_done',
  text: `
    UPDATE ops.webhook_inbox SET state = 'done', reason = NULL, processed_at = now()
    WHERE seq = ANY ($1::bigint[]) AND state = 'pending'`,
};

export const SETTLE = {
  name: 'webhook_inbox_settle',
  text: `
    UPDATE ops.webhook_inbox i SET
      state = CASE o.kind WHEN 'dead' THEN 'dead' ELSE 'pending' END,
      reason = o.reason,
      -- An item that only waits is sound: it must not hold its customer's later items back.
      attempts = CASE o.kind WHEN 'again' THEN i.attempts + 1 WHEN 'later' THEN 0 ELSE i.attempts END,
      waiting_since = CASE o.kind WHEN 'later' THEN coalesce(i.waiting_since, now()) ELSE i.waiting_since END,
      due_at = now() + o.delay_ms * interval '1 millisecond',
      processed_at = CASE o.kind WHEN 'dead' THEN now() END
    FROM unnest($1::bigint[], $2::text[], $3::text[], $4::float8[]) AS o (seq, kind, reason, delay_ms)
    WHERE i.seq = o.seq AND i.state = 'pending'`,
};

export const BACKLOG = {
  name: 'webhook_inbox_backlog',
  text: `
    SELECT count(*) FILTER (WHERE state = 'pending')::int AS pending,
           count(*) FILTER (WHERE state = 'dead')::int AS dead,
           min(received_at) FILTER (WHERE state = 'pending') AS oldest
    FROM ops.webhook_inbox WHERE state IN ('pending', 'dead')`,
};

export const DEAD_LETTERS = {
  name: 'webhook_inbox_dead_letters',
  text: `
    SELECT seq::text, reason, received_at, attempts, item FROM ops.webhook_inbox
    WHERE state = 'dead' AND ($1::bigint IS NULL OR seq < $1)
    ORDER BY seq DESC LIMIT $2`,
};

export const DEAD_DELIVERIES = {
  name: 'webhook_inbox_dead_deliveries',
  text: `
    SELECT id::text, form, division, body, received_at FROM ops.webhook_delivery
    WHERE ($1::uuid IS NULL OR id > $1)
      AND EXISTS (SELECT FROM ops.webhook_inbox i WHERE i.delivery_id = webhook_delivery.id AND i.state = 'dead')
    ORDER BY id LIMIT $2`,
};

export const REVIVE = {
  name: 'webhook_inbox_revive',
  text: `
    UPDATE ops.webhook_inbox SET
      state = CASE WHEN key = ANY ($2::text[]) THEN 'pending' ELSE 'ignored' END,
      reason = CASE WHEN key = ANY ($2::text[]) THEN NULL ELSE 'replayed, was ' || reason END,
      attempts = 0,
      waiting_since = NULL,
      due_at = now(),
      processed_at = CASE WHEN key = ANY ($2::text[]) THEN NULL ELSE now() END
    WHERE delivery_id = $1 AND state = 'dead' AND key <> ALL ($3::text[])`,
};
