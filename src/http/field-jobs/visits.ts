/** Area: what a technician records of a visit, and what the office says to it (docs/design/field-service.md#visits). */
import { z } from 'zod';
import { checkInInput, checkOutInput } from '../../commands/field-jobs/check-in.ts';
import { rejectReportInput } from '../../commands/field-jobs/report.ts';
import { PLACE_VERDICTS } from '../../domain/field-jobs/geofence.ts';
import { type ExistingJob, JOB_STATUSES, type Job } from '../../domain/field-jobs/job.ts';
import type { Position } from '../../ports.ts';
import type { ErrorCode } from '../framework/errors.ts';
import { route } from '../framework/route.ts';
import { id, time } from '../framework/schemas.ts';

const TAG = 'Field service';
const ID = '019a9d1e-7c00-7000-8000-0000000000a1';
const ON_VISIT: readonly ErrorCode[] = [
  'JOB_NOT_FOUND',
  'JOB_CLOSED',
  'JOB_NOT_ASSIGNED',
  'NOT_YOUR_JOB',
  'BUSY',
];

const visit = z
  .strictObject({
    job_id: id,
    status: z.enum(JOB_STATUSES),
    arrived_at: time.nullable(),
    finished_at: time.nullable(),
    verdict: z
      .enum(PLACE_VERDICTS)
      .nullable()
      .meta({ description: 'Whether they were there when they checked in.' }),
    distance: z
      .number()
      .nullable()
      .meta({ description: 'Metres from the place, as the phone said.', example: 22 }),
  })
  .meta({
    id: 'Visit',
    memberExamples: { job_id: ID, status: 'in_progress', verdict: 'in', finished_at: null },
  });

function answerOf({ state, position }: { readonly state: Job; readonly position: Position }) {
  if (state.status === 'absent') throw new TypeError('a job that was decided on is there');
  const { id: job_id, status, arrivedAt, finishedAt, arrival }: ExistingJob = state;
  const { verdict = null, distance = null } = arrival ?? {};
  return {
    data: { job_id, status, arrived_at: arrivedAt, finished_at: finishedAt, verdict, distance },
    position,
  };
}

export const checkIn = route({
  method: 'post',
  path: '/api/jobs/:id/check-in',
  name: 'checkIn',
  tag: TAG,
  summary: 'A technician is there',
  description:
    'Only who has the job, from two hours before its window on. The time of our clock counts; `taken_at` is kept beside it, so that ' +
    'what a phone recorded without a connection can be sent later. Out of place, or where it cannot be said (`unsure`), a note and ' +
    'a photo are wanted: upload it as `foto` first. Checking in again changes nothing.',
  access: 'job_report',
  params: { id },
  body: checkInInput,
  status: 200,
  data: visit,
  errors: [...ON_VISIT, 'TOO_EARLY', 'ALREADY_CHECKED_OUT', 'NOTE_AND_PHOTO_REQUIRED', 'OUT_OF_PLACE'],
  examples: { photo: ID },
  handle: async ({ params, body, command, context }) =>
    answerOf(await context.commands.visits.arrived(command, params.id, body)),
});

export const checkOut = route({
  method: 'post',
  path: '/api/jobs/:id/check-out',
  name: 'checkOut',
  tag: TAG,
  summary: 'A technician has finished',
  description: 'Only who has the job and checked in. Checking out again changes nothing.',
  access: 'job_report',
  params: { id },
  body: checkOutInput,
  status: 200,
  data: visit,
  errors: [...ON_VISIT, 'NOT_CHECKED_IN'],
  handle: async ({ params, body, command, context }) =>
    answerOf(await context.commands.visits.finished(command, params.id, body)),
});

const ON_REPORT: readonly ErrorCode[] = [
  'JOB_NOT_FOUND',
  'DIVISION_FORBIDDEN',
  'JOB_CLOSED',
  'JOB_NOT_DONE',
  'BUSY',
];

export const acceptReport = route({
  method: 'post',
  path: '/api/admin/jobs/:id/accept',
  name: 'acceptReport',
  tag: TAG,
  summary: 'The report of a visit is complete',
  description:
    'After the check-out, with at least one `bast` and one `bukti`. The job is completed: an invoice may follow, and the customer is ' +
    'asked how it was. Accepting again changes nothing.',
  access: 'job_document',
  params: { id },
  status: 200,
  data: visit,
  errors: [...ON_REPORT, 'REPORT_INCOMPLETE'],
  handle: async ({ params, command, context }) =>
    answerOf(await context.commands.reports.accept(command, params.id)),
});

export const rejectReport = route({
  method: 'post',
  path: '/api/admin/jobs/:id/reject',
  name: 'rejectReport',
  tag: TAG,
  summary: 'Send the report of a visit back',
  description: 'The technician sees the reason, and adds what is missing.',
  access: 'job_document',
  params: { id },
  body: rejectReportInput,
  status: 200,
  data: visit,
  errors: ON_REPORT,
  examples: { reason: 'BAST belum ditandatangani pelanggan' },
  handle: async ({ params, body, command, context }) =>
    answerOf(await context.commands.reports.reject(command, params.id, body)),
});
