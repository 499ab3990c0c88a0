-- Whose turn it is: division and channel of an item. Items that are there already share one lane.
ALTER TABLE ops.webhook_inbox ADD COLUMN lane text NOT NULL DEFAULT '';
-- The channel's own time of the item, kept when the item is blanked: its key must outlive the age that is let in.
-- 'infinity': it has none, so nothing but its key tells that it comes again.
ALTER TABLE ops.webhook_inbox ADD COLUMN sent_at timestamptz;

-- Lanes are found one by one, and each lane's oldest items are read from the index alone.
CREATE INDEX webhook_inbox_turns ON ops.webhook_inbox (lane, due_at, seq) INCLUDE (ordering_key) WHERE state = 'pending';
CREATE INDEX webhook_inbox_timeless ON ops.webhook_inbox (received_at) WHERE sent_at = 'infinity' AND item <> '{}';
DROP INDEX ops.webhook_inbox_pending;
