-- One append of one stream, in one round trip.
--
--   p_stream    'ticket-0190...'
--   p_expected  -1: the stream must not exist, -2: no check, else revision of the stream's last event
--   p_ids, p_types, p_data, p_metadata   one element per event; all empty: only the check
--
-- ok        the expectation held and the events are written
-- revision  of the stream's last event: after the append when ok, else what the stream is at (-1: none)
-- position  of the last event written, null when nothing was
--
-- A unique violation says that an event id is in the stream already: the caller finds out which
-- append that was (never `on conflict do nothing`: it would hide half an append).
-- The row lock is taken first; in READ COMMITTED every statement after it sees all commits before it.
create function es.append(
  p_stream text,
  p_expected bigint,
  p_ids uuid[],
  p_types text[],
  p_data json[],
  p_metadata json[],
  out ok boolean,
  out revision bigint,
  out "position" bigint
) language plpgsql as $$
declare
  v_count constant bigint := cardinality(p_ids);
  v_before bigint;
begin
  update es.store s set head = s.head + v_count returning s.head - v_count into strict v_before;

  select e.revision into revision
    from es.events e where e.stream = p_stream order by e.revision desc limit 1;
  revision := coalesce(revision, -1);

  ok := p_expected in (-2, revision);
  if not ok then
    update es.store s set head = v_before;
    return;
  end if;
  if v_count = 0 then
    return;
  end if;

  insert into es.events (position, stream, revision, event_id, type, data, metadata)
  select v_before + n.n, p_stream, append.revision + n.n, n.id, n.type, n.data, n.metadata
    from unnest(p_ids, p_types, p_data, p_metadata) with ordinality n (id, type, data, metadata, n);

  revision := revision + v_count;
  "position" := v_before + v_count;
  perform pg_notify('es', '');
end;
$$;
