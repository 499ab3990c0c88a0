-- Talks that the bot gave to people, how soon somebody had them, and how long it took until they were closed
-- (docs/analytics.md). `npm run projections -- rebuild analytics` counts what happened before.
ALTER TABLE read.analytics_tickets
  -- First queued, assigned or taken over.
  ADD COLUMN escalated_at timestamptz,
  -- First assigned or taken over.
  ADD COLUMN claimed_at timestamptz,
  -- Closed last; null: open.
  ADD COLUMN closed_at timestamptz;
ALTER TABLE read.analytics_days
  ADD COLUMN escalated bigint NOT NULL DEFAULT 0,
  ADD COLUMN claimed_soon bigint NOT NULL DEFAULT 0;

-- Closed tickets by how long they were open: what a median is read from. `minutes` are rounded up, the longer the coarser.
CREATE TABLE read.analytics_resolved (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  span text COLLATE "C" NOT NULL CHECK (span IN ('day', 'month')),
  day date NOT NULL,
  minutes int NOT NULL,
  closed bigint NOT NULL,
  PRIMARY KEY (division, span, day, minutes)
) PARTITION BY LIST (division);
SELECT read.part_by_division('analytics_resolved', NULL);
CREATE INDEX customers_opted_out_when ON read.customers (division, opted_out_at)
  WHERE merged_into IS NULL AND NOT is_erased AND opted_out_at IS NOT NULL;
