-- Many appends in one transaction: the group commit of one process.
--
--   p_streams, p_expected   one element per append (values as in es.append)
--   p_earlier               per append: events of earlier appends of this batch to the same stream
--   p_counts                per append: how many events it has
--   p_of, p_seq             per event: the number of its append (1..), its number in there (1..)
--   p_ids, p_types, p_data, p_metadata   per event, in the order of the appends
--
-- Several appends of one stream may stand in a batch when their expectations are the same: of exact
-- ones the first that writes wins, `any` ones follow each other. Mixed ones the caller sends apart.
-- Returns one row per append, in order; columns as in es.append, except that `revision` of a refused one
-- is what the stream was at before this batch.
--
-- What is not set-wise is arithmetic in memory: the loop touches no table, except for a refusal. Measured at
-- 128 appends: 21 us each, 30 us when one statement decides by window functions.
create function es.append_batch(
  p_streams text[],
  p_expected bigint[],
  p_earlier int[],
  p_counts int[],
  p_of int[],
  p_seq int[],
  p_ids uuid[],
  p_types text[],
  p_data json[],
  p_metadata json[]
) returns table (ok boolean, revision bigint, "position" bigint) language plpgsql as $$
declare
  v_count constant bigint := cardinality(p_ids);
  v_before bigint;
  v_last bigint;
  v_heads bigint[];
  v_bases bigint[]; -- revision before the append's first event; null: refused
begin
  update es.store s set head = s.head + v_count returning s.head - v_count into strict v_before;
  v_last := v_before;

  -- From the expected revision on: of a long stream the scan then reads one index entry, not a page full.
  select array_agg(h.revision order by a.nr) into v_heads
    from unnest(p_streams, p_expected) with ordinality a (stream, expected, nr)
    left join lateral (
      select e.revision from es.events e
       where e.stream = a.stream and e.revision >= a.expected order by e.revision desc limit 1
    ) h on true;

  for i in 1 .. cardinality(p_streams) loop
    if v_heads[i] is null then
      v_heads[i] := -1;
      if p_expected[i] >= 0 then
        -- Refused: the stream is not that far. Only the answer needs to know how far it is.
        v_heads[i] := coalesce((select max(e.revision) from es.events e where e.stream = p_streams[i]), -1);
      end if;
    end if;
    ok := p_expected[i] = -2 or (p_expected[i] = v_heads[i] and p_earlier[i] = 0);
    revision := v_heads[i];
    "position" := null;
    if ok then
      v_bases[i] := v_heads[i] + p_earlier[i];
      revision := v_bases[i] + p_counts[i];
      v_last := v_last + p_counts[i];
      if p_counts[i] > 0 then
        "position" := v_last;
      end if;
    else
      v_bases[i] := null;
    end if;
    return next;
  end loop;

  if v_last = v_before + v_count then
    insert into es.events (position, stream, revision, event_id, type, data, metadata)
    select v_before + e.nr, p_streams[e.of], v_bases[e.of] + e.seq, e.id, e.type, e.data, e.metadata
      from unnest(p_of, p_seq, p_ids, p_types, p_data, p_metadata) with ordinality
           e (of, seq, id, type, data, metadata, nr);
  else
    insert into es.events (position, stream, revision, event_id, type, data, metadata)
    select v_before + row_number() over (order by e.nr),
           p_streams[e.of], v_bases[e.of] + e.seq, e.id, e.type, e.data, e.metadata
      from unnest(p_of, p_seq, p_ids, p_types, p_data, p_metadata) with ordinality
           e (of, seq, id, type, data, metadata, nr)
     where v_bases[e.of] is not null;
    update es.store s set head = v_last;
  end if;

  if v_last > v_before then
    perform pg_notify('es', '');
  end if;
end;
$$;
