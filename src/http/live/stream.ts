/** Area: what happens, as it happens (docs/design/api.md#live-stream). */
import { z } from 'zod';
import { division, presence, userDivision } from '../../domain/vocabulary.ts';
import { blastProgressObject } from '../blasts/blasts.ts';
import { exportObject } from '../exports/exports.ts';
import { notificationObject } from '../notifications/notifications.ts';
import { streamRoute } from '../framework/route.ts';
import { id, internalMessageObject, messageObject, ticketObject, time } from '../framework/schemas.ts';

const BEARER = /^Bearer (.+)$/i;

/** What `data:` holds, by the name of the event. */
export const STREAM_EVENTS = {
  ticket: ticketObject,
  message: z.discriminatedUnion('layer', [
    z.strictObject({ ticket_id: id, division, layer: z.literal('L1'), message: messageObject }),
    z.strictObject({ ticket_id: id, division, layer: z.literal('L2'), message: internalMessageObject }),
  ]),
  presence: z.strictObject({
    id,
    name: z.string(),
    division: userDivision,
    status: presence,
    changed_at: time,
  }),
  notification: notificationObject,
  blast: z.strictObject({ blast_id: id, ...blastProgressObject.shape }),
  export: exportObject,
  reset: z.strictObject({ reason: z.enum(['unknown', 'too_old', 'rights_changed']) }),
};

export const stream = streamRoute({
  path: '/api/stream',
  name: 'stream',
  tag: 'Live',
  summary: 'What happens, as it happens (Server-Sent Events)',
  description:
    'The same objects as the reads give, to those who may read them: `ticket` (a ticket as it is now), `message` ' +
    '(new, or its delivery went on; L2 only for those who may read the notes), `presence`, `notification`, `blast` (how far it came). Open ' +
    'the stream first, then load: nothing falls in between. With `Last-Event-ID` you get what you missed; `reset` ' +
    'means: load everything again, too much time went by or your rights changed. A comment comes every 15 s. Who does not ' +
    'read is cut off. A browser needs a fetch-based client: EventSource cannot send the token.',
  access: 'authenticated',
  reads: 'live',
  events: STREAM_EVENTS,
  errors: [],
  async open({ signedIn, req, context }, res) {
    const token = BEARER.exec(req.headers.authorization ?? '')?.[1] ?? '';
    const { expiresAt } = await context.tokens.verify(token);
    const asked = req.headers['last-event-id'];
    const lastEventId = typeof asked === 'string' && asked !== '' ? asked : null;
    context.sseHub.open({ ...signedIn, expiresAt, lastEventId }, res);
  },
});
