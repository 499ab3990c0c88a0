-- Search in messages (docs/design/api.md#search). The words of a message, in lower case without accents, are made by the
-- projector; views messages_l1 and messages_l2 fill them. L1 and L2 keep sharing nothing.
DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['messages_l1', 'messages_l2'] LOOP
    EXECUTE format($t$ALTER TABLE read.%I ADD COLUMN words tsvector NOT NULL DEFAULT ''$t$, name);
    -- What people wrote is not copied into statistics (20261130_1431).
    EXECUTE format('ALTER TABLE read.%I ALTER COLUMN words SET STATISTICS 0', name);
    -- A short pending list (kB): each search reads it from end to end.
    EXECUTE format('CREATE INDEX %I ON read.%I USING gin (words) WITH (gin_pending_list_limit = 256)', name || '_words', name);
    EXECUTE format('CREATE INDEX %I ON read.%I (sent_at DESC, id DESC)', name || '_newest', name);

    -- `@@` is not leakproof: under row security it uses no index. So this runs as the owner, takes the division from the scope
    -- where there is one, and gives keys only: what is shown is read again under row security.
    EXECUTE format($f$
      CREATE FUNCTION read.%1$I(wanted tsquery, wanted_divisions text[], before_at timestamptz, before_id uuid, most int)
      RETURNS TABLE (division text, ticket_id uuid, id uuid)
      LANGUAGE sql STABLE SECURITY DEFINER
      SET search_path = pg_catalog
      -- Without statistics of words the planner would rather walk all messages by their time.
      SET enable_seqscan = off
      SET enable_indexscan = off
      AS $q$
        SELECT m.division, m.ticket_id, m.id FROM read.%2$I m
        WHERE m.words @@ wanted
          AND m.division = ANY (wanted_divisions)
          AND m.division = coalesce(nullif(current_setting('app.division', true), ''), m.division)
          AND (m.sent_at, m.id) < (before_at, before_id)
        ORDER BY m.sent_at DESC, m.id DESC LIMIT most
      $q$
    $f$, 'search_' || name, name);
    EXECUTE format('REVOKE EXECUTE ON FUNCTION read.%I FROM PUBLIC', 'search_' || name);
    EXECUTE format('GRANT EXECUTE ON FUNCTION read.%I TO saga_reader_division, saga_reader_all', 'search_' || name);
  END LOOP;
END
$$;
