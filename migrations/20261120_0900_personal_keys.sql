-- Each customer's own key, under which their personal fields are encrypted in the events (docs/erasure.md). Wrapped by
-- MASTER_KEY: whoever has only the database can read none of them.
CREATE TABLE ops.personal_keys (
  customer_id  uuid PRIMARY KEY,
  -- 1 byte version, 4 bytes which master, 12 bytes nonce, 32 bytes key, 16 bytes tag. Null: destroyed.
  wrapped      bytea CHECK (octet_length(wrapped) = 65),
  created_at   timestamptz NOT NULL DEFAULT now(),
  destroyed_at timestamptz,
  -- When everything else that held their words was gone too. Null: not yet, or a backup brought it back.
  purged_at    timestamptz,
  -- A row without a key stays, so that 'destroyed' is never mistaken for 'lost'.
  CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL)),
  CHECK (purged_at IS NULL OR destroyed_at IS NOT NULL)
);
CREATE INDEX personal_keys_to_purge ON ops.personal_keys (destroyed_at) WHERE destroyed_at IS NOT NULL AND purged_at IS NULL;
