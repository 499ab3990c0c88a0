-- A job's checkpoint stays behind the oldest thing it still owes; how far it has looked is another matter. Only this one
-- tells that the store was restored to a moment between the two, after which the sender would send again what it sent
-- since (reliability.md 2.4).
ALTER TABLE ops.job_checkpoints ADD COLUMN seen_to text COLLATE "C";
