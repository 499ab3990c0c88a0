-- Messages to many (domain.md, 'Blast'). A blast may go to several divisions, so it is not bound to one: its creator sees
-- it, and those who see all divisions; the route asks for the privilege.
CREATE TABLE read.blasts (
  id uuid PRIMARY KEY,
  position text COLLATE "C" NOT NULL,
  creator_id uuid NOT NULL,
  status text COLLATE "C" NOT NULL
    CHECK (status IN ('pending', 'approved', 'sending', 'paused', 'rejected', 'cancelled', 'done')),
  message text NOT NULL,
  template json NOT NULL,
  recipient_count integer NOT NULL,
  created_at timestamptz NOT NULL,
  decided_by uuid,
  approved_at timestamptz,
  rejected_at timestamptz,
  reject_reason text,
  -- Why the program paused it: the channel's code, or template_<state>.
  pause_reason text,
  finished_at timestamptz
);
CREATE INDEX blasts_order ON read.blasts (position DESC);
CREATE INDEX blasts_creator ON read.blasts (creator_id, position DESC);
CREATE INDEX blasts_running ON read.blasts (approved_at) WHERE status IN ('approved', 'sending', 'paused');
ALTER TABLE read.blasts ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY projector ON read.blasts TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY creator ON read.blasts FOR SELECT TO saga_reader_division
  USING (creator_id = nullif(current_setting('app.user', true), '')::uuid);
CREATE POLICY all_divisions ON read.blasts FOR SELECT TO saga_reader_all USING (true);
GRANT SELECT ON read.blasts TO saga_reader_division, saga_reader_all;

CREATE TABLE read.blast_recipients (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  blast_id uuid NOT NULL,
  ticket_id uuid NOT NULL,
  -- Place in the list that was approved.
  n integer NOT NULL,
  customer_id uuid NOT NULL,
  category text COLLATE "C" NOT NULL CHECK (category IN ('PANAS', 'HANGAT', 'DINGIN', 'NONE')),
  status text COLLATE "C" NOT NULL
    CHECK (status IN ('planned', 'attempted', 'deferred', 'accepted', 'failed', 'unknown', 'skipped')),
  form text CHECK (form IN ('text', 'template')),
  message_id uuid,
  channel_message_id text COLLATE "C",
  -- What the channel reported later: delivered, read or failed.
  delivery text,
  -- The channel's code, or why it was skipped.
  reason text,
  attempted_at timestamptz,
  responded_at timestamptz,
  PRIMARY KEY (division, blast_id, ticket_id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('blast_recipients', 'ticket_id');
CREATE INDEX blast_recipients_customer ON read.blast_recipients (division, customer_id);
-- Those under way: a program that was killed has to look at them again.
CREATE INDEX blast_recipients_under_way ON read.blast_recipients (division, blast_id) WHERE status = 'attempted';
CREATE INDEX blast_recipients_message ON read.blast_recipients (division, message_id) WHERE message_id IS NOT NULL;
CREATE INDEX blast_recipients_channel ON read.blast_recipients (division, channel_message_id)
  WHERE channel_message_id IS NOT NULL;
-- Who had a template in the last 24 hours: what Meta counts against the portfolio (whatsapp.md 7).
CREATE INDEX blast_recipients_templates ON read.blast_recipients (division, attempted_at) WHERE form = 'template';

-- The tickets of customers who were sent a blast, also those that their answer opened. For the view alone.
CREATE TABLE read.blast_tickets (
  division text COLLATE "C" NOT NULL,
  ticket_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  PRIMARY KEY (division, ticket_id)
);
