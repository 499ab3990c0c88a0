-- What the lists of a desk are filtered and ordered by (docs/design/api.md#inbox-filters). The values come with
-- `npm run projections -- rebuild inbox`; until then old tickets have none of them.
ALTER TABLE read.tickets
  ADD COLUMN queue_label text COLLATE "C" CHECK (queue_label IN ('returning_customer', 'waiting_agent', 'off_hours')),
  ADD COLUMN is_returning boolean NOT NULL DEFAULT false,
  ADD COLUMN is_off_hours boolean NOT NULL DEFAULT false,
  ADD COLUMN waiting_since timestamptz,
  ADD COLUMN queued_at timestamptz,
  ADD COLUMN snoozed_until timestamptz,
  ADD COLUMN wake_at timestamptz,
  ADD COLUMN customer_messages integer NOT NULL DEFAULT 0;

-- The API answers the card as it is stored, so a card of before must have every member.
UPDATE read.tickets SET
  queue_label = card->>'queue_label',
  is_returning = (card->>'is_returning_customer')::boolean,
  is_off_hours = (card->>'is_off_hours')::boolean,
  card = (card::jsonb || jsonb_build_object(
    'last_customer_message_at', to_char(last_customer_message_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
    'waiting_since', null, 'queued_at', null, 'snoozed_until', null, 'version', 0,
    'queue_status', CASE WHEN status = 'closed' THEN null ELSE card->>'queue_status' END,
    'line', CASE WHEN card->>'wa_phone_id' IS NOT NULL
      THEN jsonb_build_object('id', card->>'wa_phone_id', 'name', card->>'wa_display_name') END))::json;

-- Few tickets each: those that wait, those in the queue, those put aside, those with a label, those by night.
CREATE INDEX tickets_waiting_since ON read.tickets (division, waiting_since, id) WHERE waiting_since IS NOT NULL;
CREATE INDEX tickets_queued ON read.tickets (division, queued_at, id) WHERE queued_at IS NOT NULL;
CREATE INDEX tickets_snoozed ON read.tickets (division, id) WHERE snoozed_until IS NOT NULL;
CREATE INDEX tickets_wake ON read.tickets (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX tickets_label ON read.tickets (division, queue_label, last_activity_at DESC, id DESC) WHERE queue_label IS NOT NULL;
CREATE INDEX tickets_returning ON read.tickets (division, last_activity_at DESC, id DESC, status, queue_status) WHERE is_returning;
CREATE INDEX tickets_off_hours ON read.tickets (division, last_activity_at DESC, id DESC, status, queue_status) WHERE is_off_hours;
CREATE INDEX tickets_created ON read.tickets (division, created_at DESC, id DESC);

-- How many of a ticket's customer messages each person has read (docs/design/business-rules.md#unread).
CREATE TABLE read.ticket_reads (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  ticket_id uuid NOT NULL,
  user_id uuid NOT NULL,
  seen integer NOT NULL,
  PRIMARY KEY (division, user_id, ticket_id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('ticket_reads', 'ticket_id');
