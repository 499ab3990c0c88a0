-- How much of a customer's media was fetched on a business day (docs/design/business-rules.md#customer-files). Ids and sums only.
CREATE TABLE ops.media_quota (
  customer_id uuid NOT NULL,
  day date NOT NULL,
  files integer NOT NULL,
  bytes bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (customer_id, day)
);

-- Why there is no file: a code, the agent reads a sentence.
ALTER TABLE read.attachments ADD COLUMN problem text
  CHECK (problem IN ('quota', 'gone', 'too_large', 'type_not_allowed', 'not_reachable'));
