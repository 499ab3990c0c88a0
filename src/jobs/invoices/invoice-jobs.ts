/**
 * What the clock does with invoices (docs/design/field-service.md#overdue): those that are not paid in time are told of once, and an
 * issue that was left in the middle is finished.
 */
import { covers } from '../../domain/staff/privileges.ts';
import type { ScheduledJob } from '../../engine/jobs/scheduler.ts';
import type { Clock, WriteStore } from '../../ports.ts';
import { issuesLeft, overdueInvoices } from '../../projections/invoices/invoices.ts';
import { listUsers, type StaffTables } from '../../projections/staff/users.ts';

export interface InvoiceJobsDeps {
  readonly tables: Pick<WriteStore, 'query'> & StaffTables;
  readonly invoices: {
    readonly dayOf: (at: string) => string;
    readonly markOverdue: (invoiceId: string, recipients: readonly string[]) => Promise<void>;
    readonly finishIssue: (invoiceId: string) => Promise<void>;
  };
  readonly clock: Clock;
  readonly timezone: string;
}

/** Whoever issues needs less. */
const LEFT_AFTER_MS = 120_000;

/** Looks once. Those who settle invoices of the division are told. */
export async function checkOverdue({ tables, invoices, clock }: InvoiceJobsDeps): Promise<void> {
  const found = await overdueInvoices(tables, invoices.dayOf(clock.now().toISOString()));
  if (found.length === 0) return;
  const settlers = (await listUsers(tables)).filter(
    ({ active, role, privileges }) => active && role !== 'super_admin' && privileges.has('invoice_settle'),
  );
  for (const { id, division } of found)
    await invoices.markOverdue(
      id,
      settlers.filter((one) => covers(one, division)).map((one) => one.id),
    );
}

/** Looks once. */
export async function finishIssues({ tables, invoices, clock }: InvoiceJobsDeps): Promise<void> {
  const before = new Date(clock.now().getTime() - LEFT_AFTER_MS);
  for (const { id } of await issuesLeft(tables, before)) await invoices.finishIssue(id);
}

export const invoiceJobs = (deps: InvoiceJobsDeps): readonly ScheduledJob[] => {
  const check = (name: string, cron: string, run: (of: InvoiceJobsDeps) => Promise<void>): ScheduledJob => ({
    ...{ name, cron, timezone: deps.timezone, kind: 'check' },
    run: () => run(deps),
  });
  return [
    check('overdue-invoices', '*/15 * * * *', checkOverdue),
    check('invoice-issues', '* * * * *', finishIssues),
  ];
};
