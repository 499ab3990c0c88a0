-- Which keys this data was made with (docs/design/reliability.md#keys-and-clocks). A fingerprint is an HMAC under the key: it
-- recognises the key, and the key cannot be computed from it. MASTER_KEY has several while it is changed.
create table ops.key_fingerprints (
  name text not null check (name in ('BLIND_INDEX_KEY', 'MASTER_KEY')),
  fingerprint text not null,
  noted_at timestamptz not null default now(),
  primary key (name, fingerprint)
);
