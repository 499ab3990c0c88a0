/** Area: a visitor of the web chat goes on with people, here or in WhatsApp (docs/design/chat.md#hand-off). */
import { z } from 'zod';
import { leaveMessageInput } from '../../commands/chat/leave-message.ts';
import { rateInput } from '../../commands/chat/rate.ts';
import type { Visitor } from '../../commands/chat/visitor.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { route } from '../framework/route.ts';
import { time } from '../framework/schemas.ts';
import { CHAT_TAG, TOKEN_NOTE } from './session.ts';
import { admitEscalation, admitVisitorRead, admitVisitorWrite, OF_VISITORS, visitorOf } from './visitors.ts';
import { statusObject, statusOf, waitingMembers, waitingOf } from './waiting-state.ts';

const GO_ON = 'Halo, saya melanjutkan chat dari situs.';
const SEND_TRANSCRIPT = 'Halo, mohon kirim transkrip chat saya dari situs.';

/**
 * The code alone: nothing of the visitor stands in an address.
 * @param transcriptUrl what whoever brings the code is sent @throws HttpError WHATSAPP_NOT_OFFERED, RATE_LIMITED
 */
export async function whatsappUrl(
  context: HttpContext,
  visitor: Visitor,
  requestId: string,
  transcriptUrl?: string,
): Promise<string> {
  const number = context.config.waPublicNumbers.get(visitor.division);
  if (number === undefined) throw new HttpError('WHATSAPP_NOT_OFFERED');
  await admitEscalation(context, visitor);
  const code = await context.chat.issueCode(visitor, requestId, transcriptUrl);
  const text = `${transcriptUrl === undefined ? GO_ON : SEND_TRANSCRIPT} Kode: SAGA-${code}`;
  return `https://wa.me/${number}?text=${encodeURIComponent(text)}`;
}

export const WHATSAPP_URL_EXAMPLE =
  'https://wa.me/6281234567890?text=Halo%2C%20saya%20melanjutkan%20chat%20dari%20situs.%20Kode%3A%20SAGA-7F3KQ2MX';

export const chatEscalate = route({
  method: 'post',
  path: '/api/chat/escalate',
  name: 'escalateChat',
  tag: CHAT_TAG,
  summary: 'Ask for a person',
  description:
    '`webchat`: the talk waits in the queue of the division; asked again it is the same. `whatsapp`: a link with a code that joins ' +
    `both talks; the talk here stays as it is. At most three an hour that change something. ${TOKEN_NOTE}`,
  access: 'public',
  admit: admitVisitorWrite,
  body: z.strictObject({
    channel: z.enum(['webchat', 'whatsapp']),
    reason: z.string().trim().min(1).max(500).optional(),
  }),
  status: 200,
  data: z.strictObject({ ...waitingMembers, hours: statusObject, whatsapp_url: z.string().optional() }),
  errors: [...OF_VISITORS, 'WHATSAPP_NOT_OFFERED'],
  examples: { channel: 'webchat', reason: 'Butuh penawaran resmi', whatsapp_url: WHATSAPP_URL_EXAMPLE },
  async handle({ body, req, info, context }) {
    const visitor = visitorOf(req);
    const hours = await statusOf(context, visitor.division);
    if (body.channel === 'whatsapp') {
      const whatsapp_url = await whatsappUrl(context, visitor, info.id);
      const { ticket } = await context.chat.openTalk(visitor);
      return { data: { ...(await waitingOf(context, ticket)), hours, whatsapp_url } };
    }
    const before = await context.chat.talkOf(visitor);
    const changes = before.ticket.status !== 'queued' && before.ticket.status !== 'assigned';
    if (changes) await admitEscalation(context, visitor);
    const { ticket } = await context.chat.escalate(visitor, body.reason ?? null, info.id);
    context.chatHub.changed(visitor.sessionId);
    return { data: { ...(await waitingOf(context, ticket)), hours } };
  },
});

export const chatHandoffLink = route({
  method: 'get',
  path: '/api/chat/handoff-link',
  name: 'chatHandoffLink',
  tag: CHAT_TAG,
  summary: 'A link to go on in WhatsApp',
  description: `With a code that is good once, for 24 hours. ${TOKEN_NOTE}`,
  access: 'public',
  admit: admitVisitorRead,
  status: 200,
  data: z.strictObject({ whatsapp_url: z.string() }),
  errors: [...OF_VISITORS, 'WHATSAPP_NOT_OFFERED'],
  examples: { whatsapp_url: WHATSAPP_URL_EXAMPLE },
  async handle({ req, info, context }) {
    const visitor = visitorOf(req);
    const url = await whatsappUrl(context, visitor, info.id);
    await context.chat.openTalk(visitor);
    return { data: { whatsapp_url: url } };
  },
});

export const chatLeaveMessage = route({
  method: 'post',
  path: '/api/chat/leave-message',
  name: 'leaveMessage',
  tag: CHAT_TAG,
  summary: 'Leave a message and a way to be reached',
  description:
    'The talk waits for people, outside office hours until they are back. That the visitor agreed is on record, with the wording that ' +
    `they saw. ${TOKEN_NOTE}`,
  access: 'public',
  admit: admitVisitorWrite,
  body: leaveMessageInput,
  status: 201,
  data: z.strictObject({ ticket_ref: z.string() }),
  errors: OF_VISITORS,
  examples: {
    ticket_ref: '00000101',
    whatsapp: '081234567890',
    topic: 'Kirim mobil ke Batam',
    message: 'Mohon penawaran untuk satu Avanza.',
    consent: true,
  },
  async handle({ req, body, info, context }) {
    const visitor = visitorOf(req);
    await admitEscalation(context, visitor);
    const { ticketRef } = await context.chat.leaveMessage(visitor, body, info.id);
    context.chatHub.changed(visitor.sessionId);
    return { data: { ticket_ref: ticketRef } };
  },
});

export const chatRate = route({
  method: 'post',
  path: '/api/chat/rate',
  name: 'rateChat',
  tag: CHAT_TAG,
  summary: 'Rate the talk',
  description: `Once for each talk; it can be changed for ten minutes. ${TOKEN_NOTE}`,
  access: 'public',
  admit: admitVisitorWrite,
  body: rateInput,
  status: 200,
  data: z.strictObject({ rated_at: time }),
  errors: [...OF_VISITORS, 'NOTHING_TO_RATE', 'RATING_FINAL'],
  examples: { rating: 'up', comment: 'Cepat dan jelas' },
  async handle({ req, body, info, context }) {
    const { ratedAt } = await context.chat.rate(visitorOf(req), body, info.id);
    return { data: { rated_at: ratedAt } };
  },
});
