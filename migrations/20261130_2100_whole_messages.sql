-- A message as it goes over the wire (docs/design/api.md#l1-messages). Null in rows of before: a rebuild of the view
-- messages_l1 fills them, and until then they show what they can.
ALTER TABLE read.messages_l1
  -- Of a message of ours: kind, sent_as, template, blast_id, client_ref.
  ADD COLUMN said json,
  -- The message of the talk that one of ours quotes.
  ADD COLUMN quotes uuid;
