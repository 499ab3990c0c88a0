-- What staff are told (contract.md 8). One row per person and event: an event tells nobody twice.
CREATE TABLE read.notifications (
  user_id uuid NOT NULL,
  -- The event's own id.
  id uuid NOT NULL,
  -- Place in the store: newest first without ties.
  position text COLLATE "C" NOT NULL,
  kind text NOT NULL,
  ticket_id uuid,
  -- Named in the text with the name of today.
  actor_id uuid,
  count integer NOT NULL,
  threshold double precision,
  created_at timestamptz NOT NULL,
  read_at timestamptz,
  PRIMARY KEY (user_id, id)
);
CREATE INDEX notifications_order ON read.notifications (user_id, position DESC);
CREATE INDEX notifications_unread ON read.notifications (user_id, position DESC) WHERE read_at IS NULL;
ALTER TABLE read.notifications ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY projector ON read.notifications TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY own ON read.notifications FOR SELECT TO saga_reader_division, saga_reader_all, saga_reader_ticket
  USING (user_id = nullif(current_setting('app.user', true), '')::uuid);
GRANT SELECT ON read.notifications TO saga_reader_division, saga_reader_all, saga_reader_ticket;

-- Who waits in the queue, and since when, for the queue check alone: no reader may look at it.
CREATE TABLE read.queue_watch (
  ticket_id uuid PRIMARY KEY,
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  -- Id of the event that put it there.
  episode uuid NOT NULL,
  since timestamptz NOT NULL,
  off_hours boolean NOT NULL
);
CREATE INDEX queue_watch_since ON read.queue_watch (since);

-- The last episode that was told of, per ticket and level ('queue 5', 'queue 15', 'idle').
CREATE TABLE read.alerts_told (
  level text COLLATE "C" NOT NULL,
  ticket_id uuid NOT NULL,
  episode text COLLATE "C" NOT NULL,
  PRIMARY KEY (level, ticket_id)
);
