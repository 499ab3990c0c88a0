/** What a row of `read.jobs` knows of a job: its state, and what people read of it (docs/design/field-service.md#life-of-a-job). */
import type { RecordedOf } from '../../domain/codec.ts';
import { type ExistingJob, job, type JobEvent } from '../../domain/field-jobs/job.ts';
import { erasedText } from '../../domain/personal.ts';

type DataOf<T extends JobEvent['type']> = Extract<JobEvent, { type: T }>['data'];

/** Where and how somebody arrived. Its texts and its position are personal. */
type Arrival = Omit<DataOf<'TechnicianArrived'>, 'jobId' | 'division' | 'customerId' | 'technicianId'>;
type Finish = Pick<DataOf<'WorkFinished'>, 'at' | 'takenAt' | 'note' | 'lateReport'>;

export interface JobRow {
  readonly state: ExistingJob;
  readonly problem: string;
  readonly address: string;
  readonly district: string;
  readonly city: string;
  readonly openedBy: string;
  /** ISO 8601. */
  readonly openedAt: string;
  readonly takenAt: string | null;
  readonly updatedAt: string;
  readonly arrival: Arrival | null;
  readonly finish: Finish | null;
  /** Why it was cancelled, and why its report was sent back last. */
  readonly cancelReason: string | null;
  readonly rejectReason: string | null;
}

export type RecordedJob = RecordedOf<JobEvent['type']>;

/** @returns the row after the event; undefined: nothing is known of this job */
export function jobRowAfter(row: JobRow | undefined, event: RecordedJob): JobRow | undefined {
  const updatedAt = event.metadata.at;
  if (event.type === 'JobOpened') {
    const state = job.evolve(job.initial, event);
    if (state.status === 'absent') return row;
    const { problem, address, district, city, openedBy } = event.data;
    const texts = { problem, address, district, city, openedBy };
    return {
      ...{ state, ...texts, openedAt: updatedAt, takenAt: null, updatedAt, arrival: null, finish: null },
      cancelReason: null,
      rejectReason: null,
    };
  }
  if (row === undefined) return undefined;
  const state = job.evolve(row.state, event);
  const after = state.status === 'absent' ? row : { ...row, state, updatedAt };
  switch (event.type) {
    case 'JobTaken':
      return { ...after, takenAt: updatedAt };
    case 'TechnicianReplaced':
      return { ...after, takenAt: event.data.to === null ? null : updatedAt };
    case 'JobGivenBack':
      return { ...after, takenAt: null };
    case 'JobCancelled':
      return { ...after, cancelReason: event.data.reason };
    case 'TechnicianArrived': {
      const { at, takenAt, position, distance, verdict, note, photoId, lateReport } = event.data;
      return {
        ...after,
        arrival: { at, takenAt, position, distance, verdict, note, photoId, lateReport },
      };
    }
    case 'WorkFinished': {
      const { at, takenAt, note, lateReport } = event.data;
      return { ...after, finish: { at, takenAt, note, lateReport } };
    }
    case 'ReportRejected':
      return { ...after, rejectReason: event.data.reason };
    default:
      return after;
  }
}

const textLeft = (text: string | null): string | null => (text === null ? null : erasedText(text));

/** What a rebuild makes of it once the customer's key is destroyed. */
export const erasedJobRow = (row: JobRow): JobRow => ({
  ...row,
  state: { ...row.state, point: null },
  problem: erasedText(row.problem),
  address: erasedText(row.address),
  district: erasedText(row.district),
  city: erasedText(row.city),
  arrival: row.arrival && { ...row.arrival, position: null, note: noteLeft(row.arrival.note) },
  finish: row.finish && { ...row.finish, note: noteLeft(row.finish.note) },
  cancelReason: textLeft(row.cancelReason),
  rejectReason: textLeft(row.rejectReason),
});

/** A blank note is nothing personal, and stays. */
const noteLeft = (note: string | null): string | null => (note?.trim() === '' ? note : null);
