-- Ratings that came from the technician's own browser (docs/design/field-service.md#ratings).
ALTER TABLE read.ratings ADD COLUMN by_technician boolean NOT NULL DEFAULT false;
DROP INDEX read.ratings_open;
CREATE INDEX ratings_open ON read.ratings (asked_at) WHERE (rated_at IS NULL OR by_technician) AND reminded_at IS NULL;
