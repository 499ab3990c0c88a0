/** Area: files and places that customers sent (docs/design/api.md#attachments). */
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { findAttachment } from '../../projections/media/attachments.ts';
import { HttpError } from '../framework/errors.ts';
import { fileRoute } from '../framework/route.ts';
import { id } from '../framework/schemas.ts';
import { scopeOfTicket } from '../tickets/ticket-scope.ts';

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

/**
 * RFC 6266: a plain name for old clients, the real one in UTF-8. Always `attachment`: what a customer sent is never
 * opened as a page of ours.
 */
function disposition(fileName: string | null, attachmentId: string, mimeType: string): string {
  const extension = EXTENSIONS[mimeType];
  const fullName = fileName ?? `${attachmentId}${extension === undefined ? '' : `.${extension}`}`;
  const name = shortened(fullName.toWellFormed().replaceAll(/[\p{Cc}\p{Cf}/\\]/gu, '_'));
  const plain = name.replaceAll(/[^\x20-\x7e]|["%]/g, '_');
  const real = encodeURIComponent(name).replaceAll(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${real}`;
}

export const attachment = fileRoute({
  path: '/api/admin/ticket/:id/attachments/:attachment_id',
  name: 'downloadAttachment',
  tag: 'Conversation (L1)',
  summary: 'Download what the customer sent',
  description:
    'The `id` of an attachment that has a `size`. Its type is what the bytes are, whatever the sender called them; ' +
    'it always comes as a download.',
  access: 'messages_read',
  reads: 'attachment',
  params: { id, attachment_id: z.string().regex(/^[0-9a-f-]{36}-\d{1,3}$/) },
  errors: ['TICKET_NOT_FOUND', 'DIVISION_FORBIDDEN', 'ATTACHMENT_NOT_FOUND'],
  async send({ params, signedIn, context }, res) {
    const scope = await scopeOfTicket(context.read, signedIn.caller, params.id);
    const found = await findAttachment(context.read, scope, params.id, params.attachment_id);
    const file = found && (await context.files.open(`media/${found.id}`));
    if (!file) throw new HttpError('ATTACHMENT_NOT_FOUND');
    res.statusCode = 200;
    res.setHeader('Content-Type', found.mimeType);
    res.setHeader('Content-Length', file.size);
    res.setHeader('Content-Disposition', disposition(found.fileName, found.id, found.mimeType));
    res.setHeader('X-Content-Type-Options', 'nosniff');
    res.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
    res.setHeader('Cache-Control', 'private, no-store');
    await pipeline(file.content, res).catch(() => {
      // Who went away in the middle wants no error page.
      res.destroy();
    });
  },
});
