/** The office looks at the report of a visit: accepts it, or sends it back (docs/design/field-service.md#report). */
import { z } from 'zod';
import { type ExistingJob, job, type FieldJob, type JobEvent } from '../../domain/field-jobs/job.ts';
import { problem } from '../../domain/problems.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { Clock } from '../../ports.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import { aboutJob } from './job-access.ts';
import { requireJobOf } from './visit-access.ts';

export const rejectReportInput = z.strictObject({
  reason: z.string().trim().min(1).max(500).meta({ example: 'BAST belum ditandatangani pelanggan' }),
});

/** What a report is not complete without. */
const WANTED = ['bast', 'bukti'] as const;

function requireDone(found: ExistingJob): ExistingJob & { readonly technicianId: string } {
  const { technicianId } = found;
  if (found.status === 'cancelled' || found.status === 'completed') throw new Refusal('JOB_CLOSED');
  if (found.status !== 'done' || technicianId === null) throw new Refusal('JOB_NOT_DONE');
  return { ...found, technicianId };
}

/**
 * Accepting again makes no event.
 * @throws Refusal JOB_NOT_FOUND, DIVISION_FORBIDDEN, JOB_CLOSED it was cancelled, JOB_NOT_DONE nobody checked out, REPORT_INCOMPLETE
 */
export function decideAcceptReport(state: FieldJob, caller: Caller): JobEvent[] {
  const found = requireJobOf(state, caller);
  if (found.status === 'completed') return [];
  const done = requireDone(found);
  const missing = WANTED.filter((kind) => !done.documents.some((one) => one.kind === kind));
  if (missing.length > 0)
    throw new Refusal(
      'REPORT_INCOMPLETE',
      missing.map((kind) => problem(kind, 'REQUIRED', 'Wajib diunggah')),
    );
  const { technicianId } = done;
  return [{ type: 'JobCompleted', data: { ...aboutJob(done), technicianId, by: caller.id } }];
}

/**
 * The technician has to add something. Sent back already: no event.
 * @throws Refusal JOB_NOT_FOUND, DIVISION_FORBIDDEN, JOB_CLOSED, JOB_NOT_DONE
 */
export function decideRejectReport(state: FieldJob, caller: Caller, reason: string): JobEvent[] {
  const done = requireDone(requireJobOf(state, caller));
  if (done.reportRejected) return [];
  const { technicianId } = done;
  return [{ type: 'ReportRejected', data: { ...aboutJob(done), technicianId, reason, by: caller.id } }];
}

/** The functions throw what their deciders refuse, and StoreUnavailable. */
export const reports = ({ handler, clock }: { handler: CommandHandler; clock: Clock }) => ({
  accept: (ctx: CommandContext, jobId: string) =>
    handler.executeCommand(job, jobId, eventContextOf(ctx, clock), (state) =>
      decideAcceptReport(state, ctx.caller),
    ),
  reject: (ctx: CommandContext, jobId: string, { reason }: z.infer<typeof rejectReportInput>) =>
    handler.executeCommand(job, jobId, eventContextOf(ctx, clock), (state) =>
      decideRejectReport(state, ctx.caller, reason),
    ),
});
