-- What left by a line lately, and whether anybody said that it arrived (docs/design/channels.md#waha): asked every minute.
CREATE INDEX sends_by_line ON read.sends (line, message_id) WHERE line IS NOT NULL;
