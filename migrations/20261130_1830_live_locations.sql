-- Each step of a live location looks for the entry where it began (docs/design/channels.md#a-place-that-moves).
CREATE INDEX messages_l1_places ON read.messages_l1 (division, ticket_id, channel_message_id) WHERE kind = 'location';
