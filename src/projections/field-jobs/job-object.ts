/**
 * A job as somebody may see it: the one place that decides which parts of it are whose, for the reads, the live stream and
 * Telegram (docs/design/field-service.md#who-sees-what).
 */
import { z } from 'zod';
import { JOB_STATUSES, type FieldJob, jobDocumentKind } from '../../domain/field-jobs/job.ts';
import { type Caller, covers } from '../../domain/staff/privileges.ts';
import { division, uuid } from '../../domain/vocabulary.ts';
import { person } from '../staff/person.ts';
import type { JobRow } from './job-row.ts';

const time = z.iso.datetime();
export const jobStatus = z.enum(JOB_STATUSES);

const examples = {
  id: '019a9d1e-7c00-7000-8000-0000000000a1',
  kind: 'instalasi',
  district: 'Tebet',
  city: 'Jakarta Selatan',
};
const pooled = {
  id: uuid,
  division,
  status: jobStatus,
  kind: z.string().meta({ description: 'Key of the service.' }),
  district: z.string(),
  city: z.string(),
  window: z.strictObject({ from: time, to: time }),
  updated_at: time,
};

const place = z
  .strictObject({
    address: z.string(),
    district: z.string(),
    city: z.string(),
    lat: z.number().nullable(),
    lng: z.number().nullable(),
  })
  .meta({
    memberExamples: { ...examples, address: 'Jalan Melati 7', lat: -6.2088, lng: 106.8456 },
  });

const arrival = z
  .strictObject({
    at: time,
    taken_at: time.meta({ description: 'By the clock of the phone.' }),
    verdict: z.enum(['in', 'out', 'unsure']),
    distance: z.number().nullable().meta({ description: 'Metres to the place.', example: 22 }),
    accuracy: z
      .number()
      .nullable()
      .meta({ description: 'Metres within which the phone was right.', example: 18 }),
    note: z.string().nullable().meta({ example: 'Pelanggan minta bertemu di lobi' }),
    photo_id: uuid.nullable(),
    late_report: z.boolean().meta({ description: 'Reached us more than five minutes later.' }),
  })
  .nullable();

const owned = {
  ...pooled,
  problem: z.string().meta({ example: 'AC kamar utama dibongkar dan dipasang di tempat baru' }),
  place,
  customer: z
    .strictObject({ id: uuid, name: z.string().nullable(), phone: z.string().nullable() })
    .meta({ memberExamples: { name: 'Rina Kusuma', phone: '6280009990001' } }),
  taken_at: time.nullable(),
  arrive_by: time.nullable().meta({ description: 'They may come later than the window says: until then.' }),
  arrival,
  finished_at: time.nullable(),
  report: z
    .strictObject({ is_rejected: z.boolean(), reason: z.string().nullable() })
    .meta({ memberExamples: { is_rejected: false, reason: null } }),
  documents: z.array(
    z
      .strictObject({
        id: uuid,
        kind: jobDocumentKind,
        type: z.string().meta({ example: 'image/jpeg' }),
        size: z.int().meta({ description: 'Bytes.', example: 48_213 }),
        by: uuid,
      })
      .meta({ memberExamples: { kind: 'bast' } }),
  ),
};

const whole = {
  ...owned,
  ticket_id: uuid.nullable(),
  technician: person.nullable(),
  base_price: z.int().meta({ description: 'Whole rupiah.', example: 750_000 }),
  radius: z.int().meta({ description: 'Metres around the place that count as there.', example: 150 }),
  opened_by: person,
  opened_at: time,
  is_missing: z.boolean().meta({ description: 'The technician did not come when they were to.' }),
  check_out_missed: z.boolean(),
  finish_note: z.string().nullable(),
  cancel_reason: z.string().nullable(),
};

/** Before somebody took it: what it is, about where, and when. */
export const poolJobObject = z
  .strictObject({ view: z.literal('pool'), ...pooled })
  .meta({ id: 'PoolJob', memberExamples: examples });
/** What its technician needs. No price. */
export const ownJobObject = z
  .strictObject({ view: z.literal('own'), ...owned })
  .meta({ id: 'OwnJob', memberExamples: { ...examples, status: 'assigned' } });
