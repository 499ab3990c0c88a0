/** How a file of a message is sent: with its name, and the part that was asked for (docs/design/api.md#attachments). */
import { pipeline } from 'node:stream/promises';
import type { StoredAttachment } from '../../projections/media/attachments.ts';
import type { BytePart, Files } from '../../ports.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpResponse } from '../framework/request.ts';

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'audio/ogg': 'ogg',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/amr': 'amr',
  'audio/aac': 'aac',
  'audio/wav': 'wav',
  'video/mp4': 'mp4',
  'video/3gpp': '3gp',
  'video/webm': 'webm',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'application/vnd.rar': 'rar',
  'application/x-7z-compressed': '7z',
  'application/gzip': 'gz',
  'image/heic': 'heic',
  'image/heic-sequence': 'heics',
  'image/heif': 'heif',
  'image/avif': 'avif',
  'image/tiff': 'tiff',
  'image/bmp': 'bmp',
  'image/vnd.dwg': 'dwg',
  'video/quicktime': 'mov',
  'text/plain': 'txt',
};

const LONGEST_NAME = 200;

/** A name that is too long loses its middle, not its ending: by that a computer knows what opens it. */
function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= LONGEST_NAME) return name;
  const [ending = ''] = /\.[^.\s]{1,10}$/.exec(name) ?? [];
  return `${letters
    .slice(0, LONGEST_NAME - [...ending].length)
    .join('')
    .trimEnd()}${ending}`;
}

/** What a browser shows by itself and cannot run. Everything else is a download. */
const SHOWN = /^(?:image\/(?:jpeg|png|gif|webp|avif|bmp)|audio\/[\w.-]+|video\/[\w.-]+|application\/pdf)$/;

/** RFC 6266: a plain name for old clients, the real one in UTF-8. */
function disposition({ fileName, id, mimeType }: StoredAttachment, inline: boolean): string {
  const extension = EXTENSIONS[mimeType];
  const fullName = fileName ?? `${id}${extension === undefined ? '' : `.${extension}`}`;
  const name = shortened(fullName.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}/\\]/gu, '_'));
  const plain = name.replaceAll(/[^\x20-\x7e]|["%]/g, '_');
  const real = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${inline ? 'inline' : 'attachment'}; filename="${plain}"; filename*=UTF-8''${real}`;
}

/**
 * What a `Range` header asks for (RFC 9110, 14.2): one part. Several parts, or a header that is none, are answered with the
 * whole file. @returns null: the whole; 'none': no such bytes
 */
export function partOf(header: string | undefined, size: number): BytePart | 'none' | null {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return null;
  if (from === '') {
    // The last so many bytes.
    const last = Math.min(Number(to), size);
    return last === 0 ? 'none' : { start: size - last, end: size - 1 };
  }
  const start = Number(from);
  const end = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < start) return null;
  return start >= size ? 'none' : { start, end };
}

/**
 * Sends a file, or the part of it that was asked for.
 * @param inline show it where a browser can; never as a page of ours: its type is what its bytes are
 * @throws HttpError ATTACHMENT_NOT_FOUND, before anything is sent
 */
export async function sendFile(
  files: Pick<Files, 'open' | 'sizeOf'>,
  found: StoredAttachment,
  { range, inline }: { readonly range: string | undefined; readonly inline: boolean },
  res: HttpResponse,
): Promise<void> {
  const size = await files.sizeOf(found.key);
  if (size === null) throw new HttpError('ATTACHMENT_NOT_FOUND');
  const part = partOf(range, size);
  const shown = inline && SHOWN.test(found.mimeType);
  res.setHeader('Accept-Ranges', 'bytes');
  res.setHeader('Content-Type', found.mimeType);
  res.setHeader('Content-Disposition', disposition(found, shown));
  res.setHeader('X-Content-Type-Options', 'nosniff');
  // A sandbox would keep the browser's own viewer of PDF away.
  const isPdf = shown && found.mimeType === 'application/pdf';
  res.setHeader(
    'Content-Security-Policy',
    isPdf ? "default-src 'none'; frame-ancestors 'none'" : "default-src 'none'; sandbox",
  );
  res.setHeader('Cache-Control', 'private, no-store');
  if (part === 'none') {
    res.statusCode = 416;
    res.setHeader('Content-Range', `bytes */${String(size)}`);
    res.end();
    return;
  }
  const file = await files.open(found.key, part ?? undefined);
  if (file === null) throw new HttpError('ATTACHMENT_NOT_FOUND');
  res.statusCode = part === null ? 200 : 206;
  if (part === null) res.setHeader('Content-Length', size);
  else {
    res.setHeader('Content-Length', part.end - part.start + 1);
    res.setHeader('Content-Range', `bytes ${String(part.start)}-${String(part.end)}/${String(size)}`);
  }
  await pipeline(file.content, res).catch(() => {
    // Who went away in the middle wants no error page.
    res.destroy();
  });
}
