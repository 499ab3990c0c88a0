-- ANALYZE copies values of a column into pg_statistic, where an erasure does not reach. So none are kept of columns that hold
-- names, numbers, words, tags or cities of customers in clear (docs/erasure.md#what-is-personal). Columns of type json
-- never have any: json knows no order.
--
-- What it costs: the planner takes its defaults for a condition on such a column. The queries on tags, search terms, counters
-- and routes go by the front of a primary key or an index, and the inbox chooses its way by its own counters.
--
-- Changing a column's type to what it is already rewrites nothing and removes the statistics that are there.
DO $$
DECLARE
  c record;
BEGIN
  FOR c IN
    SELECT format('%I.%I', w.place, w.name) AS table_name, a.attname, format_type(a.atttypid, a.atttypmod) AS type,
      CASE WHEN l.collname IS NOT NULL THEN format(' COLLATE %I.%I', s.nspname, l.collname) ELSE '' END AS collation
    FROM (VALUES
      ('ops', 'webhook_delivery', ARRAY['body']),
      ('ops', 'webhook_inbox', ARRAY['item', 'reason']),
      ('ops', 'idempotency_keys', ARRAY['body']),
      ('read', 'tickets', ARRAY['tags', 'search']),
      ('read', 'ticket_tags', ARRAY['tag']),
      ('read', 'ticket_counts', ARRAY['lens']),
      ('read', 'ticket_terms', ARRAY['term']),
      ('read', 'term_counts', ARRAY['prefix']),
      ('read', 'messages_l1', ARRAY['content', 'sender_name']),
      ('read', 'messages_l2', ARRAY['content']),
      ('read', 'customers', ARRAY['channel_user_id', 'phone', 'name']),
      ('read', 'attachments', ARRAY['file_name', 'mime_type']),
      ('read', 'sends', ARRAY['error']),
      ('read', 'deliveries', ARRAY['error']),
      ('read', 'analytics_tickets', ARRAY['origin', 'destination']),
      ('read', 'analytics_routes', ARRAY['origin', 'destination'])
    ) w (place, name, columns)
    JOIN pg_attribute a ON a.attrelid = format('%I.%I', w.place, w.name)::regclass AND a.attname = ANY (w.columns)
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
    LEFT JOIN pg_namespace s ON s.oid = l.collnamespace
  LOOP
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I TYPE %s%s', c.table_name, c.attname, c.type, c.collation);
    EXECUTE format('ALTER TABLE %s ALTER COLUMN %I SET STATISTICS 0', c.table_name, c.attname);
  END LOOP;
END
$$;
