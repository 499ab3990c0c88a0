-- How each job went, for the figures and for what the clock looks for (docs/design/field-service.md#figures). Nothing personal.
CREATE TABLE read.visits (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  job_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  status text COLLATE "C" NOT NULL,
  -- Who has it, or had it last.
  technician_id uuid,
  window_from timestamptz NOT NULL,
  window_to timestamptz NOT NULL,
  -- Of window_from, in Jakarta.
  day date NOT NULL,
  opened_at timestamptz NOT NULL,
  -- For the first time.
  taken_at timestamptz,
  -- They said that they come later: until then they are not missed.
  extended_until timestamptz,
  arrived_at timestamptz,
  finished_at timestamptz,
  completed_at timestamptz,
  -- How often a technician was missed, and how often the report was sent back.
  missed integer NOT NULL,
  sent_back integer NOT NULL,
  -- Somebody was told that this technician is missed, or that nobody checked out.
  told boolean NOT NULL,
  check_out_told boolean NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (division, job_id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('visits', NULL);
CREATE INDEX visits_day ON read.visits (division, day);
CREATE INDEX visits_watched ON read.visits (window_from) WHERE status IN ('assigned', 'in_progress');
CREATE INDEX visits_customer ON read.visits (customer_id);
