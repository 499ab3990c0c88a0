-- Staff. Not cut by division: names stand on tickets of every division, and only names may be read by readers.
CREATE TABLE read.users (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  email text NOT NULL,
  password_hash text NOT NULL,
  role text NOT NULL CHECK (role IN ('super_admin', 'team_lead', 'sales_agent', 'viewer')),
  division text NOT NULL CHECK (division IN ('sari', 'savi', 'safia', 'all')),
  status text NOT NULL CHECK (status IN ('online', 'offline')),
  is_active boolean NOT NULL,
  granted text[] NOT NULL,
  revoked text[] NOT NULL,
  -- How many open tickets routing may give them; null: no limit.
  max_active_tickets integer,
  created_at timestamptz NOT NULL
);
-- Not unique: the staff list decides whom an address belongs to (domain/staff.ts), a view only follows.
CREATE INDEX users_email ON read.users (lower(email));
ALTER TABLE read.users ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY projector ON read.users TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY names ON read.users FOR SELECT TO saga_reader_division, saga_reader_all, saga_reader_ticket USING (true);
GRANT SELECT (id, name) ON read.users TO saga_reader_division, saga_reader_all, saga_reader_ticket;

-- Roles whose privileges were changed from the default (contract.md 9).
CREATE TABLE read.roles (
  role text PRIMARY KEY CHECK (role IN ('super_admin', 'team_lead', 'sales_agent', 'viewer')),
  privileges text[] NOT NULL
);

CREATE TABLE read.tags (
  id uuid PRIMARY KEY,
  name text NOT NULL,
  color text NOT NULL,
  kind text NOT NULL CHECK (kind IN ('system', 'custom'))
);
GRANT SELECT ON read.tags TO saga_reader_division, saga_reader_all, saga_reader_ticket;

CREATE TABLE read.customers (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  id uuid NOT NULL,
  customer_key text COLLATE "C" NOT NULL,
  channel text NOT NULL,
  channel_user_id text NOT NULL,
  phone text,
  name text,
  PRIMARY KEY (division, id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('customers', NULL);
