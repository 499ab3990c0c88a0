-- A job is looked for by its id alone: the command line, the live stream and the view know no division.
CREATE INDEX jobs_by_id ON read.jobs (id);
