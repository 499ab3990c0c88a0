-- What an event store is recognised by (docs/design/reliability.md#the-right-store): events of ours, and where they are.
-- Ids and places only, nothing of what the events hold.
create table ops.store_anchors (
  position text collate "C" primary key,
  store_id text not null,
  event_id uuid not null,
  stream text not null,
  revision bigint not null,
  -- Domain time of the event.
  at timestamptz not null,
  -- Kept for an hour's or a minute's sake; the others go when a newer one comes.
  lasting boolean not null,
  noted_at timestamptz not null default clock_timestamp()
);

-- Each time another store answered than the one that was known. At most one is open.
create table ops.store_changes (
  id uuid primary key default gen_random_uuid(),
  expected text not null,
  found text not null,
  since timestamptz not null default clock_timestamp(),
  -- Of a restore: only an operator ends it, also when the store looks right.
  must_accept boolean not null default false,
  ended_at timestamptz,
  ended_by text check (ended_by in ('came back', 'accepted')),
  check ((ended_at is null) = (ended_by is null))
);
create unique index store_changes_open on ops.store_changes ((true)) where ended_at is null;

-- The last event that an item led to, and where the stream ended then: whether it is still there decides whether the
-- item is taken in again after a restore. Null: from before there was this column, or the item had no effect.
alter table ops.webhook_inbox add column event_id uuid, add column event_position text collate "C";
