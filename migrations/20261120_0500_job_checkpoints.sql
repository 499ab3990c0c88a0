-- How far each job that follows the events has come. Apart from ops.projections: views are rebuilt from zero, and
-- what a job did to the outside world must not happen again (reliability.md 2.5).
CREATE TABLE ops.job_checkpoints (
  job        text PRIMARY KEY,
  store_id   text NOT NULL,
  position   text COLLATE "C" NOT NULL,
  updated_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 50);
