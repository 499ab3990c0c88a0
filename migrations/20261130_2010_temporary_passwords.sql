-- Until when a password is good that somebody else chose; null: the person's own, as are all that there are
-- (docs/design/reliability.md#temporary-passwords).
alter table read.users add column temporary_password_until timestamptz;
