-- After the event store was restored from a backup: what stands at or before this place without an outcome may have
-- left in the life that was lost, so that the sender leaves it unknown and sends none of it (reliability.md 2.4).
ALTER TABLE ops.job_checkpoints ADD COLUMN settled_to text COLLATE "C";
