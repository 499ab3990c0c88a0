-- docs/design/performance.md#crud-transaction: a row per ticket, an audit table next to it. No further index: its best
-- case.
create table tickets (
  id bigint primary key,
  division text not null,
  queue_status text not null,
  assigned_to uuid,
  assigned_at timestamptz
);
create table audit_log (
  id bigint generated always as identity primary key,
  ticket_id bigint not null,
  actor uuid not null,
  action text not null,
  at timestamptz not null default now()
);
