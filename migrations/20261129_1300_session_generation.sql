-- Taking rights away ends sessions for good (docs/design/reliability.md#authority). A session belongs to a generation of its
-- user, which the event store counts; one of an earlier generation is worth nothing, also after a crash or a reactivation.
alter table ops.sessions add column generation integer not null default 0;
alter table ops.sessions drop constraint sessions_ended_because_check;
alter table ops.sessions add constraint sessions_ended_because_check
  check (ended_because in ('logout', 'reuse', 'inactive', 'password', 'rights'));

-- How often the privileges of each role were set. A process that cannot reach the event store for a moment compares it with
-- what it knew, and does not go on with privileges that another process has taken away meanwhile.
create table ops.role_changes (
  role text primary key,
  changes integer not null
);
