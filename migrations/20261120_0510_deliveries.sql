-- How far each message of ours came: what the sender knows and what the channel reported by our own id of it.
CREATE TABLE read.sends (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  ticket_id uuid NOT NULL,
  message_id uuid NOT NULL,
  channel_message_id text COLLATE "C",
  status text NOT NULL CHECK (status IN ('queued', 'sent', 'delivered', 'read', 'failed', 'unknown')),
  -- The channel's code and words when it failed, ours when nobody knows.
  error text,
  PRIMARY KEY (division, ticket_id, message_id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('sends', 'ticket_id');

-- What the channel reported by its own id only may have been filed under a later ticket of the customer: found by
-- the id first.
ALTER TABLE read.deliveries DROP CONSTRAINT deliveries_pkey;
ALTER TABLE read.deliveries ADD PRIMARY KEY (division, channel_message_id, ticket_id);
ALTER TABLE read.deliveries ADD COLUMN error text;
