-- What the follow-up engine recommends (domain.md, 'Follow-up engine'): the latest night of each division only.
-- Earlier nights are in the events.
CREATE TABLE read.followup_recs (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  ticket_id uuid NOT NULL,
  night date NOT NULL,
  category text COLLATE "C" NOT NULL CHECK (category IN ('PANAS', 'HANGAT', 'DINGIN')),
  rule text COLLATE "C" NOT NULL,
  reason text NOT NULL,
  -- A follow-up, a reply or a blast has reached the ticket since.
  is_acted boolean NOT NULL DEFAULT false,
  PRIMARY KEY (division, ticket_id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('followup_recs', 'ticket_id');
-- Every message to a customer asks whether its ticket is recommended, across divisions.
CREATE INDEX followup_recs_ticket ON read.followup_recs (ticket_id) WHERE NOT is_acted;

-- Which night that is; a night may recommend nothing.
CREATE TABLE read.followup_nights (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  night date NOT NULL,
  PRIMARY KEY (division)
) PARTITION BY LIST (division);
SELECT read.part_by_division('followup_nights', NULL);
