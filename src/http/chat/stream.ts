/** Area: what happens in the talk of a visitor, as it happens (docs/design/chat.md#stream). */
import { z } from 'zod';
import { streamRoute } from '../framework/route.ts';
import { CHAT_TAG, TOKEN_NOTE } from './session.ts';
import { chatMessageObject } from './thread.ts';
import { admitVisitorRead, OF_VISITORS, visitorOf } from './visitors.ts';
import { mode, statusObject, waitingMembers } from './waiting-state.ts';

/** What `data:` holds, by the name of the event. */
export const CHAT_EVENTS = {
  message: chatMessageObject,
  mode: z
    .strictObject({ mode, admin: z.string().nullable() })
    .meta({ id: 'ChatStreamMode', memberExamples: { mode: 'admin', admin: 'Andi Saputra' } }),
  queue: z
    .strictObject({ queue_position: waitingMembers.queue_position, eta_minutes: waitingMembers.eta_minutes })
    .meta({ id: 'ChatStreamQueue' }),
  status: statusObject,
  typing: z
    .strictObject({ by: z.string() })
    .meta({ id: 'ChatStreamTyping', memberExamples: { by: 'Andi Saputra' } }),
};

export const chatStream = streamRoute({
  path: '/api/chat/stream',
  name: 'chatStream',
  tag: CHAT_TAG,
  summary: 'The talk, as it happens (Server-Sent Events)',
  description:
    '`message` (with its id as the id of the event), `mode` (who has the word), `queue`, `status` (is anybody there?), `typing`. With ' +
    '`Last-Event-ID` it goes on behind that message, without one it begins with the whole talk. A comment comes every 15 s. Two streams ' +
    `for each visitor: one more ends the oldest. ${TOKEN_NOTE}`,
  access: 'public',
  admit: admitVisitorRead,
  query: {},
  events: CHAT_EVENTS,
  errors: [...OF_VISITORS, 'OVERLOADED'],
  open({ req, context }, res) {
    const asked = req.headers['last-event-id'];
    context.chatHub.open(visitorOf(req), typeof asked === 'string' && asked !== '' ? asked : null, res);
    return Promise.resolve();
  },
});
