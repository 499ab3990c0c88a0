-- The program's role shall not be able to change events (docs/design/reliability.md#the-owner-of-the-events). These functions
-- write as whoever owns them, so that a role which may only read the tables and call the functions can append. Who
-- owns them is decided outside of the migrations (src/adapters/postgres/events-owner.ts): a migration cannot make its
-- own role less than it is. A search path of their own: nobody slips another `unnest` or `uuid` in.
alter function es.append(text, bigint, uuid[], text[], json[], json[])
  security definer set search_path = pg_catalog, pg_temp;
alter function es.append_batch(text[], bigint[], int[], int[], int[], int[], uuid[], text[], json[], json[])
  security definer set search_path = pg_catalog, pg_temp;

-- What every append needs, taken and kept until the end of the transaction: for the write probe, whose role may not
-- lock the tables itself.
create function es.take_locks_of_append() returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  lock table es.events in row exclusive mode;
  perform from es.store for update;
end;
$$;

revoke execute on all functions in schema es from public;

-- Also for a session that replays changes of another server (session_replication_role = replica).
alter table es.events enable always trigger events_are_append_only;
