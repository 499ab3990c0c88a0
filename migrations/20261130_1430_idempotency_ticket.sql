-- Which ticket a kept answer is about: an answer such as a list of tags names nobody, and must go when its customer is erased
-- (docs/erasure.md). Answers from before have none; they are kept for a day.
ALTER TABLE ops.idempotency_keys ADD COLUMN ticket_id uuid;
CREATE INDEX idempotency_keys_ticket ON ops.idempotency_keys (ticket_id) WHERE ticket_id IS NOT NULL;
