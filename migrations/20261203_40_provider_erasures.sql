-- What a provider of a channel is still asked to delete of customers who were erased (docs/erasure.md, At the providers).
CREATE TABLE ops.provider_erasures (
  id uuid PRIMARY KEY,
  customer_id uuid NOT NULL,
  channel text NOT NULL,
  line text NOT NULL,
  -- What is to be deleted there (ids of messages, of chats: they can hold a number), sealed; null: nothing is left to do.
  sealed text,
  items_left int NOT NULL,
  attempts int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL,
  -- Why the last attempt did not do it.
  last_code text,
  created_at timestamptz NOT NULL,
  done_at timestamptz,
  given_up_at timestamptz,
  UNIQUE (customer_id, channel, line)
);
CREATE INDEX provider_erasures_due ON ops.provider_erasures (next_at) WHERE sealed IS NOT NULL;
