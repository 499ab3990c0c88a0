/** Area: L1, what did not arrive is sent again (docs/design/api.md#resend). */
import { z } from 'zod';
import { input as resendInput } from '../../commands/conversation/resend.ts';
import type { Scope } from '../../ports.ts';
import { findMessage } from '../../projections/conversation/messages.ts';
import { ON_TICKET, ticketParams } from '../framework/command-route.ts';
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { route } from '../framework/route.ts';
import { id, messageObject } from '../framework/schemas.ts';
import { scopeOfTicket } from '../tickets/ticket-scope.ts';

/** Each waits up to a second for the read tables. */
const LOOKS = 5;

/** The message as every read shows it. @throws HttpError BUSY: it is on its way, but the tables do not show it yet */
async function shownMessage(
  context: HttpContext,
  userId: string,
  scope: Scope,
  ticketId: string,
  messageId: string,
): Promise<string> {
  for (let look = 0; look < LOOKS; look += 1) {
    await context.readYourWrites.ready(userId);
    const json = await findMessage(context.read, scope, ticketId, messageId, context.messageWording);
    if (json !== null) return json;
  }
  throw new HttpError('BUSY', [], 1);
}

export const resend = route({
  method: 'post',
  path: '/api/admin/ticket/:id/messages/:message_id/resend',
  name: 'resendMessage',
  tag: 'Conversation (L1)',
  summary: 'Send again what did not arrive',
  description:
    'Only a message that `failed`, or one that is `unknown` with `confirm_unknown: true`; each once. It is a message of ' +
    'its own, in the name of who asks. For the agent of the ticket, and for super admins.',
  access: 'reply',
  reads: 'messages',
  params: { ...ticketParams, message_id: id },
  body: resendInput,
  status: 201,
  data: z.strictObject({ message: messageObject }),
  errors: [
    ...ON_TICKET,
    'NOT_ASSIGNEE',
    'MESSAGE_NOT_FOUND',
    'NOT_FAILED',
    'TICKET_CLOSED',
    'SERVICE_WINDOW_CLOSED',
    'CUSTOMER_OPTED_OUT',
  ],
  examples: { confirm_unknown: false, delivery_status: 'queued' },
  async handle({ params, body, command, signedIn, context }) {
    const { id: ticketId, message_id } = params;
    const sent = await context.commands.resend(command, ticketId, message_id, body);
    await context.readYourWrites.wrote(signedIn.caller.id, sent.position);
    const scope = await scopeOfTicket(context.read, signedIn.caller, ticketId);
    const json = await shownMessage(context, signedIn.caller.id, scope, ticketId, sent.message_id);
    return { data: { json: `{"message":${json}}` }, position: sent.position };
  },
});
