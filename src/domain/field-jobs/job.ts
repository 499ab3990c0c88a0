/** A visit to a customer, from the pool to its report (docs/design/field-service.md#life-of-a-job). */
import type { Aggregate } from '../event.ts';
import type { Division } from '../vocabulary.ts';
import type { PlaceVerdict } from './geofence.ts';
import type { JobDocumentKind, JobEvent, Point } from './job-events.ts';

export * from './job-events.ts';

// ---------------------------------------------------------------- stream name

export const jobStream = (jobId: string): string => `job-${jobId}`;

// ---------------------------------------------------------------- state

export const JOB_STATUSES = ['open', 'assigned', 'in_progress', 'done', 'completed', 'cancelled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export interface JobDocument {
  readonly id: string;
  readonly kind: JobDocumentKind;
  readonly sha256: string;
  readonly size: number;
  readonly type: string;
  readonly key: string;
  readonly by: string;
}

export interface ExistingJob {
  readonly status: JobStatus;
  readonly id: string;
  readonly division: Division;
  readonly customerId: string;
  readonly ticketId: string | null;
  readonly kind: string;
  readonly point: Point | null;
  readonly windowFrom: string;
  readonly windowTo: string;
  readonly basePrice: number;
  readonly radius: number;
  /** Set from `assigned` on, but not when it was cancelled. */
  readonly technicianId: string | null;
  /** One more with each technician and each promise of when they come: what is said once, is said once of each. */
  readonly episode: number;
  /** Nobody is missed before; null: nothing was promised beside the window. */
  readonly extendedUntil: string | null;
  /** The episode of which the missing technician was told last. */
  readonly missedIn: number | null;
  /** ISO 8601; when they were there, and when they had finished. */
  readonly arrivedAt: string | null;
  readonly finishedAt: string | null;
  /** Whether they were there by their phone; `distance` in metres. */
  readonly arrival: { readonly verdict: PlaceVerdict; readonly distance: number | null } | null;
  readonly checkOutMissed: boolean;
  /** Without those that were withdrawn. */
  readonly documents: readonly JobDocument[];
  /** The report was sent back, and nothing was added since. */
  readonly reportRejected: boolean;
}
export type FieldJob = { readonly status: 'absent' } | ExistingJob;

/** Nothing more happens to it, but that it is paid and rated. */
export const isOver = ({ status }: ExistingJob): boolean => status === 'completed' || status === 'cancelled';

// ---------------------------------------------------------------- evolve

const inPool = { status: 'open', technicianId: null, extendedUntil: null } as const;

function evolve(job: FieldJob, event: JobEvent): FieldJob {
  if (event.type === 'JobOpened') {
    const { jobId, division, customerId, fromTicketId, kind, point, basePrice, radius } = event.data;
    const { windowFrom, windowTo } = event.data;
    return {
      ...inPool,
      id: jobId,
      division,
      customerId,
      ticketId: fromTicketId,
      kind,
      point,
      windowFrom,
      windowTo,
      basePrice,
      radius,
      episode: 0,
      missedIn: null,
      arrivedAt: null,
      finishedAt: null,
      arrival: null,
      checkOutMissed: false,
      documents: [],
      reportRejected: false,
    };
  }
  return job.status === 'absent' ? job : changed(job, event);
}

function changed(job: ExistingJob, { type, data }: Exclude<JobEvent, { type: 'JobOpened' }>): ExistingJob {
  const episode = job.episode + 1;
  switch (type) {
    case 'JobRescheduled': {
      const { windowFrom, windowTo } = data;
      return { ...job, windowFrom, windowTo, extendedUntil: null, episode };
    }
    case 'JobCancelled':
      return { ...job, ...inPool, status: 'cancelled' };
    case 'JobTaken':
      return { ...job, status: 'assigned', technicianId: data.technicianId, episode };
    case 'JobGivenBack':
      return { ...job, ...inPool };
    case 'ArrivalExtended':
      return { ...job, extendedUntil: data.until, episode };
    case 'TechnicianReplaced':
      return data.to === null
        ? { ...job, ...inPool }
        : { ...job, technicianId: data.to, extendedUntil: null, episode };
    case 'NoShowSuspected':
      return { ...job, missedIn: data.episode };
    case 'TechnicianArrived':
      return {
        ...job,
        status: 'in_progress',
        arrivedAt: data.at,
        arrival: { verdict: data.verdict, distance: data.distance },
      };
    case 'WorkFinished':
      return { ...job, status: 'done', finishedAt: data.at };
    case 'CheckOutForgotten':
      return { ...job, checkOutMissed: true };
    case 'JobDocumentAdded': {
      const { documentId: id, kind, sha256, size, type: mime, key, by } = data;
      const documents = [...job.documents, { id, kind, sha256, size, type: mime, key, by }];
      return { ...job, documents, reportRejected: false };
    }
    case 'JobDocumentWithdrawn':
      return { ...job, documents: job.documents.filter(({ id }) => id !== data.documentId) };
    case 'JobCompleted':
      return { ...job, status: 'completed', reportRejected: false };
    case 'ReportRejected':
      return { ...job, reportRejected: true };
    default:
      return job;
  }
}

export const job: Aggregate<FieldJob, JobEvent> = {
  category: 'job',
  stream: jobStream,
  initial: { status: 'absent' },
  evolve,
};
