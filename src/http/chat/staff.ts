/** Area: the names that the seed gives to what staff do with a talk: the same commands as on any ticket (docs/design/chat.md#staff). */
import { z } from 'zod';
import { messageText } from '../../commands/conversation/reply.ts';
import { ON_TICKET } from '../framework/command-route.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { route } from '../framework/route.ts';
import { id, time } from '../framework/schemas.ts';
import { CHAT_TAG } from './session.ts';

/** @throws HttpError TICKET_NOT_FOUND the session has written nothing, or is nobody's */
async function ticketOfSession({ chat }: HttpContext, sessionId: string): Promise<string> {
  const found = await chat.ticketOfSession(sessionId);
  if (found === null) throw new HttpError('TICKET_NOT_FOUND');
  return found;
}

export const claimChat = route({
  method: 'post',
  path: '/api/chat/claim',
  name: 'claimChat',
  tag: CHAT_TAG,
  summary: 'Take a talk of the web chat',
  description:
    'As `self-takeover`, by the session of the visitor. Also one that waits in the queue for nobody by name: the router would give it to ' +
    'the next agent.',
  access: 'self_takeover',
  body: z.strictObject({ session_id: id }),
  status: 200,
  data: z.strictObject({ ticket_id: id, taken_at: time }),
  errors: [...ON_TICKET, 'TICKET_ALREADY_TAKEN', 'NOT_AN_AGENT'],
  async handle({ body, command, context }) {
    const ticketId = await ticketOfSession(context, body.session_id);
    const { position, ...taken } = await context.chat.claim(command, ticketId);
    return { data: taken, position };
  },
});

export const sendChat = route({
  method: 'post',
  path: '/api/chat/send',
  name: 'sendChat',
  tag: CHAT_TAG,
  summary: 'Answer a visitor of the web chat',
  description: 'As `reply`, by the session of the visitor.',
  access: 'reply',
  body: z.strictObject({ session_id: id, message: messageText }),
  status: 201,
  data: z.strictObject({ message_id: id, sent_at: time }),
  errors: [...ON_TICKET, 'NOT_ASSIGNEE', 'TICKET_CLOSED', 'MESSAGE_TOO_LONG', 'SERVICE_WINDOW_CLOSED'],
  async handle({ body, command, context }) {
    const ticketId = await ticketOfSession(context, body.session_id);
    const { message_id, sent_at, position } = await context.commands.reply(command, ticketId, {
      message: body.message,
    });
    return { data: { message_id, sent_at }, position };
  },
});
