-- Records of accesses that the event store could not take in time. On the disk before the answer is given, so that a
-- crash loses none; each goes to the event store as soon as it takes it (docs/design/reliability.md#records-of-reads).
-- Ids, names of filters and keyed hashes: nothing that customers wrote or are called.
create table ops.access_journal (
  id uuid primary key,
  -- Of the stream it goes to.
  key text not null,
  event json not null,
  context json not null,
  noted_at timestamptz not null default clock_timestamp()
);
create index access_journal_order on ops.access_journal (noted_at);

-- Keyed hash of the number that was looked for, so that an auditor finds who looked for one.
alter table read.access_log add column searched text;
create index access_log_searched on read.access_log (searched, position desc) where searched is not null;
