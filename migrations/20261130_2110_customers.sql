-- Customers as a list (docs/design/api.md#customer-object), and customers who turned out to be one
-- (docs/design/business-rules.md#two-customers-who-are-one). `npm run projections -- rebuild customers` fills the words.
ALTER TABLE read.customers
  ADD COLUMN email text,
  ADD COLUMN address text,
  ADD COLUMN notes text,
  ADD COLUMN merged_into uuid,
  ADD COLUMN is_erased boolean NOT NULL DEFAULT false,
  -- What they are found by: made by the projector (src/projections/tickets/search.ts).
  ADD COLUMN words tsvector NOT NULL DEFAULT '';
UPDATE read.customers SET is_erased = true WHERE channel_user_id = '[dihapus]';
DO $$
DECLARE
  name text;
BEGIN
  -- What people are called is not copied into statistics (20261130_1431).
  FOREACH name IN ARRAY ARRAY['email', 'address', 'notes', 'words'] LOOP
    EXECUTE format('ALTER TABLE read.customers ALTER COLUMN %I SET STATISTICS 0', name);
  END LOOP;
END
$$;
CREATE INDEX customers_listed ON read.customers (division, id DESC, channel, (opted_out_at IS NOT NULL))
  WHERE merged_into IS NULL AND NOT is_erased;
CREATE INDEX customers_opted_out ON read.customers (division, id DESC)
  WHERE merged_into IS NULL AND NOT is_erased AND opted_out_at IS NOT NULL;
CREATE INDEX customers_words ON read.customers USING gin (words) WITH (gin_pending_list_limit = 256);
CREATE INDEX customers_phone ON read.customers (phone) WHERE phone IS NOT NULL;
CREATE INDEX customers_merged ON read.customers (division, merged_into) WHERE merged_into IS NOT NULL;

-- `@@` is not leakproof: see 20261130_2000. Gives ids only, and how many there are: what is shown is read under row security.
CREATE FUNCTION read.search_customers(wanted tsquery, wanted_divisions text[], wanted_channel text, wanted_opted_out boolean)
RETURNS TABLE (division text, id uuid)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = pg_catalog
SET enable_seqscan = off
SET enable_indexscan = off
AS $q$
  SELECT c.division, c.id FROM read.customers c
  WHERE c.words @@ wanted
    AND c.division = ANY (wanted_divisions)
    AND c.division = coalesce(nullif(current_setting('app.division', true), ''), c.division)
    AND c.merged_into IS NULL AND NOT c.is_erased
    AND (wanted_channel IS NULL OR c.channel = wanted_channel)
    AND (wanted_opted_out IS NULL OR (c.opted_out_at IS NOT NULL) = wanted_opted_out)
$q$;
REVOKE EXECUTE ON FUNCTION read.search_customers FROM PUBLIC;
GRANT EXECUTE ON FUNCTION read.search_customers TO saga_reader_division, saga_reader_all;

-- A ticket whose talk goes on in an older one of the same person.
ALTER TABLE read.tickets ADD COLUMN joined_to uuid;
CREATE INDEX tickets_joined ON read.tickets (division, joined_to) WHERE joined_to IS NOT NULL;
-- Such a ticket is no lead of its own.
ALTER TABLE read.analytics_tickets ADD COLUMN is_joined boolean NOT NULL DEFAULT false;
