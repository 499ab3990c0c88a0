/** Area: files to a customer (docs/design/api.md#files-to-a-customer). */
import { z } from 'zod';
import { fileKey } from '../../domain/media/media.ts';
import { MOST_UPLOAD_BYTES } from '../../domain/media/outgoing.ts';
import { sentFile } from '../../domain/vocabulary.ts';
import { ON_TICKET, ticketParams } from '../framework/command-route.ts';
import { HttpError } from '../framework/errors.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id } from '../framework/schemas.ts';
import { readUpload } from './read-upload.ts';
import { requireHarmless } from './require-harmless.ts';

export const uploadMedia = route({
  method: 'post',
  path: '/api/admin/ticket/:id/media',
  name: 'uploadMedia',
  tag: 'Conversation (L1)',
  summary: 'Upload a file for the customer',
  description:
    'A form with one member `file`. Only the agent who has the ticket; then `POST .../reply` sends it by its `media_id`. Its type ' +
    'is what the bytes are. What the channel cannot carry is refused with the reason in `details`.',
  access: 'reply',
  params: ticketParams,
  upload: 'form',
  status: 201,
  data: z.strictObject({
    media_id: id,
    kind: sentFile.shape.kind.meta({ description: 'As what the customer gets it.' }),
    mime_type: z.string(),
    size: z.int(),
    name: z.string().nullable(),
  }),
  errors: [
    ...ON_TICKET,
    'NOT_ASSIGNEE',
    'TICKET_CLOSED',
    'MEDIA_NOT_SUPPORTED',
    'MEDIA_NOT_FOUND',
    'MEDIA_QUOTA_USED',
    'OVERLOADED',
  ],
  examples: { media_id: EXAMPLE_IDS.other, name: 'penawaran.pdf' },
  async handle({ params, command, req, context }) {
    const { files, ids, commands } = context;
    await commands.uploadFile.requireAllowed(command, params.id);
    const day = context.clock.now().toISOString().slice(0, 10);
    const { id: callerId } = command.caller;
    if (!(await context.uploadQuota.take(callerId, day))) throw new HttpError('MEDIA_QUOTA_USED');
    const mediaId = ids.next();
    const key = fileKey(mediaId);
    const written = await readUpload(req, files, key, MOST_UPLOAD_BYTES);
    try {
      await context.uploadQuota.add(callerId, day, written.size);
      const signal = AbortSignal.timeout(60_000);
      await requireHarmless(context, key, signal);
      const { size, mimeType, name } = written;
      const { kind } = await commands.uploadFile.record(command, params.id, { ...written, mediaId });
      return { data: { media_id: mediaId, kind, mime_type: mimeType, size, name } };
    } catch (error) {
      // Nobody may send it, so nobody needs it.
      await files.remove(key);
      throw error;
    }
  },
});
