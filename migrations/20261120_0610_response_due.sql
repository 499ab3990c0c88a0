-- Assigned tickets with a timer for the first reply (domain.md, 'Ticket life' 7): few, and none where no limit is set.
CREATE INDEX tickets_response_due ON read.tickets ((card->>'response_due_at')) WHERE card->>'response_due_at' IS NOT NULL;
