/** What happens to a visit that goes well, up to the report that is accepted. */
import type { JobEvent } from '../../../../src/domain/field-jobs/job.ts';
import type { Division } from '../../../../src/domain/vocabulary.ts';

/** @param of `ticketId`: the talk that it comes from; `by`: who plans it and accepts the report */
export function visited(of: {
  readonly jobId: string;
  readonly division: Division;
  readonly customerId: string;
  readonly ticketId: string;
  readonly technicianId: string;
  readonly by: string;
}): readonly JobEvent[] {
  const { jobId, division, customerId, ticketId, technicianId, by } = of;
  const its = { jobId, division, customerId, technicianId };
  const at = new Date().toISOString();
  const when = { at, takenAt: at, position: null, note: null, lateReport: false };
  return [
    {
      type: 'JobOpened',
      data: {
        ...{ jobId, division, customerId, fromTicketId: ticketId, kind: 'antar_kargo', problem: 'Antar' },
        ...{ address: 'Jl. Merdeka 1', district: 'Coblong', city: 'Bandung', point: null },
        ...{ windowFrom: at, windowTo: at, basePrice: 1_000_000, radius: 150, openedBy: by },
      },
    },
    { type: 'JobTaken', data: { ...its, by: technicianId, channel: 'web' } },
    {
      type: 'TechnicianArrived',
      data: { ...its, ...when, distance: null, verdict: 'unsure', photoId: null },
    },
    { type: 'WorkFinished', data: { ...its, ...when } },
    { type: 'JobCompleted', data: { ...its, by } },
  ];
}

/** What a command of a test says of itself. */
export const context = (n: number) => ({
  ...({ actor: { kind: 'system', process: 'test' }, correlationId: 'c', causationId: 'c' } as const),
  ...{ requestId: `r${String(n)}`, at: new Date().toISOString() },
});

/** An invoice as the API shows it, as far as tests look. */
export interface InvoiceAnswer {
  readonly id: string;
  readonly status: string;
  readonly revision: number;
  readonly hash: string;
  readonly number: string | null;
  readonly total: number;
  readonly outstanding: number;
  readonly [member: string]: unknown;
}
