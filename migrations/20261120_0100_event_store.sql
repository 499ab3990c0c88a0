-- The event store on Postgres. Only the functions of the next files write here.

create schema es;

-- One row. Its lock is the commit order of the whole store, `head` is the position of the last event:
-- positions are gapless and become visible in order (reliability.md 2.1).
create table es.store (
  only_row boolean primary key default true check (only_row),
  store_id uuid not null default gen_random_uuid(),
  head bigint not null default 0 check (head >= 0)
);
insert into es.store default values;

create table es.events (
  position bigint primary key,
  stream text collate "C" not null,
  revision bigint not null check (revision >= 0),
  event_id uuid not null,
  type text not null,
  -- json, not jsonb: the bytes stay as they were handed in (they get hashed later), \u0000 included.
  data json not null,
  metadata json not null,
  recorded_at timestamptz not null default now(),
  constraint events_stream_revision unique (stream, revision),
  -- Ids grow with time (UUID v7), so this order writes at the end of the index instead of all over it.
  constraint events_stream_event_id unique (event_id, stream)
);

-- History is not rewritten, by nobody, not even by mistake in a migration.
create function es.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'es.events is append-only' using errcode = 'insufficient_privilege';
end;
$$;

create trigger events_are_append_only
  before update or delete or truncate on es.events
  for each statement execute function es.refuse_change();
