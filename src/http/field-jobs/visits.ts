/** Area: what a technician records of a visit, and what the office says to it (docs/design/field-service.md#visits). */
import { z } from 'zod';
import { checkInInput, checkOutInput } from '../../commands/field-jobs/check-in.ts';
import { rejectReportInput } from '../../commands/field-jobs/report.ts';
import { PLACE_VERDICTS } from '../../domain/field-jobs/geofence.ts';
import { JOB_STATUSES, type FieldJob } from '../../domain/field-jobs/job.ts';
import type { StaffMember } from '../../domain/staff/member.ts';
import type { Position } from '../../ports.ts';
import { ownJobObject, wholeJobObject } from '../../projections/field-jobs/job-object.ts';
import type { ErrorCode } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { route } from '../framework/route.ts';
import { id } from '../framework/schemas.ts';
import { EXAMPLE_JOB, FIELD_TAG, jobParams, withJob } from './job-after.ts';

const ON_VISIT: readonly ErrorCode[] = [
  'JOB_NOT_FOUND',
  'JOB_CLOSED',
  'JOB_NOT_ASSIGNED',
  'NOT_YOUR_JOB',
  'BUSY',
];

const visit = z.strictObject({
  job_id: id,
  status: z.enum(JOB_STATUSES).meta({ example: 'in_progress' }),
  verdict: z
    .enum(PLACE_VERDICTS)
    .nullable()
    .meta({ description: 'Whether they were there when they checked in.', example: 'in' }),
  job: ownJobObject.nullable().meta({ description: 'Null: the read tables lag behind; see `meta.stale`.' }),
});
const report = z.strictObject({
  job_id: id,
  job: wholeJobObject.nullable().meta({ description: 'Null: the read tables lag behind; see `meta.stale`.' }),
});

/** What was done, and the job as its technician sees it. */
async function visitAfter(
  context: HttpContext,
  caller: StaffMember,
  { state, position }: { readonly state: FieldJob; readonly position: Position },
) {
  if (state.status === 'absent') throw new TypeError('a job that was decided on is there');
  const { id: job_id, status, arrival } = state;
  const { data, ...rest } = await withJob(context, caller, { job_id, position }, 'own');
  return { data: { ...data, status, verdict: arrival?.verdict ?? null }, ...rest };
}

export const checkIn = route({
  method: 'post',
  path: '/api/jobs/:id/check-in',
  name: 'checkIn',
  tag: FIELD_TAG,
  summary: 'A technician is there',
  description:
    'Only who has the job, from two hours before its window on. The time of our clock counts; `taken_at` is kept beside it, so that ' +
    'what a phone recorded without a connection can be sent later. Out of place, or where it cannot be said (`unsure`), a note and ' +
    'a photo are wanted: upload it as `foto` first. Checking in again changes nothing.',
  access: 'job_report',
  params: jobParams,
  reads: 'job',
  body: checkInInput,
  status: 200,
  data: visit,
  errors: [...ON_VISIT, 'TOO_EARLY', 'ALREADY_CHECKED_OUT', 'NOTE_AND_PHOTO_REQUIRED', 'OUT_OF_PLACE'],
  examples: { photo: EXAMPLE_JOB },
  handle: async ({ params, body, command, signedIn, context }) =>
    visitAfter(context, signedIn.caller, await context.commands.visits.arrived(command, params.id, body)),
});

export const checkOut = route({
  method: 'post',
  path: '/api/jobs/:id/check-out',
  name: 'checkOut',
  tag: FIELD_TAG,
  summary: 'A technician has finished',
  description: 'Only who has the job and checked in. Checking out again changes nothing.',
  access: 'job_report',
  params: jobParams,
  reads: 'job',
  body: checkOutInput,
  status: 200,
  data: visit,
  errors: [...ON_VISIT, 'NOT_CHECKED_IN'],
  handle: async ({ params, body, command, signedIn, context }) =>
    visitAfter(context, signedIn.caller, await context.commands.visits.finished(command, params.id, body)),
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
  tag: FIELD_TAG,
  summary: 'The report of a visit is complete',
  description:
    'After the check-out, with at least one `bast` and one `bukti`. The job is completed: an invoice may follow, and the customer is ' +
    'asked how it was. Accepting again changes nothing.',
  access: 'job_document',
  params: jobParams,
  reads: 'job',
  status: 200,
  data: report,
  errors: [...ON_REPORT, 'REPORT_INCOMPLETE'],
  handle: async ({ params: { id: job_id }, command, signedIn, context }) => {
    const { position } = await context.commands.reports.accept(command, job_id);
    return withJob(context, signedIn.caller, { job_id, position }, 'whole');
  },
});

export const rejectReport = route({
  method: 'post',
  path: '/api/admin/jobs/:id/reject',
  name: 'rejectReport',
  tag: FIELD_TAG,
  summary: 'Send the report of a visit back',
  description: 'The technician sees the reason, and adds what is missing.',
  access: 'job_document',
  params: jobParams,
  reads: 'job',
  body: rejectReportInput,
  status: 200,
  data: report,
  errors: ON_REPORT,
  examples: { reason: 'BAST belum ditandatangani pelanggan' },
  handle: async ({ params: { id: job_id }, body, command, signedIn, context }) => {
    const { position } = await context.commands.reports.reject(command, job_id, body);
    return withJob(context, signedIn.caller, { job_id, position }, 'whole');
  },
});
