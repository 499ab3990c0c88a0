-- When each division is at work (domain.md, 'Office hours'). No row: the default of domain/policies/office-hours.ts.
-- Not division-bound: every member of staff may read the hours of every division (contract.md 8).
CREATE TABLE read.office_hours (
  unit text PRIMARY KEY CHECK (unit IN ('sari', 'savi', 'safia')),
  hours json NOT NULL
);
GRANT SELECT ON read.office_hours TO saga_reader_division, saga_reader_all, saga_reader_ticket;

-- What was changed about staff, roles, divisions and tags, and by whom. Readers have no grant: for super admins only.
CREATE TABLE read.admin_audit (
  position text COLLATE "C" PRIMARY KEY,
  id uuid NOT NULL,
  event text NOT NULL,
  at timestamptz NOT NULL,
  actor_id uuid,
  actor_role text NOT NULL,
  subject text NOT NULL,
  metadata json
);

-- Whom a customer talked to last (contract.md 8, assigned-agent).
CREATE INDEX tickets_customer ON read.tickets (division, customer_id, created_at DESC);
