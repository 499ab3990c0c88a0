-- The invoice that a notification is about (docs/design/api.md#notifications).
ALTER TABLE read.notifications ADD COLUMN invoice_id uuid;
