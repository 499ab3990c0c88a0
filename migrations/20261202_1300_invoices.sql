-- Invoices of jobs, their lines, and what customers think of the jobs (docs/design/field-service.md#invoices, #ratings).
CREATE TABLE read.invoices (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  id uuid NOT NULL,
  -- Of its draft: the newest first.
  position text COLLATE "C" NOT NULL,
  job_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  status text COLLATE "C" NOT NULL CHECK (status IN ('draft', 'submitted', 'approved', 'issued', 'sent', 'paid', 'void')),
  number text COLLATE "C",
  issued_on date,
  due_on date,
  -- SHA-256 of the token in the customer's link.
  token_hash text COLLATE "C",
  -- Rupiah.
  net bigint NOT NULL,
  tax bigint NOT NULL,
  total bigint NOT NULL,
  received bigint NOT NULL,
  withheld bigint NOT NULL,
  paid_on date,
  was_overdue boolean NOT NULL,
  -- Its number is being taken since then.
  issuing_since timestamptz,
  -- Everything else, as it is shown.
  card json NOT NULL,
  PRIMARY KEY (division, id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('invoices', NULL);
CREATE INDEX invoices_listed ON read.invoices (division, position DESC);
CREATE INDEX invoices_waiting ON read.invoices (division, status, position DESC) WHERE status NOT IN ('paid', 'void');
CREATE INDEX invoices_issuing ON read.invoices (issuing_since) WHERE issuing_since IS NOT NULL;
CREATE INDEX invoices_unpaid ON read.invoices (due_on) WHERE status IN ('issued', 'sent') AND NOT was_overdue;
CREATE INDEX invoices_token ON read.invoices (token_hash) WHERE token_hash IS NOT NULL;
CREATE INDEX invoices_job ON read.invoices (division, job_id);
CREATE INDEX invoices_customer ON read.invoices (division, customer_id);
CREATE INDEX invoices_issued ON read.invoices (division, issued_on) WHERE issued_on IS NOT NULL;
-- What people are called is not copied into statistics (20261130_1431).
ALTER TABLE read.invoices ALTER COLUMN card SET STATISTICS 0;

CREATE TABLE read.invoice_lines (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  invoice_id uuid NOT NULL,
  -- From 0.
  n int NOT NULL,
  service text NOT NULL,
  description text NOT NULL,
  quantity int NOT NULL,
  unit_price bigint NOT NULL,
  discount bigint NOT NULL,
  tax_scheme text COLLATE "C" NOT NULL CHECK (tax_scheme IN ('dpp_11_12', 'besaran_1_1', 'exempt', 'non_pkp')),
  base bigint NOT NULL,
  PRIMARY KEY (division, invoice_id, n)
) PARTITION BY LIST (division);
SELECT read.part_by_division('invoice_lines', NULL);
ALTER TABLE read.invoice_lines ALTER COLUMN description SET STATISTICS 0;

CREATE TABLE read.ratings (
  division text COLLATE "C" NOT NULL CHECK (division IN ('sari', 'savi', 'safia')),
  job_id uuid NOT NULL,
  customer_id uuid NOT NULL,
  technician_id uuid NOT NULL,
  token_hash text COLLATE "C" NOT NULL,
  asked_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  posted_at timestamptz,
  -- Why no message carried the link.
  not_sent text COLLATE "C" CHECK (not_sent IN ('no_talk', 'opted_out', 'window_closed')),
  reminded_at timestamptz,
  rated_at timestamptz,
  technician smallint CHECK (technician BETWEEN 1 AND 5),
  service smallint CHECK (service BETWEEN 1 AND 5),
  comment text,
  is_erased boolean NOT NULL DEFAULT false,
  PRIMARY KEY (division, job_id)
) PARTITION BY LIST (division);
SELECT read.part_by_division('ratings', NULL);
CREATE INDEX ratings_token ON read.ratings (token_hash);
CREATE INDEX ratings_rated ON read.ratings (division, rated_at DESC, job_id DESC) WHERE rated_at IS NOT NULL;
CREATE INDEX ratings_open ON read.ratings (asked_at) WHERE rated_at IS NULL AND reminded_at IS NULL;
CREATE INDEX ratings_customer ON read.ratings (division, customer_id);
ALTER TABLE read.ratings ALTER COLUMN comment SET STATISTICS 0;
