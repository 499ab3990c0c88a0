/** Area: L1, the talk with the customer (docs/design/api.md#messages). */
import { z } from 'zod';
import { input as replyInput } from '../../commands/conversation/reply.ts';
import { input as replyAsSaInput } from '../../commands/conversation/reply-as-sa.ts';
import { listMessages, messagesByIds } from '../../projections/conversation/messages.ts';
import { HttpError } from '../framework/errors.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { route } from '../framework/route.ts';
import { id, limitUpTo, messageObject, time } from '../framework/schemas.ts';
import { scopeOfTicket, type TicketScope } from '../tickets/ticket-scope.ts';
import { ON_TICKET, ticketParams } from '../framework/command-route.ts';
import { ticketAfterwards, withTicket } from '../tickets/ticket-after.ts';

const TAG = 'Conversation (L1)';

export const messages = route({
  method: 'get',
  path: '/api/admin/ticket/:id/messages',
  name: 'listMessages',
  tag: TAG,
  summary: 'Messages with the customer',
  description:
    'The last `limit` messages, oldest first. For earlier ones: `before` is the id of the first message you ' +
    'have. Internal notes are never among them.',
  access: 'messages_read',
  reads: 'messages',
  params: ticketParams,
  query: { limit: limitUpTo(200, 100), before: id.optional() },
  status: 200,
  data: z.strictObject({ messages: z.array(messageObject) }),
  meta: { has_more: z.boolean().meta({ description: 'There are earlier ones.', example: false }) },
  errors: ['TICKET_NOT_FOUND', 'DIVISION_FORBIDDEN'],
  async handle({ params, query, signedIn, context }) {
    const scope = await scopeOfTicket(context.read, signedIn.caller, params.id);
    const page = omitUndefined(query);
    const found = await listMessages(context.read, scope, params.id, page, context.messageWording);
    if (found === null)
      throw new HttpError('VALIDATION_FAILED', [
        { path: 'before', message: 'Pesan ini tidak ada di percakapan tiket ini' },
      ]);
    return { data: { json: `{"messages":${found.json}}` }, meta: { has_more: found.hasMore } };
  },
});

export const reply = route({
  method: 'post',
  path: '/api/admin/ticket/:id/reply',
  name: 'reply',
  tag: TAG,
  summary: 'Answer the customer',
  description:
    'Only the agent who has the ticket: words, uploaded files, or both. The message is recorded at once and delivered by the ' +
    'channel sender; `delivery_status` of the message tells how far it came. Each file is a message of its own: `messages` has ' +
    'all of them in their order, `message` the first, which holds `client_ref` and the quote. Both are null with `meta.stale`.',
  access: 'reply',
  reads: 'ticket',
  params: ticketParams,
  body: replyInput,
  status: 201,
  data: z.strictObject({
    message_id: id,
    sent_at: time,
    message: messageObject.nullable(),
    messages: z.array(messageObject).nullable(),
    ticket: ticketAfterwards,
  }),
  errors: [
    ...ON_TICKET,
    'MEDIA_NOT_FOUND',
    'NOT_ASSIGNEE',
    'TICKET_CLOSED',
    'SERVICE_WINDOW_CLOSED',
    'MESSAGE_TOO_LONG',
  ],
  async handle({ params, body, command, signedIn, context }) {
    const { messageIds, ...sent } = await context.commands.reply(command, params.id, body);
    const read = async (scope: TicketScope) => {
      const { division } = scope;
      const of = { division, ticketId: params.id };
      const shown = await context.read.scoped(scope, (on) =>
        messagesByIds(on, of, messageIds, [], context.messageWording),
      );
      const byId = new Map(shown.map(({ id: of, json }) => [of, json]));
      const texts = messageIds.flatMap((messageId) => byId.get(messageId) ?? []);
      return texts.length === messageIds.length
        ? { message: texts[0] ?? 'null', messages: `[${texts.join(',')}]` }
        : null;
    };
    const nothing = { message: null, messages: null };
    return withTicket({ context, signedIn }, params.id, { ...sent, ...nothing }, read);
  },
});

export const replyAsSa = route({
  method: 'post',
  path: '/api/admin/ticket/:id/reply-as-sa',
  name: 'replyAsSa',
  tag: TAG,
  summary: 'Answer the customer as the team',
  description:
    'The customer reads it as said by `display_name`, which is always `Saga Team`. The ticket keeps its agent, who is told.',
  access: 'reply_as_sa',
  reads: 'ticket',
  params: ticketParams,
  body: replyAsSaInput,
  status: 201,
  data: z.strictObject({ message_id: id, notified_agent_id: id.nullable(), ticket: ticketAfterwards }),
  errors: [...ON_TICKET, 'TICKET_CLOSED', 'SERVICE_WINDOW_CLOSED', 'MESSAGE_TOO_LONG'],
  handle: async ({ params, body, command, signedIn, context }) =>
    withTicket({ context, signedIn }, params.id, await context.commands.replyAsSa(command, params.id, body)),
});
