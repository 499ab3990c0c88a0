/** What an invoice needs to know of its job. */
import type { BillTo } from '../../domain/invoices/invoice.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type Caller, covers } from '../../domain/staff/privileges.ts';
import type { Division } from '../../domain/vocabulary.ts';

export interface BilledJob {
  readonly id: string;
  readonly division: Division;
  readonly customerId: string;
  readonly talkId: string | null;
  readonly kind: string;
  /** Rupiah. */
  readonly basePrice: number;
  readonly isCompleted: boolean;
}

/** Of another division it is not there. @throws Refusal JOB_NOT_FOUND, JOB_NOT_COMPLETED */
export function requireCompleted(job: BilledJob | null, caller: Caller): BilledJob {
  if (job === null || !covers(caller, job.division)) throw new Refusal('JOB_NOT_FOUND');
  if (!job.isCompleted) throw new Refusal('JOB_NOT_COMPLETED');
  return job;
}

/** The customer, as they are known when the invoice is drafted. */
export const knownBillTo = (
  customer: { readonly name: string | null; readonly address: string | null } | null,
): BillTo | null =>
  customer === null ? null : { name: customer.name ?? 'Pelanggan', address: customer.address, npwp: null };
