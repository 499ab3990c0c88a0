-- How often a view was rebuilt. The projector compares it with every step: what it remembers of a view belongs to the
-- tables of before, even where the position is the same.
ALTER TABLE ops.projections ADD COLUMN rebuilds integer NOT NULL DEFAULT 0;
