-- Every read table that holds something of a division is made the same way, so that none can forget a part.

-- Call after CREATE TABLE read.<name> (division text, ...) PARTITION BY LIST (division).
--
--   table_name     name in schema read
--   ticket_column  column with the ticket's id: a reader of one granted ticket sees its rows. Null: never any
--
-- Makes one partition per division, and policies in the one form that prunes and uses indexes (reliability.md 3.2).
-- Partitions get no grants: a grant there goes round the parent's policy (reliability.md 3.1).
CREATE FUNCTION read.part_by_division(table_name text, ticket_column text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  division text;
BEGIN
  FOREACH division IN ARRAY ARRAY['sari', 'savi', 'safia'] LOOP
    EXECUTE format('CREATE TABLE read.%I PARTITION OF read.%I FOR VALUES IN (%L)',
      table_name || '_' || division, table_name, division);
    EXECUTE format('ALTER TABLE read.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', table_name || '_' || division);
  END LOOP;
  EXECUTE format('ALTER TABLE read.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', table_name);
  -- FORCE holds for the owner too; the owner is the projector. Partitions are written through the parent only.
  EXECUTE format('CREATE POLICY projector ON read.%I TO CURRENT_USER USING (true) WITH CHECK (true)', table_name);
  EXECUTE format($p$CREATE POLICY one_division ON read.%I FOR SELECT TO saga_reader_division
    USING (division = nullif(current_setting('app.division', true), ''))$p$, table_name);
  EXECUTE format('CREATE POLICY all_divisions ON read.%I FOR SELECT TO saga_reader_all USING (true)', table_name);
  EXECUTE format('GRANT SELECT ON read.%I TO saga_reader_division, saga_reader_all', table_name);
  IF ticket_column IS NOT NULL THEN
    -- The grant itself is looked up: the setting alone opens nothing.
    EXECUTE format($p$CREATE POLICY one_ticket ON read.%1$I FOR SELECT TO saga_reader_ticket
      USING (division = nullif(current_setting('app.division', true), '')
         AND %2$I = nullif(current_setting('app.ticket', true), '')::uuid
         AND EXISTS (SELECT FROM read.ticket_grants g
                      WHERE g.ticket_id = nullif(current_setting('app.ticket', true), '')::uuid
                        AND g.division = nullif(current_setting('app.division', true), '')
                        AND g.user_id = nullif(current_setting('app.user', true), '')::uuid))$p$, table_name, ticket_column);
    EXECUTE format('GRANT SELECT ON read.%I TO saga_reader_ticket', table_name);
  END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION read.part_by_division FROM PUBLIC;

-- Tickets a person may see although they are of another division: assigned across divisions (contract.md 4).
-- Small on purpose: reached by its own policy, not by an OR in the hot one.
CREATE TABLE read.ticket_grants (
  user_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  division text NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  PRIMARY KEY (user_id, ticket_id)
);
CREATE INDEX ticket_grants_ticket ON read.ticket_grants (ticket_id);
ALTER TABLE read.ticket_grants ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY projector ON read.ticket_grants TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY own ON read.ticket_grants FOR SELECT TO saga_reader_division, saga_reader_all, saga_reader_ticket
  USING (user_id = nullif(current_setting('app.user', true), '')::uuid);
GRANT SELECT ON read.ticket_grants TO saga_reader_division, saga_reader_all, saga_reader_ticket;

-- Which division a ticket is of, for everybody: 404 and 403 must be told apart (contract.md 1). Nothing else in it.
CREATE TABLE read.ticket_directory (
  ticket_id uuid PRIMARY KEY,
  division text NOT NULL CHECK (division IN ('sari', 'savi', 'safia'))
);
ALTER TABLE read.ticket_directory ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY projector ON read.ticket_directory TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY everybody ON read.ticket_directory FOR SELECT
  TO saga_reader_division, saga_reader_all, saga_reader_ticket USING (true);
GRANT SELECT ON read.ticket_directory TO saga_reader_division, saga_reader_all, saga_reader_ticket;
