-- Streams of which the event store does not hand out every event (docs/design/reliability.md#whole-streams).
-- Names and places only, nothing of what the events hold.
create table ops.streams_not_whole (
  stream text collate "C" primary key,
  problem text not null,
  found_at timestamptz not null default now()
);

-- A customer of whom the event store has nothing: was there one?
create index customers_key on read.customers (customer_key);
