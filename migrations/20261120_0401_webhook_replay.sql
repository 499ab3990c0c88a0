-- A Telegram update does not say which bot it is for: its secret token did, and the token is not kept.
ALTER TABLE ops.webhook_delivery ADD COLUMN division text;
ALTER TABLE ops.webhook_delivery ADD CHECK (form <> 'telegram' OR division IS NOT NULL) NOT VALID;

CREATE INDEX webhook_inbox_dead_delivery ON ops.webhook_inbox (delivery_id) WHERE state = 'dead';
