/** What an invoice needs to know of its job. */
import type { ExistingJob, FieldJob } from '../../domain/field-jobs/job.ts';
import type { BillTo } from '../../domain/invoices/invoice.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type Caller, covers } from '../../domain/staff/privileges.ts';

/** Of another division it is not there. @throws Refusal JOB_NOT_FOUND, JOB_NOT_COMPLETED */
export function requireCompleted(state: FieldJob, caller: Caller): ExistingJob {
  if (state.status === 'absent' || !covers(caller, state.division)) throw new Refusal('JOB_NOT_FOUND');
  if (state.status !== 'completed') throw new Refusal('JOB_NOT_COMPLETED');
  return state;
}

/** The customer, as they are known when the invoice is drafted. */
export const knownBillTo = (
  customer: { readonly name: string | null; readonly address: string | null } | null,
): BillTo | null =>
  customer === null ? null : { name: customer.name ?? 'Pelanggan', address: customer.address, npwp: null };
