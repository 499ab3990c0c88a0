-- How many messages of blasts went out on each day, and how many of those were answered: a period's figures without
-- reading every recipient again. Kept by the view of the recipients, so that no two answers differ about one blast.
CREATE TABLE read.blast_days (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  span text COLLATE "C" NOT NULL CHECK (span IN ('day', 'month')),
  day date NOT NULL,
  category text COLLATE "C" NOT NULL CHECK (category IN ('PANAS', 'HANGAT', 'DINGIN')),
  sent bigint NOT NULL,
  responded bigint NOT NULL,
  PRIMARY KEY (division, span, day, category)
) PARTITION BY LIST (division);
SELECT read.part_by_division('blast_days', NULL);
DO $$
DECLARE
  division text;
BEGIN
  -- As the other counters: room in the page keeps updates out of the index.
  FOREACH division IN ARRAY ARRAY['sari', 'savi', 'safia'] LOOP
    EXECUTE format('ALTER TABLE read.%I SET (fillfactor = 70)', 'blast_days_' || division);
  END LOOP;
END
$$;
-- What it was for is counted now.
DROP INDEX read.blast_recipients_effect;
-- Which day a message went out only the view knows (BUSINESS_TIMEZONE): it begins anew, from the events.
TRUNCATE read.blasts, read.blast_recipients, read.blast_tickets;
DELETE FROM ops.projections WHERE view = 'blasts';
