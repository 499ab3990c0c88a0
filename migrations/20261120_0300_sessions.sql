-- Signed-in sessions. A session lives until it is ended or runs out; its refresh tokens follow one another.

create table ops.sessions (
  id uuid primary key,
  user_id uuid not null,
  started_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  ended_because text check (ended_because in ('logout', 'reuse', 'inactive', 'password')),
  check ((ended_at is null) = (ended_because is null))
);
create index sessions_live_of_user on ops.sessions (user_id) where ended_at is null;
create index sessions_expiry on ops.sessions (expires_at);

-- Used tokens stay as long as their session: that is how a second use is recognised.
create table ops.refresh_tokens (
  -- SHA-256 of 256 random bits: nothing to guess, so no salt and no slow hash.
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  session_id uuid not null references ops.sessions on delete cascade,
  issued_at timestamptz not null,
  used_at timestamptz
);
create index refresh_tokens_session on ops.refresh_tokens (session_id);
