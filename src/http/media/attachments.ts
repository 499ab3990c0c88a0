/** Area: files in messages (docs/design/api.md#attachments). */
import { z } from 'zod';
import { findAttachment } from '../../projections/media/attachments.ts';
import { locateTicket } from '../../projections/tickets/inbox.ts';
import { NOBODY } from '../../ports.ts';
import { HttpError } from '../framework/errors.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { fileRoute, type Route } from '../framework/route.ts';
import { id } from '../framework/schemas.ts';
import { scopeOfTicket } from '../tickets/ticket-scope.ts';
import { sendFile } from './send-file.ts';

const TAG = 'Conversation (L1)';
const attachmentName = z.string().regex(/^[0-9a-f-]{36}-\d{1,3}$/, 'ID tidak sah');

export const attachment = fileRoute({
  path: '/api/admin/ticket/:id/attachments/:attachment_id',
  name: 'downloadAttachment',
  tag: TAG,
  summary: 'Download a file of a message',
  description:
    'The `id` of an attachment that is `ready`. Its type is what the bytes are, whatever the sender called them; ' +
    'it always comes as a download. `Range` is answered.',
  access: 'messages_read',
  reads: 'attachment',
  params: { id, attachment_id: attachmentName },
  errors: ['TICKET_NOT_FOUND', 'DIVISION_FORBIDDEN', 'ATTACHMENT_NOT_FOUND'],
  async send({ params, signedIn, context, req }, res) {
    const scope = await scopeOfTicket(context.read, signedIn.caller, params.id);
    const found = await findAttachment(context.read, scope, params.id, params.attachment_id);
    if (!found) throw new HttpError('ATTACHMENT_NOT_FOUND');
    await sendFile(context.files, found, { range: req.headers.range, inline: false }, res);
  },
});

/** Anything at all: what is not what we signed is a bad signature, not a bad form. */
const anything = z.string().max(200);
const SIGNED = { ticket: anything.optional(), expires: anything.optional(), signature: anything.optional() };

const signed = fileRoute({
  path: '/api/files/:attachment_id',
  name: 'openFile',
  tag: TAG,
  summary: 'A file of a message, without a token',
  description:
    'The address as `url` of an attachment gave it, for 15 to 30 minutes: the link is the credential. Images, audio, video and ' +
    'PDF can be shown in a page, everything else is a download. `Range` is answered.',
  access: 'public',
  params: { attachment_id: anything },
  query: SIGNED,
  errors: ['FILE_LINK_INVALID', 'ATTACHMENT_NOT_FOUND', 'STORE_UNAVAILABLE', 'BUSY'],
  examples: { ticket: EXAMPLE_IDS.ticket },
  async send({ params, query, context, req }, res) {
    const { ticket = '', expires = '', signature = '', ...others } = query;
    const link = { ticketId: ticket, attachmentId: params.attachment_id, expires, signature };
    if (Object.keys(others).length > 0 || !context.fileLinks.isGood(link))
      throw new HttpError('FILE_LINK_INVALID');
    const place = await locateTicket(context.read, ticket, NOBODY);
    const scope = place && ({ kind: 'division', division: place.division, userId: NOBODY } as const);
    const found = scope && (await findAttachment(context.read, scope, ticket, params.attachment_id));
    if (!found) throw new HttpError('ATTACHMENT_NOT_FOUND');
    // A page of another origin shows it in an <img> or a <video>, whose requests say no origin.
    res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    await sendFile(context.files, found, { range: req.headers.range, inline: true }, res);
  },
});

/** A letter changed in the name of a parameter is a changed link as well, and no bad form. */
export const openFile: Route = { ...signed, query: z.looseObject(SIGNED) };
