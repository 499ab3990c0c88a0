-- A blast is of the divisions of its recipients: who sees one division sees it where all of them are of that one
-- (docs/design/reliability.md, 'Divisions bind writes'). Row security of the recipients shows no others, so a count that
-- falls short says that there are some. Which of these a person may read, their own or all, the query says.
DROP POLICY creator ON read.blasts;
CREATE POLICY division ON read.blasts FOR SELECT TO saga_reader_division
  USING (recipient_count = (SELECT count(*) FROM read.blast_recipients r WHERE r.blast_id = blasts.id));
