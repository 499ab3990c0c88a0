-- The plainest append there is (docs/design/performance.md#plain-append): no lock, no commit order, nobody woken.
-- The columns and indexes of es.events, so that the same row is written to the same places.
create table events (
  position bigint generated always as identity primary key,
  stream text collate "C" not null,
  revision bigint not null,
  event_id uuid not null,
  type text not null,
  data json not null,
  metadata json not null,
  recorded_at timestamptz not null default now(),
  unique (stream, revision),
  unique (event_id, stream)
);

create function append(p_stream text, p_revision bigint, p_id uuid, p_type text, p_data json, p_metadata json)
returns bigint language plpgsql as $$
declare
  v_position bigint;
begin
  insert into events (stream, revision, event_id, type, data, metadata)
  values (p_stream, p_revision, p_id, p_type, p_data, p_metadata)
  on conflict do nothing
  returning position into v_position;
  return v_position;
end;
$$;
