-- What is known of a ticket's sale (contract.md 6), folded. A ticket without a row: nothing was ever entered.
CREATE TABLE read.crm (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  ticket_id uuid NOT NULL,
  -- The state of domain/crm/crm.ts as it is, so that the next event folds with the same code.
  crm json NOT NULL,
  PRIMARY KEY (division, ticket_id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('crm', 'ticket_id');
