-- Where a session began: shown to its owner, and the addresses that an account was used from before are not locked out by the
-- failures of others (docs/design/reliability.md#signing-in-under-attack). Null: of 0.2.0.
alter table ops.sessions add column address text;
alter table ops.sessions add column address_group text;
alter table ops.sessions add column user_agent text;
create index sessions_known_addresses on ops.sessions (user_id, address_group);
