-- The Telegram accounts of staff (docs/design/field-service.md#staff-bot). No index of texts: what they hold is not copied into statistics.
ALTER TABLE read.users ADD COLUMN telegram_id text;
ALTER TABLE read.users ALTER COLUMN telegram_id SET STATISTICS 0;
