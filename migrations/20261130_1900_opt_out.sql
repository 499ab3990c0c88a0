-- Who wants no offers (docs/design/business-rules.md#opt-out): shown with the customer.
alter table read.customers
  add column first_seen_at timestamptz,
  add column opted_out_at timestamptz,
  add column opted_out_by uuid,
  add column opted_out_how text;
