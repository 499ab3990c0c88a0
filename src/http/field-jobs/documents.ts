/** Area: papers and pictures of a visit (docs/design/field-service.md#documents). */
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import { documentKey, MOST_DOCUMENT_BYTES } from '../../commands/field-jobs/documents.ts';
import { hasBareForm, withoutMetadata } from '../../domain/field-jobs/without-metadata.ts';
import { jobDocumentKind } from '../../domain/field-jobs/job.ts';
import type { Files } from '../../ports.ts';
import type { ErrorCode } from '../framework/errors.ts';
import { HttpError } from '../framework/errors.ts';
import { fileRoute, route } from '../framework/route.ts';
import { id } from '../framework/schemas.ts';
import { readRawUpload } from '../media/read-upload.ts';
import { requireHarmless } from '../media/require-harmless.ts';
import { sendFile } from '../media/send-file.ts';
import { FIELD_TAG, jobParams } from './job-after.ts';

const ID = '019a9d1e-7c00-7000-8000-0000000000f1';
const ON_DOCUMENT: readonly ErrorCode[] = [
  'FORBIDDEN',
  'JOB_NOT_FOUND',
  'DIVISION_FORBIDDEN',
  'NOT_YOUR_JOB',
  'BUSY',
];
const CHANGING: readonly ErrorCode[] = [...ON_DOCUMENT, 'JOB_CLOSED', 'JOB_NOT_ASSIGNED'];

export const putDocument = route({
  method: 'put',
  path: '/api/jobs/:id/documents/:document',
  name: 'putJobDocument',
  tag: FIELD_TAG,
  summary: 'Add a paper or a picture to a job',
  description:
    'The file as the body, up to 15 MB: JPEG, PNG, WebP, HEIC or PDF, by its bytes. The office (`job_document`) adds every kind to a job ' +
    'that somebody has; a technician (`job_report`) adds `bast`, `bukti` and `foto` to their own. The same bytes again are the same ' +
    'document. One that is cut off leaves nothing.',
  access: 'authenticated',
  params: { ...jobParams, document: jobDocumentKind.meta({ description: 'What it is.' }) },
  upload: 'raw',
  status: 200,
  data: z
    .strictObject({
      document_id: id,
      kind: jobDocumentKind,
      type: z.string().meta({ description: 'What the bytes are.', example: 'image/jpeg' }),
      size: z.int().meta({ description: 'Bytes.' }),
      sha256: z
        .string()
        .meta({ example: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad' }),
    })
    .meta({ memberExamples: { document_id: ID, kind: 'bast' } }),
  errors: [...CHANGING, 'MEDIA_NOT_SUPPORTED', 'MEDIA_NOT_FOUND', 'MEDIA_QUOTA_USED', 'OVERLOADED'],
  async handle({ params, command, req, context }) {
    const { files, ids, commands, uploadQuota } = context;
    await commands.jobDocuments.requireAllowed(command, params.id, params.document);
    const day = context.clock.now().toISOString().slice(0, 10);
    const { id: callerId } = command.caller;
    if (!(await uploadQuota.take(callerId, day))) throw new HttpError('MEDIA_QUOTA_USED');
    const documentId = ids.next();
    const key = documentKey(documentId);
    const written = await readRawUpload(req, files, key, MOST_DOCUMENT_BYTES);
    try {
      await uploadQuota.add(callerId, day, written.size);
      await requireHarmless(context, key, AbortSignal.timeout(60_000));
      const file = { ...written, documentId, kind: params.document };
      const { document, position } = await commands.jobDocuments.add(command, params.id, file);
      // These bytes were here already.
      if (document.id !== documentId) await files.remove(key);
      const { id: document_id, kind, type, size, sha256 } = document;
      return { data: { document_id, kind, type, size, sha256 }, position };
    } catch (error) {
      await files.remove(key);
      throw error;
    }
  },
});

/** A stored picture as it is shown: without what the phone wrote beside it. */
function bareFiles(files: Pick<Files, 'open' | 'sizeOf'>, mimeType: string): Pick<Files, 'open' | 'sizeOf'> {
  if (!hasBareForm(mimeType)) return files;
  let read: Promise<Buffer | null> | undefined;
  const bare = (key: string): Promise<Buffer | null> =>
    (read ??= files
      .open(key)
      .then(async (file) => (file === null ? null : withoutMetadata(mimeType, await buffer(file.content)))));
  return {
    sizeOf: async (key) => (await bare(key))?.length ?? null,
    async open(key, part) {
      const bytes = await bare(key);
      if (bytes === null) return null;
      const wanted = part === undefined ? bytes : bytes.subarray(part.start, part.end + 1);
      return { size: bytes.length, content: Readable.from([wanted]) };
    },
  };
}

export const openDocument = fileRoute({
  path: '/api/jobs/:id/documents/:document',
  name: 'openJobDocument',
  tag: FIELD_TAG,
  summary: 'Open a paper or a picture of a job',
  description:
    'For the office of the division (`job_read`) and the technician whose job it is; each opening is on record. Where a picture was taken ' +
    'is taken off it. `Range` is answered.',
  access: 'authenticated',
  reads: 'job_document',
  params: { ...jobParams, document: id },
  errors: [...ON_DOCUMENT, 'ATTACHMENT_NOT_FOUND'],
  examples: { document: ID },
  async send({ params, signedIn, context, req }, res) {
    const { caller } = signedIn;
    const found = await context.commands.jobDocuments.find(caller, params.id, params.document);
    const file = { key: found.key, id: `${found.kind}-${found.id}`, mimeType: found.type, fileName: null };
    await sendFile(
      bareFiles(context.files, found.type),
      file,
      { range: req.headers.range, inline: true },
      res,
    );
  },
});

export const withdrawDocument = route({
  method: 'delete',
  path: '/api/jobs/:id/documents/:document',
  name: 'withdrawJobDocument',
  tag: FIELD_TAG,
  summary: 'Withdraw a paper or a picture of a job',
  description:
    'It is not shown any more. A technician withdraws their own, the office (`job_document`) each.',
  access: 'authenticated',
  params: { ...jobParams, document: id },
  status: 204,
  data: null,
  errors: [...CHANGING, 'ATTACHMENT_NOT_FOUND'],
  examples: { document: ID },
  async handle({ params, command, context }) {
    const { position } = await context.commands.jobDocuments.withdraw(command, params.id, params.document);
    return { data: null, position };
  },
});
