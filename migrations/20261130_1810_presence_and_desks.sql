-- When somebody came to or left the desk, and why they left without saying so (docs/design/business-rules.md#presence).
-- `npm run projections -- rebuild users` fills the time of changes before this.
alter table read.users add column status_changed_at timestamptz;
alter table read.users add column status_reason text check (status_reason in ('logout', 'gone'));

-- When each person was heard of last: a request or an open stream of any of their sessions. No history: one row each.
create table ops.activity (
  user_id uuid primary key,
  seen_at timestamptz not null
);
