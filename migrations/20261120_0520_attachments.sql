-- What customers sent beside words: one row per attachment, and whether its file is here.
CREATE TABLE read.attachments (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  ticket_id uuid NOT NULL,
  message_id uuid NOT NULL,
  -- Place among the attachments of its message, from 0.
  index integer NOT NULL,
  kind text NOT NULL,
  file_name text,
  -- As the channel said, until the file is here and shows what it is.
  mime_type text,
  -- Bytes; null until the file is here.
  size bigint,
  PRIMARY KEY (division, ticket_id, message_id, index)
) PARTITION BY LIST (division);
SELECT read.part_by_division('attachments', 'ticket_id');

INSERT INTO read.attachments (division, ticket_id, message_id, index, kind, file_name, mime_type)
SELECT m.division, m.ticket_id, m.id, a.place - 1, a.value ->> 'kind', a.value ->> 'fileName', a.value ->> 'mimeType'
FROM read.messages_l1 m, json_array_elements(m.attachments) WITH ORDINALITY AS a (value, place)
WHERE m.attachments IS NOT NULL;
