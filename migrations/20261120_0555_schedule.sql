-- The last run of each thing a clock starts. Says also what was missed while no process ran, and what a killed one left
-- unfinished.
CREATE TABLE ops.schedule (
  job         text PRIMARY KEY,
  -- The moment it was due, not the moment it ran.
  due_at      timestamptz NOT NULL,
  started_at  timestamptz NOT NULL,
  -- Null while it runs, and when it was killed or failed.
  finished_at timestamptz
);
