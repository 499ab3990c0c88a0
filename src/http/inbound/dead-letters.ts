/** Area: what came in by webhook and could not be understood (docs/design/api.md#dead-letters). */
import { z } from 'zod';
import { ownDivisionOf } from '../../domain/staff/privileges.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { route } from '../framework/route.ts';
import { limitUpTo, time } from '../framework/schemas.ts';

export const deadLetters = route({
  method: 'get',
  path: '/api/admin/webhook/dead-letters',
  name: 'listDeadLetters',
  tag: 'Administration',
  summary: 'Webhook items that could not be understood',
  description:
    'Newest first: unknown numbers, shapes and failures that a retry does not fix. Nothing that came in is lost. Who sees one ' +
    'division gets those that name it; what names none is for team leads and super admins.',
  access: 'dead_letters_read',
  reads: 'dead_letters',
  query: {
    limit: limitUpTo(200, 50),
    cursor: z
      .string()
      .regex(/^\d{1,18}$/)
      .optional(),
  },
  status: 200,
  data: z.strictObject({
    dead_letters: z.array(
      z
        .strictObject({
          id: z.string(),
          reason: z.string(),
          received_at: time,
          attempts: z.int(),
          payload: z.unknown().meta({ description: 'As it was sent, or as it was understood.' }),
        })
        .meta({
          id: 'DeadLetter',
          memberExamples: {
            id: '42',
            reason: 'unknown phone_number_id',
            payload: { entry: [{ changes: [{ field: 'messages' }] }] },
          },
        }),
    ),
  }),
  meta: { limit: z.int(), next_cursor: z.string().optional() },
  errors: [],
  examples: { cursor: '42' },
  async handle({ query, signedIn, context }) {
    const { items, nextCursor } = await context.webhookInbox.deadLetters(
      query.limit,
      query.cursor ?? null,
      ownDivisionOf(signedIn.caller),
    );
    return {
      data: {
        dead_letters: items.map(({ receivedAt, ...item }) => ({ ...item, received_at: receivedAt })),
      },
      meta: omitUndefined({ limit: query.limit, next_cursor: nextCursor ?? undefined }),
    };
  },
});
