-- Events that a view could not take in, and what came behind them, so that it goes on with everything else
-- (docs/design/reliability.md#parked-streams). Ids and places only, nothing of what the events hold.
create table ops.projection_parked (
  view text not null,
  position text collate "C" not null,
  stream text not null,
  revision bigint not null,
  event_id uuid not null,
  -- What is held together, in order: a ticket with all its streams, else one stream.
  subject text not null,
  -- Why the view could not take it in; null: it only waits behind one that it could not take in.
  reason text,
  -- A person asked for another try; the projector that runs takes it up.
  retry boolean not null default false,
  parked_at timestamptz not null default now(),
  primary key (view, position)
);
