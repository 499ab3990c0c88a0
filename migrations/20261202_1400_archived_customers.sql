-- Customers of whom nothing is expected any more (docs/design/field-service.md#customers-by-hand): off the list, found by a search.
ALTER TABLE read.customers ADD COLUMN archived_at timestamptz;
