-- Exports and how far each came (domain.md, 'Exports'). The files themselves are in FILES_DIR.
CREATE TABLE read.exports (
  id uuid PRIMARY KEY,
  position text COLLATE "C" NOT NULL,
  kind text NOT NULL CHECK (kind IN ('excel', 'pdf')),
  report_type text CHECK (report_type IN ('division_summary', 'agent_performance')),
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia', 'all')),
  start_date date NOT NULL,
  end_date date NOT NULL,
  requested_by uuid NOT NULL,
  status text NOT NULL CHECK (status IN ('pending', 'running', 'ready', 'failed', 'expired')),
  progress_pct integer NOT NULL,
  size bigint,
  reason text,
  requested_at timestamptz NOT NULL,
  finished_at timestamptz,
  expires_at timestamptz NOT NULL
);
-- A file is there, or being made: what the clean-up and an erasure look at.
CREATE INDEX exports_with_file ON read.exports (requested_at) WHERE status IN ('pending', 'running', 'ready');

ALTER TABLE read.exports ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY projector ON read.exports TO CURRENT_USER USING (true) WITH CHECK (true);
-- Whoever asked, whatever their division is; all of them for who reads all divisions.
CREATE POLICY requester ON read.exports FOR SELECT TO saga_reader_division
  USING (requested_by = nullif(current_setting('app.user', true), '')::uuid);
CREATE POLICY all_divisions ON read.exports FOR SELECT TO saga_reader_all USING (true);
GRANT SELECT ON read.exports TO saga_reader_division, saga_reader_all;
