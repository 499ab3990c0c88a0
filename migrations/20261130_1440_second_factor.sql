-- Steps of a sign-in or of an enrolment that wait for a code of an authenticator app (docs/design/reliability.md#second-factor).
-- `sealed`: the secret of an enrolment, sealed for its person. Good once, for minutes, and for a few wrong codes.
create table ops.challenges (
  token_hash bytea primary key,
  purpose text not null check (purpose in ('sign-in', 'enrolment')),
  user_id uuid not null,
  generation integer not null,
  session_id uuid,
  sealed text,
  attempts integer not null default 0,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index challenges_expiry on ops.challenges (expires_at);
