-- WhatsApp tells the time in whole seconds: what a customer wrote within one of them keeps the order in which it came.
ALTER TABLE read.messages_l1 ADD COLUMN position text COLLATE "C" NOT NULL DEFAULT '';
DROP INDEX read.messages_l1_order;
CREATE INDEX messages_l1_order ON read.messages_l1 (division, ticket_id, sent_at DESC, position DESC, id DESC);
