-- L1: the talk with the customer, as it was said. Order on the wire is the channel's time.
CREATE TABLE read.messages_l1 (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  ticket_id uuid NOT NULL,
  id uuid NOT NULL,
  sender_type text NOT NULL CHECK (sender_type IN ('customer', 'bot', 'agent', 'sa')),
  sender_id uuid,
  -- As it was then for customer and team; null for an agent: the name of today is looked up.
  sender_name text,
  content text NOT NULL,
  sent_at timestamptz NOT NULL,
  confidence double precision,
  attachments json,
  channel_message_id text COLLATE "C",
  PRIMARY KEY (division, ticket_id, id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('messages_l1', 'ticket_id');
CREATE INDEX messages_l1_order ON read.messages_l1 (division, ticket_id, sent_at DESC, id DESC);

-- How far an outbound message came. A table of its own: a report may arrive before our record of the message.
CREATE TABLE read.deliveries (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  ticket_id uuid NOT NULL,
  channel_message_id text COLLATE "C" NOT NULL,
  status text NOT NULL CHECK (status IN ('queued', 'sent', 'delivered', 'read', 'failed', 'unknown')),
  PRIMARY KEY (division, ticket_id, channel_message_id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('deliveries', 'ticket_id');

-- L2: notes among staff. Shares no table, query or path with L1 (domain.md, 'L2 never reaches a customer').
CREATE TABLE read.messages_l2 (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  ticket_id uuid NOT NULL,
  id uuid NOT NULL,
  sender_id uuid NOT NULL,
  content text NOT NULL,
  tagged_agent uuid,
  sent_at timestamptz NOT NULL,
  -- Place in the store: two notes of one millisecond keep their order.
  position text COLLATE "C" NOT NULL,
  PRIMARY KEY (division, ticket_id, position)
) PARTITION BY LIST (division);
SELECT read.part_by_division('messages_l2', 'ticket_id');
