-- Super admins are told of each stream that is not whole (docs/design/reliability.md#whole-streams): the id of the notice, and
-- since when their devices have rung.
alter table ops.streams_not_whole
  add column id uuid not null default gen_random_uuid(),
  add column told_at timestamptz;
