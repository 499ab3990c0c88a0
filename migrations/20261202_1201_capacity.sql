-- Room for jobs, and the time of technicians (docs/design/field-service.md#capacity).
CREATE TABLE read.capacity_days (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  day date NOT NULL,
  -- A day without a row takes JOBS_PER_DAY.
  slots integer NOT NULL,
  PRIMARY KEY (division, day)
) PARTITION BY LIST (division);
SELECT read.part_by_division('capacity_days', NULL);

-- Which jobs have a place on which day.
CREATE TABLE read.slots (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  day date NOT NULL,
  job_id uuid NOT NULL,
  reserved_at timestamptz NOT NULL,
  PRIMARY KEY (division, day, job_id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('slots', NULL);

-- What a technician can do. Not division-bound: who sees a technician is judged by the division of the person.
CREATE TABLE read.technicians (
  id uuid PRIMARY KEY,
  -- null: every skill.
  skills json,
  max_jobs_per_day integer NOT NULL,
  leave_from date,
  leave_to date
);
GRANT SELECT ON read.technicians TO saga_reader_division, saga_reader_all;

-- Which jobs have the time of a technician. Says nothing of the job but its window.
CREATE TABLE read.agendas (
  technician_id uuid NOT NULL,
  day date NOT NULL,
  job_id uuid NOT NULL,
  window_from timestamptz NOT NULL,
  window_to timestamptz NOT NULL,
  reserved_at timestamptz NOT NULL,
  PRIMARY KEY (technician_id, day, job_id)
);
CREATE INDEX agendas_day ON read.agendas (day);
GRANT SELECT ON read.agendas TO saga_reader_division, saga_reader_all;
