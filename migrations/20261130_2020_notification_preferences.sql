-- What people do not want to be told of, or not on every way. Belongs to view notifications. A kind without a row: everything.
CREATE TABLE read.notification_preferences (
  user_id uuid NOT NULL,
  kind text NOT NULL,
  in_app boolean NOT NULL,
  push boolean NOT NULL,
  sound boolean NOT NULL,
  PRIMARY KEY (user_id, kind)
);
ALTER TABLE read.notification_preferences ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY projector ON read.notification_preferences TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY own ON read.notification_preferences FOR SELECT TO saga_reader_division, saga_reader_all, saga_reader_ticket
  USING (user_id = nullif(current_setting('app.user', true), '')::uuid);
GRANT SELECT ON read.notification_preferences TO saga_reader_division, saga_reader_all, saga_reader_ticket;
