/** Papers and pictures of a visit (docs/design/field-service.md#documents). Their bytes were written before. */
import {
  type ExistingJob,
  isOver,
  job,
  type FieldJob,
  type JobDocument,
  type JobDocumentKind,
  type JobEvent,
} from '../../domain/field-jobs/job.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type Caller, covers } from '../../domain/staff/privileges.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { Clock, WrittenFile } from '../../ports.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import { aboutJob } from './job-access.ts';
import { requireJobOf, requireOwnVisit } from './visit-access.ts';

/** Bytes: 15 MB. */
export const MOST_DOCUMENT_BYTES = 15 * 1024 * 1024;
/** What a document may be, by its bytes. */
const DOCUMENT_TYPES: ReadonlySet<string> = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/heic',
  'application/pdf',
]);
/** So that a stream stays short. */
const MOST_DOCUMENTS = 200;
/** What a technician is given before they go; the others are what they bring back. */
const LETTERS: ReadonlySet<JobDocumentKind> = new Set(['surat_tugas', 'surat_jalan']);

/** Name in the store of files. */
export const documentKey = (documentId: string): string => `documents/${documentId}`;

/**
 * The job, for who may add to it and take away: the office (`job_document`) every kind, a technician (`job_report`) what they bring
 * back from their own job.
 * @throws Refusal JOB_NOT_FOUND, DIVISION_FORBIDDEN, JOB_CLOSED, JOB_NOT_ASSIGNED, NOT_YOUR_JOB, FORBIDDEN
 */
function requireMayChange(state: FieldJob, caller: Caller, kind: JobDocumentKind): ExistingJob {
  if (caller.privileges.has('job_document')) {
    const found = requireJobOf(state, caller);
    if (isOver(found)) throw new Refusal('JOB_CLOSED');
    if (found.technicianId === null) throw new Refusal('JOB_NOT_ASSIGNED');
    return found;
  }
  if (!caller.privileges.has('job_report') || LETTERS.has(kind)) throw new Refusal('FORBIDDEN');
  return requireOwnVisit(state, caller);
}

type NewDocument = Pick<WrittenFile, 'size' | 'sha256' | 'mimeType'> & {
  readonly documentId: string;
  readonly kind: JobDocumentKind;
};

/** @returns the document of this kind with these bytes, if it is there */
export const sameDocument = (
  { documents }: Pick<ExistingJob, 'documents'>,
  { kind, sha256 }: Pick<NewDocument, 'kind' | 'sha256'>,
): JobDocument | undefined => documents.find((one) => one.kind === kind && one.sha256 === sha256);

/** The same bytes again make no event. @throws Refusal as `requireMayChange`, MEDIA_NOT_SUPPORTED */
export function decideAddDocument(state: FieldJob, caller: Caller, file: NewDocument): JobEvent[] {
  const found = requireMayChange(state, caller, file.kind);
  const { documentId, kind, sha256, size, mimeType: type } = file;
  const refuse = (message: string) => new Refusal('MEDIA_NOT_SUPPORTED', [{ path: 'file', message }]);
  if (size === 0) throw refuse('Berkas kosong');
  if (!DOCUMENT_TYPES.has(type)) throw refuse('Hanya foto (JPEG, PNG, WebP, HEIC) atau PDF');
  if (sameDocument(found, file) !== undefined) return [];
  if (found.documents.length >= MOST_DOCUMENTS)
    throw refuse(`Paling banyak ${String(MOST_DOCUMENTS)} berkas untuk satu pekerjaan`);
  const about = { ...aboutJob(found), technicianId: found.technicianId };
  const key = documentKey(documentId);
  return [
    {
      type: 'JobDocumentAdded',
      data: { ...about, documentId, kind, sha256, size, type, key, by: caller.id },
    },
  ];
}

/**
 * It is not shown any more; its bytes stay until the customer is erased. A technician withdraws their own.
 * @throws Refusal as `requireMayChange`, ATTACHMENT_NOT_FOUND
 */
export function decideWithdrawDocument(state: FieldJob, caller: Caller, documentId: string): JobEvent[] {
  const known = state.status === 'absent' ? undefined : state.documents.find(({ id }) => id === documentId);
  const found = requireMayChange(state, caller, known?.kind ?? 'foto');
  if (known === undefined) throw new Refusal('ATTACHMENT_NOT_FOUND');
  if (known.by !== caller.id && !caller.privileges.has('job_document')) throw new Refusal('FORBIDDEN');
  const about = { ...aboutJob(found), technicianId: found.technicianId };
  return [{ type: 'JobDocumentWithdrawn', data: { ...about, documentId, by: caller.id } }];
}

/**
 * The document, for who may open it: the office of the division (`job_read`), and the technician whose job it is.
 * @throws Refusal JOB_NOT_FOUND, DIVISION_FORBIDDEN, NOT_YOUR_JOB, FORBIDDEN, ATTACHMENT_NOT_FOUND also of another job
 */
export function requireDocument(state: FieldJob, caller: Caller, documentId: string): JobDocument {
  const isOffice = caller.privileges.has('job_read');
  if (!isOffice && !caller.privileges.has('job_own')) throw new Refusal('FORBIDDEN');
  // What is of another division is as unknown to a technician as none.
  if (!isOffice && state.status !== 'absent' && !covers(caller, state.division))
    throw new Refusal('JOB_NOT_FOUND');
  const found = requireJobOf(state, caller);
  if (!isOffice && found.technicianId !== caller.id) throw new Refusal('NOT_YOUR_JOB');
  const known = found.documents.find(({ id }) => id === documentId);
  if (known === undefined) throw new Refusal('ATTACHMENT_NOT_FOUND');
  return known;
}

/** The functions throw what their deciders refuse, and StoreUnavailable. */
export const jobDocuments = ({ handler, clock }: { handler: CommandHandler; clock: Clock }) => ({
  /** Before a byte is read. */
  async requireAllowed(ctx: CommandContext, jobId: string, kind: JobDocumentKind): Promise<void> {
    requireMayChange(await handler.load(job, jobId), ctx.caller, kind);
  },
  /** @returns the document with these bytes: an earlier one when they were there already */
  async add(ctx: CommandContext, jobId: string, file: NewDocument) {
    const { state, position } = await handler.executeCommand(
      job,
      jobId,
      eventContextOf(ctx, clock),
      (known) => decideAddDocument(known, ctx.caller, file),
    );
    const added = state.status === 'absent' ? undefined : sameDocument(state, file);
    if (added === undefined) throw new TypeError('a document that was added is there');
    return { document: added, position };
  },
  async withdraw(ctx: CommandContext, jobId: string, documentId: string) {
    const { position } = await handler.executeCommand(job, jobId, eventContextOf(ctx, clock), (known) =>
      decideWithdrawDocument(known, ctx.caller, documentId),
    );
    return { position };
  },
  /** For who may open it. */
  find: async (caller: Caller, jobId: string, documentId: string): Promise<JobDocument> =>
    requireDocument(await handler.load(job, jobId), caller, documentId),
});
