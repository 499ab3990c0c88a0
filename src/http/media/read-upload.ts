/** Takes one file out of a form, while it comes in: it is never whole in memory (docs/design/api.md#files-to-a-customer). */
import type { IncomingMessage } from 'node:http';
import { problem } from '../../domain/problems.ts';
import type { Readable } from 'node:stream';
import { Busboy } from '@fastify/busboy';
import { type Files, FileTooLarge, type WrittenFile } from '../../ports.ts';
import { HttpError } from '../framework/errors.ts';

const FIELD = 'file';
const LIMITS = { files: 1, fields: 0, parts: 1, headerPairs: 20, fieldNameSize: 100 } as const;

/**
 * Writes a body that is the file itself under `key`. Nothing is left of one that is cut off or too large.
 * @throws HttpError BAD_REQUEST it ended too early, PAYLOAD_TOO_LARGE
 */
export async function readRawUpload(
  req: IncomingMessage,
  files: Pick<Files, 'write'>,
  key: string,
  mostBytes: number,
): Promise<WrittenFile> {
  if (Number(req.headers['content-length'] ?? 0) > mostBytes) throw new HttpError('PAYLOAD_TOO_LARGE');
  try {
    // The rest of one that is too large is read and forgotten, so that the client gets its answer.
    return await files.write(key, req.iterator({ destroyOnReturn: false }), mostBytes);
  } catch (error) {
    req.resume();
    if (error instanceof FileTooLarge) throw new HttpError('PAYLOAD_TOO_LARGE');
    throw req.complete ? error : new HttpError('BAD_REQUEST');
  }
}

export interface ReadUpload extends WrittenFile {
  /** As the client called it, without a path. */
  readonly name: string | null;
}

const missing = (): HttpError =>
  new HttpError('VALIDATION_FAILED', [problem(FIELD, 'REQUIRED', 'Wajib diisi')]);

function parserOf(req: IncomingMessage): InstanceType<typeof Busboy> {
  const type = req.headers['content-type'];
  if (type?.startsWith('multipart/form-data') !== true) throw new HttpError('UNSUPPORTED_MEDIA_TYPE');
  try {
    return new Busboy({
      headers: { ...req.headers, 'content-type': type },
      limits: LIMITS,
      isPartAFile: () => true,
    });
  } catch {
    // A form without a boundary.
    throw new HttpError('BAD_REQUEST');
  }
}

/**
 * Writes the file under `key`. What was begun is removed when it fails.
 * @throws HttpError UNSUPPORTED_MEDIA_TYPE, BAD_REQUEST, VALIDATION_FAILED, PAYLOAD_TOO_LARGE
 */
export async function readUpload(
  req: IncomingMessage,
  files: Pick<Files, 'write'>,
  key: string,
  mostBytes: number,
): Promise<ReadUpload> {
  // A form is a little more than its file.
  if (Number(req.headers['content-length'] ?? 0) > mostBytes + 10_000)
    throw new HttpError('PAYLOAD_TOO_LARGE');
  const parser = parserOf(req);
  let coming: Readable | undefined;
  let written: Promise<ReadUpload> | undefined;
  let isStrange = false;
  parser.on('file', (field: string, content: Readable, name?: string) => {
    if (field !== FIELD) {
      isStrange = true;
      content.resume();
      return;
    }
    coming = content;
    // As browsers write a name into a form (HTML, 4.10.21.8).
    const plain =
      name
        ?.replaceAll('%22', '"')
        .replaceAll(/%0[AD]/g, ' ')
        .normalize('NFC')
        .slice(0, 255) ?? '';
    written = files
      .write(key, content, mostBytes)
      .then((file) => ({ ...file, name: plain === '' ? null : plain }));
    // It is awaited when the form is at its end.
    written.catch(() => {
      content.resume();
    });
  });
  const over = new Promise<void>((resolve, reject) => {
    parser.once('finish', resolve);
    parser.once('error', () => {
      reject(new HttpError('BAD_REQUEST'));
    });
    for (const limit of ['partsLimit', 'filesLimit', 'fieldsLimit'] as const)
      parser.once(limit, () => {
        isStrange = true;
      });
    req.once('close', () => {
      if (!req.complete) reject(new HttpError('BAD_REQUEST'));
    });
  });
  req.pipe(parser);
  try {
    await over;
  } catch (error) {
    req.unpipe(parser);
    // The rest is read and forgotten, so that the client gets its answer and not a broken pipe.
    req.resume();
    coming?.destroy(new Error('the form ended too early'));
    await written?.catch(() => undefined);
    throw error;
  }
  if (isStrange)
    throw new HttpError('VALIDATION_FAILED', [
      problem(FIELD, 'TOO_MANY', 'Kirim satu berkas saja, dengan nama isian file', { maximum: 1 }),
    ]);
  if (written === undefined) throw missing();
  try {
    return await written;
  } catch (error) {
    throw error instanceof FileTooLarge ? new HttpError('PAYLOAD_TOO_LARGE') : error;
  }
}
