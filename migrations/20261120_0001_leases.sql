-- Who held a lease last, and how often it changed hands. The lease itself is a session advisory lock; the epoch lets
-- whatever a former holder still has under way be told from the present one's work.
CREATE TABLE ops.leases (
  name        text        PRIMARY KEY,
  epoch       bigint      NOT NULL,
  holder      text        NOT NULL,
  acquired_at timestamptz NOT NULL DEFAULT now()
);
