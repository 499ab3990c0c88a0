-- Visits to customers (docs/design/field-service.md#life-of-a-job): one row per job.
CREATE TABLE read.jobs (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  id uuid NOT NULL,
  customer_id uuid NOT NULL,
  ticket_id uuid,
  technician_id uuid,
  status text COLLATE "C" NOT NULL CHECK (status IN ('open', 'assigned', 'in_progress', 'done', 'completed', 'cancelled')),
  window_from timestamptz NOT NULL,
  window_to timestamptz NOT NULL,
  -- Of window_from, as a clock in Jakarta has it.
  day date NOT NULL,
  -- What the job's stream says, with the texts; who may see which part of it is decided when it is shown.
  job json NOT NULL,
  PRIMARY KEY (division, id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('jobs', NULL);
CREATE INDEX jobs_window ON read.jobs (division, window_from DESC, id DESC, status);
CREATE INDEX jobs_pool ON read.jobs (division, window_from, id) WHERE status = 'open';
CREATE INDEX jobs_technician ON read.jobs (technician_id, window_from DESC, id DESC) WHERE technician_id IS NOT NULL;
CREATE INDEX jobs_customer ON read.jobs (division, customer_id);
CREATE INDEX jobs_ticket ON read.jobs (division, ticket_id) WHERE ticket_id IS NOT NULL;
