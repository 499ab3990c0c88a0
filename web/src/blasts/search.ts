/** The list of blasts in the address. */
import type { Blast } from './queries.ts';

export interface BlastSearch {
  blast_status?: Blast['status'];
}
export const STATUSES = [
  'pending',
  'sending',
  'done',
  'approved',
  'paused',
  'rejected',
  'cancelled',
] as const satisfies readonly Blast['status'][];

/** Anything else in an address is as if it were not there. */
export function blastSearch(search: Record<string, unknown>): BlastSearch {
  const status = STATUSES.find((one) => one === search['blast_status']);
  return status === undefined ? {} : { blast_status: status };
}
