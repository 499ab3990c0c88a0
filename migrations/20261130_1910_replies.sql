-- What the first answer of a ticket rests on, and the note of its assignment (docs/design/business-rules.md#failed-replies).
alter table read.tickets add column kept json;
-- What an agent's wait for the first reply rests on.
alter table read.analytics_tickets add column replies json;
