-- Which channels and forms of webhook there are is written once, in src/channels/registry.ts: a further one needs no change
-- of a table. Every value comes from a closed list of the program.
ALTER TABLE read.tickets DROP CONSTRAINT tickets_channel_check;
ALTER TABLE ops.webhook_delivery DROP CONSTRAINT webhook_delivery_form_check;

-- Our line, where the secret of a delivery says it (the bot of Telegram) and not its body.
ALTER TABLE ops.webhook_delivery ADD COLUMN line text;

-- What a message is about and what it holds besides words (api.md, L1 messages). Null in rows of before: a rebuild of the
-- view messages_l1 fills them.
ALTER TABLE read.messages_l1
  ADD COLUMN kind text,
  ADD COLUMN line text,
  -- The channel's id, hashed, of the message that this one answers, edits, takes back or reacts to.
  ADD COLUMN reply_to text COLLATE "C",
  -- Location, contacts, order, referral, form, story.
  ADD COLUMN parts json;
CREATE INDEX messages_l1_about ON read.messages_l1 (division, ticket_id, reply_to) WHERE reply_to IS NOT NULL;
ALTER TABLE read.sends ADD COLUMN line text;
