-- The inbox (contract.md 4): one row per ticket, and beside it what makes every filter quick at a million tickets.

CREATE TABLE read.tickets (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  id uuid NOT NULL,
  customer_id uuid NOT NULL,
  status text COLLATE "C" NOT NULL CHECK (status IN ('new', 'in_progress', 'awaiting_response', 'closed')),
  queue_status text COLLATE "C" NOT NULL CHECK (queue_status IN ('free', 'queued', 'assigned', 'off_hours')),
  channel text COLLATE "C" NOT NULL CHECK (channel IN ('whatsapp', 'telegram', 'instagram', 'facebook', 'web')),
  crm_stage text COLLATE "C" NOT NULL CHECK (crm_stage IN ('Lead', 'Qualified', 'Proposal', 'Won', 'Lost')),
  assigned_to uuid,
  waiting_for uuid,
  tags text[] NOT NULL,
  last_activity_at timestamptz NOT NULL,
  created_at timestamptz NOT NULL,
  last_customer_message_at timestamptz,
  -- ' budi santoso 6281234567890': every word a search may begin with, after a blank
  search text COLLATE "C" NOT NULL,
  -- The TicketObject as it goes over the wire, less what only the moment of reading knows (is_idle, people's names):
  -- fifty of them cost 0.2 ms; built from columns by the page query they cost 0.9.
  card json NOT NULL,
  PRIMARY KEY (division, id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('tickets', 'id');

-- Small columns stand behind the order so that a second filter is checked in the index, without fetching the row.
CREATE INDEX tickets_activity ON read.tickets (division, last_activity_at DESC, id DESC);
-- A status and a queue_status always go together as one of seven pairs: either filter is a union of these.
CREATE INDEX tickets_standing ON read.tickets (division, status, queue_status, last_activity_at DESC, id DESC, channel, crm_stage);
CREATE INDEX tickets_channel ON read.tickets (division, channel, last_activity_at DESC, id DESC, status, queue_status, crm_stage);
CREATE INDEX tickets_assignee ON read.tickets (division, assigned_to, last_activity_at DESC, id DESC, status, channel)
  WHERE assigned_to IS NOT NULL;
-- Most tickets are leads: those walk by activity.
CREATE INDEX tickets_stage ON read.tickets (division, crm_stage, last_activity_at DESC, id DESC, status, channel)
  WHERE crm_stage <> 'Lead';
CREATE INDEX tickets_waiting ON read.tickets (waiting_for) WHERE waiting_for IS NOT NULL;

-- One row per ticket and tag, with the columns a page may be filtered by: array operators are not leakproof, so row
-- security keeps them from their index (reliability.md 3.2).
CREATE TABLE read.ticket_tags (
  division text COLLATE "C" NOT NULL,
  tag text COLLATE "C" NOT NULL,
  last_activity_at timestamptz NOT NULL,
  id uuid NOT NULL,
  status text COLLATE "C" NOT NULL,
  queue_status text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  crm_stage text COLLATE "C" NOT NULL,
  assigned_to uuid
) PARTITION BY LIST (division);
SELECT read.part_by_division('ticket_tags', NULL);
CREATE INDEX ticket_tags_key ON read.ticket_tags (division, tag, last_activity_at DESC, id DESC, status, queue_status, channel);

-- Exact totals without counting. `lens`: '*' all tickets; 'a<user>' of one assignee; 't<tag>' with one tag;
-- 'a<user> t<tag>'; 't<tag> t<tag>' with two tags, in order.
CREATE TABLE read.ticket_counts (
  division text COLLATE "C" NOT NULL,
  lens text COLLATE "C" NOT NULL,
  status text COLLATE "C" NOT NULL,
  queue_status text COLLATE "C" NOT NULL,
  channel text COLLATE "C" NOT NULL,
  crm_stage text COLLATE "C" NOT NULL,
  n integer NOT NULL,
  PRIMARY KEY (division, lens, status, queue_status, channel, crm_stage)
) PARTITION BY LIST (division);
SELECT read.part_by_division('ticket_counts', NULL);

-- Search: words of the name and digits of the phone, in the form of projections/search.ts.
CREATE TABLE read.ticket_terms (
  division text COLLATE "C" NOT NULL,
  term text COLLATE "C" NOT NULL,
  id uuid NOT NULL,
  PRIMARY KEY (division, term, id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('ticket_terms', NULL);

-- How many tickets have a word that begins so; for prefixes as short as projections/search.ts counts them.
CREATE TABLE read.term_counts (
  division text COLLATE "C" NOT NULL,
  prefix text COLLATE "C" NOT NULL,
  n integer NOT NULL,
  PRIMARY KEY (division, prefix)
) PARTITION BY LIST (division);
SELECT read.part_by_division('term_counts', NULL);

-- Counters change with every batch: room in the page keeps those updates out of the index (HOT).
DO $$
DECLARE
  division text;
BEGIN
  FOREACH division IN ARRAY ARRAY['sari', 'savi', 'safia'] LOOP
    EXECUTE format('ALTER TABLE read.%I SET (fillfactor = 50)', 'ticket_counts_' || division);
    EXECUTE format('ALTER TABLE read.%I SET (fillfactor = 70)', 'term_counts_' || division);
  END LOOP;
END
$$;
