-- First answers, so that a repeated POST gets the same one (architecture.md 4).

create table ops.idempotency_keys (
  caller_id uuid not null,
  key text not null check (octet_length(key) between 1 and 255),
  -- SHA-256 of method, path and body: the same key must come with the same request.
  fingerprint bytea not null check (octet_length(fingerprint) = 32),
  -- Ids of events are derived from it, so it must outlive a crash between append and answer.
  operation_id uuid not null unique,
  claimed_at timestamptz not null,
  expires_at timestamptz not null,
  status smallint,
  body text,
  primary key (caller_id, key),
  check ((status is null) = (body is null))
);
create index idempotency_keys_expiry on ops.idempotency_keys (expires_at);