/** For those who plan visits. */
export const wholeJobObject = z.strictObject({ view: z.literal('whole'), ...whole }).meta({
  id: 'Job',
  memberExamples: { ...examples, status: 'assigned', finish_note: null, cancel_reason: null },
});
export type PoolJob = z.infer<typeof poolJobObject>;
export type OwnJob = z.infer<typeof ownJobObject>;
export type WholeJob = z.infer<typeof wholeJobObject>;

/** A row with what other tables know of it. */
export interface FoundJob {
  readonly row: JobRow;
  /** Who the customer is now. */
  readonly customerId: string | null;
  readonly customerName: string | null;
  readonly customerPhone: string | null;
  readonly technicianName: string | null;
  readonly openerName: string | null;
}

export function poolJob({ row: { state, district, city, updatedAt } }: FoundJob): PoolJob {
  const { id, division: of, status, kind, windowFrom, windowTo } = state;
  return {
    ...{ view: 'pool', id, division: of, status, kind, district, city },
    window: { from: windowFrom, to: windowTo },
    updated_at: updatedAt,
  };
}

export function ownJob(found: FoundJob): OwnJob {
  const { row } = found;
  const { state, arrival: came } = row;
  return {
    ...poolJob(found),
    view: 'own',
    problem: row.problem,
    place: {
      ...{ address: row.address, district: row.district, city: row.city },
      lat: state.point?.lat ?? null,
      lng: state.point?.lng ?? null,
    },
    customer: {
      id: found.customerId ?? state.customerId,
      name: found.customerName,
      phone: found.customerPhone,
    },
    taken_at: row.takenAt,
    arrive_by: state.extendedUntil,
    arrival: came && {
      at: came.at,
      taken_at: came.takenAt,
      verdict: came.verdict,
      distance: came.distance,
      accuracy: came.position?.accuracy ?? null,
      note: came.note,
      photo_id: came.photoId,
      late_report: came.lateReport,
    },
    finished_at: state.finishedAt,
    report: { is_rejected: state.reportRejected, reason: row.rejectReason },
    documents: state.documents.map(({ id, kind, type, size, by }) => ({ id, kind, type, size, by })),
  };
}

export function wholeJob(found: FoundJob): WholeJob {
  const { row } = found;
  const { state } = row;
  const { technicianId } = state;
  return {
    ...ownJob(found),
    view: 'whole',
    ticket_id: state.ticketId,
    technician: technicianId === null ? null : { id: technicianId, name: found.technicianName ?? '' },
    base_price: state.basePrice,
    radius: state.radius,
    opened_by: { id: row.openedBy, name: found.openerName ?? '' },
    opened_at: row.openedAt,
    is_missing: state.status === 'assigned' && state.missedIn === state.episode,
    check_out_missed: state.checkOutMissed,
    finish_note: row.finish?.note ?? null,
    cancel_reason: row.cancelReason,
  };
}

/** What somebody may see of a job; null: that there is one is not for them. */
export type JobSight = 'whole' | 'own' | 'pool' | null;

/**
 * Who plans visits sees those of their divisions whole; a technician their own, and of the others in their division what is in
 * the pool.
 */
export function sightOf(
  viewer: Pick<Caller, 'id' | 'role' | 'division' | 'privileges'>,
  {
    division: of,
    status,
    technicianId,
  }: Pick<Exclude<FieldJob, { status: 'absent' }>, 'division' | 'status' | 'technicianId'>,
): JobSight {
  const { privileges } = viewer;
  if (!covers(viewer, of)) return null;
  if (privileges.has('job_read')) return 'whole';
  if (privileges.has('job_own') && technicianId === viewer.id) return 'own';
  return privileges.has('job_pool') && status === 'open' ? 'pool' : null;
}

/** @returns the job as this person may see it; null: not at all */
export function jobFor(
  viewer: Parameters<typeof sightOf>[0],
  found: FoundJob,
): PoolJob | OwnJob | WholeJob | null {
  const sight = sightOf(viewer, found.row.state);
  if (sight === null) return null;
  return { whole: wholeJob, own: ownJob, pool: poolJob }[sight](found);
}
