/** Two routes under the names that an earlier plan promised (docs/design/api.md#other-names). */
import { z } from 'zod';
import { messageText } from '../../commands/conversation/reply.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import type { Route } from '../framework/route.ts';
import { id } from '../framework/schemas.ts';
import { inbox } from '../tickets/inbox.ts';
import { reply } from './messages.ts';

export const conversations: Route = {
  ...inbox,
  path: '/api/conversations',
  name: 'listConversations',
  summary: 'The talks of the caller',
  description: 'Another name of `GET /api/admin/inbox?view=mine`, with its filters and its answer.',
  query: inbox.query.omit({ view: true }),
  handle: (input) => inbox.handle({ ...input, query: { ...input.query, view: 'mine' } }),
};

const body = z.strictObject({ conversation_id: id, message: messageText });

export const replyToConversation: Route = {
  ...reply,
  path: '/api/conversations/reply',
  name: 'replyToConversation',
  summary: 'Answer in a talk of the caller',
  description: 'Another name of `POST /api/admin/ticket/{id}/reply`, for words alone, with its answer.',
  params: z.strictObject({}),
  body,
  examples: { ...reply.examples, conversation_id: EXAMPLE_IDS.ticket },
  handle: (input) => {
    const { conversation_id, message } = input.body as z.output<typeof body>;
    return reply.handle({ ...input, params: { id: conversation_id }, body: { message } });
  },
};
