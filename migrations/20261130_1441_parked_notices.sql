-- What a notification of kind `projection_parked` is about, and since when it needs no one any more
-- (docs/design/reliability.md#parked-streams). Old rows have none of it.
alter table read.notifications add column parked_view text;
alter table read.notifications add column parked_subject text;
alter table read.notifications add column resolved_at timestamptz;
drop index read.notifications_unread;
create index notifications_unread on read.notifications (user_id, position desc)
  where read_at is null and resolved_at is null;
