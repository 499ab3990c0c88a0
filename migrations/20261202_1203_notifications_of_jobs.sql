-- The visit that a notification is about. Older ones are about none.
ALTER TABLE read.notifications ADD COLUMN job_id uuid;
