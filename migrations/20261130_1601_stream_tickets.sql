-- Tickets for a live stream that is opened without a header (docs/design/api.md#live-stream). Good once, for seconds.
-- `token_expires_at`: of the access token that asked; the stream lasts no longer.
create table ops.stream_tickets (
  ticket_hash bytea primary key,
  user_id uuid not null,
  session_id uuid not null,
  token_expires_at timestamptz not null,
  expires_at timestamptz not null
);
create index stream_tickets_expiry on ops.stream_tickets (expires_at);
