-- Who did what to a ticket, in the order of the store. Holds no message text and no phone number.
CREATE TABLE read.audit_log (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  ticket_id uuid NOT NULL,
  position text COLLATE "C" NOT NULL,
  -- The event's own id.
  id uuid NOT NULL,
  event text NOT NULL,
  at timestamptz NOT NULL,
  actor_id uuid,
  actor_role text NOT NULL,
  from_who text,
  to_who text,
  metadata json,
  PRIMARY KEY (division, ticket_id, position)
) PARTITION BY LIST (division);
SELECT read.part_by_division('audit_log', 'ticket_id');
