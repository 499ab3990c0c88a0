/** Area: what happens, as it happens (docs/design/api.md#live-stream). */
import { z } from 'zod';
import { division, presence, userDivision } from '../../domain/vocabulary.ts';
import { crmObjectSchema } from '../crm/crm.ts';
import { blastProgressObject } from '../blasts/blasts.ts';
import { exportObject } from '../exports/exports.ts';
import { invoiceObject } from '../invoices/invoice-objects.ts';
import { notificationObject } from '../notifications/notifications.ts';
import { STREAM_TICKET_SECONDS } from '../../ports.ts';
import { route, streamRoute } from '../framework/route.ts';
import {
  id,
  internalMessageObject,
  messageObject,
  person,
  ticketObject,
  time,
} from '../framework/schemas.ts';
import { ownJobObject, poolJobObject, wholeJobObject } from '../../projections/field-jobs/job-object.ts';
import { countsObject } from '../tickets/inbox.ts';

const [aTicket, layer] = [{ ticket_id: id }, z.enum(['L1', 'L2'])];

/** What `data:` holds, by the name of the event. Each is a component of the document: clients have types for them. */
export const STREAM_EVENTS = {
  ticket: ticketObject,
  message: z
    .discriminatedUnion('layer', [
      z.strictObject({ ...aTicket, division, layer: z.literal('L1'), message: messageObject }),
      z.strictObject({ ...aTicket, division, layer: z.literal('L2'), message: internalMessageObject }),
    ])
    .meta({ id: 'StreamMessage' }),
  presence: z
    .strictObject({
      id,
      name: z.string(),
      division: userDivision,
      status: presence,
      changed_at: time,
      active_ticket_count: z.int(),
    })
    .meta({ id: 'StreamPresence' }),
  notification: notificationObject,
  blast: z.strictObject({ blast_id: id, ...blastProgressObject.shape }).meta({ id: 'StreamBlast' }),
  export: exportObject,
  unread: z.strictObject({ ...aTicket, unread_count: z.int() }).meta({ id: 'StreamUnread' }),
  crm: z.strictObject({ ...aTicket, division, crm: crmObjectSchema }).meta({ id: 'StreamCrm' }),
  counts: countsObject,
  job: z.discriminatedUnion('view', [wholeJobObject, ownJobObject, poolJobObject]).meta({ id: 'StreamJob' }),
  invoice: invoiceObject,
  typing: z.strictObject({ ...aTicket, layer, by: person }).meta({ id: 'StreamTyping' }),
  viewers: z.strictObject({ ...aTicket, viewers: z.array(person) }).meta({ id: 'StreamViewers' }),
  reset: z
    .strictObject({ reason: z.enum(['unknown', 'too_old', 'rights_changed']) })
    .meta({ id: 'StreamReset' }),
};

const TICKET_EXAMPLE = 'h3u0wVtIYxq8mZ6mSxRrYl5sB1cQn2dEfGkPaLoWvTs';

export const stream = streamRoute({
  path: '/api/stream',
  name: 'stream',
  tag: 'Live',
  summary: 'What happens, as it happens (Server-Sent Events)',
  description:
    'The same objects as the reads give, to those who may read them: `ticket` (a ticket as it is now), `message` ' +
    '(new, or its delivery went on; L2 only for those who may read the notes), `crm` (what is known of the sale, when it changes), `presence`, `notification`, `blast` (how far it came), `unread` (the caller read something on another device), `job` (a visit as it is now, as the reader may see it: `view`), `invoice` (as the list shows it), `counts` (of the tabs of their desk, at most every 2 s), `typing`, `viewers`. Open ' +
    'the stream first, then load: nothing falls in between. With `Last-Event-ID` you get what you missed; `reset` ' +
    'means: load everything again, too much time went by or your rights changed. A comment comes every 15 s. Who does not ' +
    'read is cut off. EventSource of browsers cannot send the token: with `ticket` it needs none.',
  access: 'authenticated',
  byTicket: true,
  reads: 'live',
  examples: { ticket: TICKET_EXAMPLE, last_event_id: '1834.0' },
  query: {
    ticket: z.string().optional().meta({
      description: 'Of `POST /api/stream/ticket`, instead of the header Authorization. Good once.',
    }),
    last_event_id: z.string().optional().meta({
      description:
        'Like the header Last-Event-ID, which goes first: EventSource sends it when it connects again by itself.',
    }),
  },
  events: STREAM_EVENTS,
  errors: [],
  open({ signedIn, query, req, context }, res) {
    const asked = req.headers['last-event-id'] ?? query.last_event_id;
    const lastEventId = typeof asked === 'string' && asked !== '' ? asked : null;
    context.sseHub.open({ ...signedIn, lastEventId }, res);
    return Promise.resolve();
  },
});

export const streamTicket = route({
  method: 'post',
  path: '/api/stream/ticket',
  name: 'streamTicket',
  tag: 'Live',
  summary: 'A ticket that opens one live stream',
  description:
    'For `GET /api/stream?ticket=` of a browser. It is good once: to connect again, ask for another one. The stream ends ' +
    'with the access token that asked.',
  access: 'authenticated',
  examples: { ticket: TICKET_EXAMPLE },
  status: 200,
  data: z.strictObject({
    ticket: z.string(),
    expires_in: z.int().meta({ description: 'Seconds in which the stream must be opened.' }),
  }),
  secretAnswer: true,
  errors: [],
  async handle({ signedIn, context }) {
    const { caller, sessionId, expiresAt } = signedIn;
    const ticket = await context.streamTickets.give({ userId: caller.id, sessionId, expiresAt });
    return { data: { ticket, expires_in: STREAM_TICKET_SECONDS } };
  },
});
