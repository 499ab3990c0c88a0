-- Figures (contract.md 7). What was counted stands by day and, beside it, by month, so that a year costs twelve rows;
-- each ticket's facts say what of it is counted where, so that a late correction changes the day it belongs to.
-- Ids, cities, reasons and numbers only: nothing here says who a customer is.

CREATE TABLE read.analytics_tickets (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  ticket_id uuid NOT NULL,
  channel text COLLATE "C" NOT NULL,
  opened_at timestamptz NOT NULL,
  -- Ever Qualified, Proposal or Won.
  is_valid boolean NOT NULL,
  -- The bot finished it, and nobody opened it again.
  is_resolved boolean NOT NULL,
  -- A person was assigned at any time.
  had_agent boolean NOT NULL,
  -- Who has it, or had it when it closed.
  agent_id uuid,
  -- Assigned since then, and not answered yet.
  picking_since timestamptz,
  stage text COLLATE "C" NOT NULL CHECK (stage IN ('open', 'Won', 'Lost')),
  -- The last entry into Won or Lost, and who had it then.
  decided_at timestamptz,
  decided_by uuid,
  deal_value bigint,
  quote_value bigint,
  discount_given bigint,
  lost_reason text COLLATE "C",
  origin text COLLATE "C",
  destination text COLLATE "C",
  PRIMARY KEY (division, ticket_id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('analytics_tickets', NULL);
-- Those that nobody answered yet.
CREATE INDEX analytics_tickets_picking ON read.analytics_tickets (division, agent_id, picking_since)
  WHERE picking_since IS NOT NULL;

-- leads, valid, resolved: opened in the span; won, revenue, cycle_ms, lost: decided in it. `day` of a month is its first.
-- Rupiah are numeric: absurd deal values must not stop the view.
CREATE TABLE read.analytics_days (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  span text COLLATE "C" NOT NULL CHECK (span IN ('day', 'month')),
  day date NOT NULL,
  channel text COLLATE "C" NOT NULL,
  leads bigint NOT NULL,
  valid bigint NOT NULL,
  resolved bigint NOT NULL,
  won bigint NOT NULL,
  lost bigint NOT NULL,
  revenue numeric NOT NULL,
  cycle_ms bigint NOT NULL,
  PRIMARY KEY (division, span, day, channel)
) PARTITION BY LIST (division);
SELECT read.part_by_division('analytics_days', NULL);

-- What agents decided, on the day they did.
CREATE TABLE read.analytics_agent_days (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  span text COLLATE "C" NOT NULL CHECK (span IN ('day', 'month')),
  day date NOT NULL,
  agent_id uuid NOT NULL,
  won bigint NOT NULL,
  lost bigint NOT NULL,
  revenue numeric NOT NULL,
  -- Won with a deal value.
  deals bigint NOT NULL,
  quotes numeric NOT NULL,
  discounts numeric NOT NULL,
  PRIMARY KEY (division, span, day, agent_id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('analytics_agent_days', NULL);

-- agent_id 00000000-0000-0000-0000-000000000000: nobody had the ticket.
CREATE TABLE read.analytics_reasons (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  span text COLLATE "C" NOT NULL CHECK (span IN ('day', 'month')),
  day date NOT NULL,
  agent_id uuid NOT NULL,
  reason text COLLATE "C" NOT NULL,
  lost bigint NOT NULL,
  PRIMARY KEY (division, span, day, agent_id, reason)
) PARTITION BY LIST (division);
SELECT read.part_by_division('analytics_reasons', NULL);

-- Tickets opened in the span whose cities are known.
CREATE TABLE read.analytics_routes (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  span text COLLATE "C" NOT NULL CHECK (span IN ('day', 'month')),
  day date NOT NULL,
  origin text COLLATE "C" NOT NULL,
  destination text COLLATE "C" NOT NULL,
  leads bigint NOT NULL,
  PRIMARY KEY (division, span, day, origin, destination)
) PARTITION BY LIST (division);
SELECT read.part_by_division('analytics_routes', NULL);

-- How long assignments that began in the span waited for their agent's first reply, by started minutes, so that the
-- figure is exact for any limit; the last row is 'longer than a day'. unanswered: it ended before that reply.
CREATE TABLE read.analytics_pickups (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  span text COLLATE "C" NOT NULL CHECK (span IN ('day', 'month')),
  day date NOT NULL,
  agent_id uuid NOT NULL,
  minutes integer NOT NULL CHECK (minutes BETWEEN 0 AND 1441),
  answered bigint NOT NULL,
  unanswered bigint NOT NULL,
  answered_ms bigint NOT NULL,
  PRIMARY KEY (division, span, day, agent_id, minutes)
) PARTITION BY LIST (division);
SELECT read.part_by_division('analytics_pickups', NULL);

-- Who works where and is online since when. Of colleagues a reader of one division sees nothing.
CREATE TABLE read.analytics_people (
  user_id uuid PRIMARY KEY,
  role text COLLATE "C" NOT NULL,
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia', 'all')),
  is_active boolean NOT NULL,
  online_since timestamptz,
  -- [{ since, division }], oldest first: under whose hours each time falls. since is null in the first.
  divisions json NOT NULL
);
-- Milliseconds online within the hours of the division, of the times online that have ended.
CREATE TABLE read.analytics_presence (
  user_id uuid NOT NULL,
  span text COLLATE "C" NOT NULL CHECK (span IN ('day', 'month')),
  day date NOT NULL,
  online_ms bigint NOT NULL,
  PRIMARY KEY (user_id, span, day)
);
-- The hours of each division and since when they hold. Office hours are open to everybody (contract.md 8).
CREATE TABLE read.analytics_hours (
  unit text COLLATE "C" NOT NULL CHECK (unit IN ('sari', 'savi', 'safia')),
  since timestamptz NOT NULL,
  hours json NOT NULL,
  PRIMARY KEY (unit, since)
);
GRANT SELECT ON read.analytics_hours TO saga_reader_division, saga_reader_all;

DO $$
DECLARE
  name text;
  division text;
BEGIN
  FOREACH name IN ARRAY ARRAY['analytics_people', 'analytics_presence'] LOOP
    EXECUTE format('ALTER TABLE read.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
    EXECUTE format('CREATE POLICY projector ON read.%I TO CURRENT_USER USING (true) WITH CHECK (true)', name);
    EXECUTE format('CREATE POLICY all_divisions ON read.%I FOR SELECT TO saga_reader_all USING (true)', name);
    EXECUTE format('GRANT SELECT ON read.%I TO saga_reader_all', name);
  END LOOP;
  -- Counters of today change with every batch: room in the page keeps those updates out of the index (HOT).
  FOREACH name IN ARRAY ARRAY['analytics_days', 'analytics_agent_days', 'analytics_reasons', 'analytics_routes',
    'analytics_pickups', 'analytics_tickets'] LOOP
    FOREACH division IN ARRAY ARRAY['sari', 'savi', 'safia'] LOOP
      EXECUTE format('ALTER TABLE read.%I SET (fillfactor = 70)', name || '_' || division);
    END LOOP;
  END LOOP;
END
$$;

-- Effect of blasts in a period, without fetching the rows (projections/blasts.ts owns the table).
CREATE INDEX blast_recipients_effect ON read.blast_recipients (division, attempted_at)
  INCLUDE (category, status, delivery, responded_at) WHERE attempted_at IS NOT NULL;
