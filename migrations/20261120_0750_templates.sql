-- The wordings that may be sent outside the service window. Not of a division: every member of staff chooses from them.
CREATE TABLE read.templates (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  language text NOT NULL,
  body text NOT NULL,
  whatsapp_name text,
  state text NOT NULL CHECK (state IN ('approved', 'paused', 'rejected', 'disabled')),
  state_reason text
);
GRANT SELECT ON read.templates TO saga_reader_division, saga_reader_all, saga_reader_ticket;
