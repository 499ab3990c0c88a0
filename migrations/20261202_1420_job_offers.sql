-- Offers of jobs in the staff bot (docs/design/field-service.md#job-offers). Written before an offer goes out: nobody is offered
-- the same job twice, whatever happens in between. Reclaimed by the purge.
CREATE TABLE ops.job_offers (
  job_id uuid NOT NULL,
  -- Of the job: one more each time that somebody had it, or that it was moved.
  episode integer NOT NULL,
  technician_id uuid NOT NULL,
  claimed_at timestamptz NOT NULL,
  -- Where it was sent, so that its button can be taken away; null: nobody knows that it was.
  chat text,
  message_id bigint,
  closed_at timestamptz,
  PRIMARY KEY (job_id, episode, technician_id)
);
CREATE INDEX job_offers_age ON ops.job_offers (claimed_at);
