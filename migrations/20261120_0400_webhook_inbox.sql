-- What channels sent us, kept before anything is done with it: 200 means 'it is in here' (whatsapp.md 2: Meta has no
-- API for past webhooks, so a body that is lost is lost for good).

-- Each signed body as it came, so that it can be read again with a better normalizer or a corrected WA_PHONE_MAP.
-- text, not json: storing it must never depend on what is in it.
CREATE TABLE ops.webhook_delivery (
  id          uuid PRIMARY KEY,
  form        text NOT NULL CHECK (form IN ('meta', 'telegram', 'normalized')),
  body        text NOT NULL,
  received_at timestamptz NOT NULL
);

CREATE SEQUENCE ops.webhook_inbox_seq;

-- One row per message, status or bot event of a delivery.
CREATE TABLE ops.webhook_inbox (
  seq           bigint PRIMARY KEY DEFAULT nextval('ops.webhook_inbox_seq'),
  -- Hash of the channel's own name of the thing (wamid, update id, ...): the same thing delivered again has the same.
  key           text NOT NULL UNIQUE,
  -- Keyed hash of division and customer, no phone number: rows that share it become events one after the other.
  ordering_key  text NOT NULL,
  delivery_id   uuid NOT NULL,
  item          text NOT NULL,
  state         text NOT NULL CHECK (state IN ('pending', 'done', 'ignored', 'dead')),
  reason        text,
  -- Unexpected failures so far. A row that failed holds back the later rows of its customer.
  attempts      integer NOT NULL DEFAULT 0,
  -- Since when it waits for something that has to come first (a status before its message).
  waiting_since timestamptz,
  due_at        timestamptz NOT NULL DEFAULT now(),
  received_at   timestamptz NOT NULL,
  processed_at  timestamptz
) WITH (fillfactor = 70);

ALTER SEQUENCE ops.webhook_inbox_seq OWNED BY ops.webhook_inbox.seq;

CREATE INDEX webhook_inbox_pending ON ops.webhook_inbox (due_at, seq) WHERE state = 'pending';
CREATE INDEX webhook_inbox_failing ON ops.webhook_inbox (ordering_key, seq) WHERE state = 'pending' AND attempts > 0;
CREATE INDEX webhook_inbox_dead ON ops.webhook_inbox (seq) WHERE state = 'dead';
