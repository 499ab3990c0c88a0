/** Area: L2, notes among staff (docs/design/business-rules.md#l2-never-reaches-a-customer). Shares no query with L1. */
import { z } from 'zod';
import { input as noteInput, requireNoteAllowed } from '../../commands/conversation/post-internal-note.ts';
import { ticket } from '../../domain/tickets/ticket.ts';
import { listInternalMessages } from '../../projections/conversation/internal-messages.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { route } from '../framework/route.ts';
import { id, internalMessageObject, limitUpTo, time } from '../framework/schemas.ts';
import { scopeOfTicket } from '../tickets/ticket-scope.ts';
import { ON_TICKET, ticketParams } from '../framework/command-route.ts';
import { ticketAfterwards, withTicket } from '../tickets/ticket-after.ts';

const TAG = 'Internal notes (L2)';

export const internalMessages = route({
  method: 'get',
  path: '/api/admin/ticket/:id/internal-messages',
  name: 'listInternalMessages',
  tag: TAG,
  summary: 'Internal notes of a ticket',
  description:
    'The last `limit` notes, oldest first. For earlier ones: `before` is the id of the first note you have. Sales agents ' +
    'only on tickets assigned to them; viewers never.',
  access: 'internal_read',
  reads: 'internal_messages',
  params: ticketParams,
  query: { limit: limitUpTo(200, 200), before: id.optional() },
  status: 200,
  data: z.strictObject({ messages: z.array(internalMessageObject) }),
  errors: ['TICKET_NOT_FOUND', 'DIVISION_FORBIDDEN', 'NOT_ASSIGNEE'],
  async handle({ params, query, signedIn, context }) {
    // Who has the ticket is taken from its events: the read tables may still name the agent before.
    requireNoteAllowed(await context.commands.handler.load(ticket, params.id), signedIn.caller);
    const scope = await scopeOfTicket(context.read, signedIn.caller, params.id);
    const json = await listInternalMessages(context.read, scope, params.id, omitUndefined(query));
    return { data: { json: `{"messages":${json}}` } };
  },
});

export const internalMessage = route({
  method: 'post',
  path: '/api/admin/ticket/:id/internal-message',
  name: 'postInternalMessage',
  tag: TAG,
  summary: 'Write an internal note',
  description: 'Never sent to a channel. Somebody who could not read it cannot be tagged in it.',
  access: 'internal_write',
  reads: 'ticket',
  params: ticketParams,
  body: noteInput,
  status: 201,
  data: z.strictObject({ message_id: id, sent_at: time, ticket: ticketAfterwards }),
  errors: [...ON_TICKET, 'NOT_ASSIGNEE', 'TAGGED_USER_CANNOT_READ'],
  handle: async ({ params, body, command, signedIn, context }) =>
    withTicket(
      { context, signedIn },
      params.id,
      await context.commands.postInternalNote(command, params.id, body),
    ),
});
