-- Files wait for the scanner, and may be refused by it (docs/design/business-rules.md#customer-files).
alter table read.attachments drop constraint attachments_problem_check;
alter table read.attachments add constraint attachments_problem_check check (problem in (
  'quota', 'scan', 'gone', 'too_large', 'type_not_allowed', 'not_reachable', 'infected', 'not_scannable'
));
