/** Area: what came in by webhook and could not be understood (docs/design/api.md#dead-letters). */
import { z } from 'zod';
import { requireReach } from '../../commands/command-scope.ts';
import { ownDivisionOf } from '../../domain/staff/privileges.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { route } from '../framework/route.ts';
import { id, limitUpTo, time } from '../framework/schemas.ts';

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
      .regex(/^\d{1,18}$/, 'Isi angka bulat')
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

/** Deliveries of one request: each is read and stored again while somebody waits. */
const MOST_DELIVERIES = 500;

export const replay = route({
  method: 'post',
  path: '/api/admin/webhook/dead-letters/replay',
  name: 'replayDeadLetters',
  tag: 'Administration',
  summary: 'Read dead letters again',
  description:
    'After a number was added or the program learned a form: what is understood now becomes what it would have been, once. ' +
    `Without \`ids\` all of them, the oldest first, up to ${String(MOST_DELIVERIES)} deliveries; \`next\` says where to go on. ` +
    'What is older than `WEBHOOK_MAX_AGE_DAYS` was when it came, or said something else under a known id, stays.',
  access: 'dead_letters_replay',
  body: z.strictObject({
    ids: z
      .array(z.string().regex(/^\d{1,18}$/, 'Isi angka bulat'))
      .min(1)
      .max(200)
      .optional(),
    after: id.optional(),
  }),
  status: 200,
  data: z.strictObject({
    deliveries: z.int(),
    items: z.int().meta({ description: 'Understood now, on their way to the ticket.' }),
    left: z.int().meta({ description: 'Dead letters that there are now.' }),
    next: id.nullable(),
  }),
  errors: ['DIVISION_FORBIDDEN', 'STORE_UNAVAILABLE'],
  examples: { ids: ['42'], deliveries: 1, items: 1, left: 0, next: null },
  async handle({ body, signedIn, context }) {
    // One body may hold what is of several divisions.
    requireReach(signedIn.caller, 'all');
    const { deliveries, items, next } = await context.replayDeadLetters({ ...body, most: MOST_DELIVERIES });
    const { dead } = await context.webhookInbox.backlog();
    return { data: { deliveries, items, left: dead, next } };
  },
});
