/** A technician says that they are there, and that they have finished (docs/design/field-service.md#visits). */
import { z } from 'zod';
import { judgePlace } from '../../domain/field-jobs/geofence.ts';
import { job, type ExistingJob, type FieldJob, type JobEvent } from '../../domain/field-jobs/job.ts';
import { because, problem } from '../../domain/problems.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { user } from '../../domain/staff/user.ts';
import { uuid } from '../../domain/vocabulary.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { Clock } from '../../ports.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import { aboutJob } from './job-access.ts';
import { requireOwnVisit } from './visit-access.ts';

/** `record`: out of place is noted, with a note and a photo. `strict`: it is refused. */
export type Geofence = 'record' | 'strict';

const seen = {
  lat: z.number().min(-90).max(90).optional().meta({ example: -6.1754 }),
  lng: z.number().min(-180).max(180).optional().meta({ example: 106.8272 }),
  accuracy: z
    .number()
    .min(0)
    .max(1_000_000)
    .optional()
    .meta({ description: 'Metres within which the phone is right.', example: 12 }),
  taken_at: z.iso
    .datetime({ offset: true })
    .optional()
    .meta({ description: 'The clock of the phone when it was recorded; default now.' }),
  note: z.string().trim().max(1_000).optional().meta({ example: 'Pelanggan minta bertemu di lobi' }),
};

/** A phone says where it is, or not: half of it says nothing. */
const isWhole = ({
  lat,
  lng,
  accuracy,
}: {
  lat?: number | undefined;
  lng?: number | undefined;
  accuracy?: number | undefined;
}): boolean => new Set([lat, lng, accuracy].map((one) => one === undefined)).size === 1;
const together = because('NOT_TOGETHER', 'Isi lat, lng dan accuracy bersama-sama', {
  fields: ['lat', 'lng', 'accuracy'],
});

export const checkInInput = z
  .strictObject({
    ...seen,
    photo: uuid.optional().meta({ description: 'Document of kind `foto` of this job that shows the place.' }),
  })
  .refine(isWhole, { path: ['lat'], ...together });
export const checkOutInput = z.strictObject(seen).refine(isWhole, { path: ['lat'], ...together });
export type CheckInInput = z.infer<typeof checkInInput>;
export type CheckOutInput = z.infer<typeof checkOutInput>;

const EARLIEST_MS = 2 * 3_600_000;
const LATE_REPORT_MS = 5 * 60_000;

/** What both reports say, with the two clocks beside each other. */
function reportOf(known: ExistingJob, wish: CheckOutInput, at: string) {
  const { lat, lng, accuracy, taken_at, note } = wish;
  const takenAt = new Date(taken_at ?? at).toISOString();
  return {
    ...{ ...aboutJob(known), at, takenAt },
    position:
      lat === undefined || lng === undefined || accuracy === undefined ? null : { lat, lng, accuracy },
    note: note === undefined || note === '' ? null : note,
    lateReport: Math.abs(Date.parse(at) - Date.parse(takenAt)) > LATE_REPORT_MS,
  };
}

/**
 * Checking in again makes no event.
 * @param at ISO 8601, our clock: it decides, the phone's is kept beside it
 * @throws Refusal JOB_NOT_FOUND, JOB_CLOSED, JOB_NOT_ASSIGNED, NOT_YOUR_JOB, ALREADY_CHECKED_OUT a report that came late, TOO_EARLY,
 *   OUT_OF_PLACE (strict), NOTE_AND_PHOTO_REQUIRED
 */
export function decideCheckIn(
  state: FieldJob,
  caller: Caller,
  wish: CheckInInput,
  at: string,
  geofence: Geofence,
): JobEvent[] {
  const found = requireOwnVisit(state, caller);
  if (found.status === 'done') throw new Refusal('ALREADY_CHECKED_OUT');
  if (found.status === 'in_progress') return [];
  if (Date.parse(at) < Date.parse(found.windowFrom) - EARLIEST_MS) throw new Refusal('TOO_EARLY');
  const report = reportOf(found, wish, at);
  const place = found.point === null ? null : { ...found.point, radius: found.radius };
  const { distance, verdict } = judgePlace(report.position, place);
  const photo = found.documents.find(({ id, kind }) => id === wish.photo && kind === 'foto');
  if (verdict !== 'in') {
    if (geofence === 'strict') throw new Refusal('OUT_OF_PLACE');
    const missing = [...(report.note === null ? ['note'] : []), ...(photo === undefined ? ['photo'] : [])];
    if (missing.length > 0)
      throw new Refusal(
        'NOTE_AND_PHOTO_REQUIRED',
        missing.map((path) => problem(path, 'REQUIRED', 'Wajib diisi')),
      );
  }
  const data = { ...report, technicianId: caller.id, distance, verdict, photoId: photo?.id ?? null };
  return [{ type: 'TechnicianArrived', data }];
}

/**
 * Checking out again makes no event.
 * @throws Refusal JOB_NOT_FOUND, JOB_CLOSED, JOB_NOT_ASSIGNED, NOT_YOUR_JOB, NOT_CHECKED_IN
 */
export function decideCheckOut(state: FieldJob, caller: Caller, wish: CheckOutInput, at: string): JobEvent[] {
  const found = requireOwnVisit(state, caller);
  if (found.status === 'done') return [];
  if (found.status !== 'in_progress') throw new Refusal('NOT_CHECKED_IN');
  return [{ type: 'WorkFinished', data: { ...reportOf(found, wish, at), technicianId: caller.id } }];
}

export const checkIn = ({
  handler,
  clock,
  geofence,
}: {
  handler: CommandHandler;
  clock: Clock;
  geofence: Geofence;
}) => {
  /** Says the name of who has the job now, so that the one who stands at the door knows whom to call. */
  async function withName(error: unknown): Promise<never> {
    const [detail] = error instanceof Refusal && error.code === 'NOT_YOUR_JOB' ? error.details : [];
    const id = detail?.params?.['technician_id'];
    const person = typeof id === 'string' ? await handler.load(user, id) : undefined;
    if (detail === undefined || person === undefined || person.status === 'absent') throw error;
    const message = `Pekerjaan ini sekarang milik ${person.name}`;
    throw new Refusal('NOT_YOUR_JOB', [{ ...detail, message }]);
  }
  const on = async (
    ctx: CommandContext,
    jobId: string,
    decide: (state: FieldJob, at: string) => JobEvent[],
  ) => {
    const eventContext = eventContextOf(ctx, clock);
    const { state, position } = await handler
      .executeCommand(job, jobId, eventContext, (known) => decide(known, eventContext.at))
      .catch(withName);
    if (state.status === 'absent') throw new TypeError('a job that was visited is there');
    return { state, position };
  };
  return {
    /** @throws what `decideCheckIn` refuses; StoreUnavailable */
    arrived: (ctx: CommandContext, jobId: string, wish: CheckInInput) =>
      on(ctx, jobId, (state, at) => decideCheckIn(state, ctx.caller, wish, at, geofence)),
    /** @throws what `decideCheckOut` refuses; StoreUnavailable */
    finished: (ctx: CommandContext, jobId: string, wish: CheckOutInput) =>
      on(ctx, jobId, (state, at) => decideCheckOut(state, ctx.caller, wish, at)),
  };
};
