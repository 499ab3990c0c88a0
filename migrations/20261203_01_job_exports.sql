-- Jobs as a workbook of their own (docs/design/field-service.md#files-of-jobs).
ALTER TABLE read.exports DROP CONSTRAINT exports_kind_check;
ALTER TABLE read.exports ADD CONSTRAINT exports_kind_check CHECK (kind IN ('excel', 'pdf', 'invoices', 'jobs'));
