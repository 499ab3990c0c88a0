-- Who came in, who tried to, and who looked at personal data (decision 9). Readers have no grant: whoever asks must
-- have audit_read, which is checked before.
CREATE TABLE read.access_log (
  position text COLLATE "C" PRIMARY KEY,
  id uuid NOT NULL,
  event text NOT NULL,
  at timestamptz NOT NULL,
  -- Whose sign-in it was, or who read; null for an account that is not there.
  user_id uuid,
  ticket_id uuid,
  metadata json NOT NULL
);
CREATE INDEX access_log_user ON read.access_log (user_id, position DESC);
CREATE INDEX access_log_ticket ON read.access_log (ticket_id, position DESC) WHERE ticket_id IS NOT NULL;
CREATE INDEX access_log_at ON read.access_log (at);
