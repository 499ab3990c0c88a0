-- The sid under which a template is known to lines that take contents (Twilio). Null in templates of before.
ALTER TABLE read.templates ADD COLUMN content_sid text;
