/** Area: what an agent does with the tickets on their desk (docs/design/api.md#at-the-desk). */
import pLimit from 'p-limit';
import { UNIQUE } from '../../domain/problems.ts';
import { z } from 'zod';
import { input as markReadInput } from '../../commands/conversation/mark-read.ts';
import { input as closeInput } from '../../commands/tickets/close.ts';
import { input as releaseInput } from '../../commands/tickets/release.ts';
import { input as snoozeInput, unsnoozeInput } from '../../commands/tickets/snooze.ts';
import { input as tagInput } from '../../commands/tickets/tag.ts';
import type { CommandContext } from '../../commands/context.ts';
import type { Privilege } from '../../domain/staff/privileges.ts';
import { uuid } from '../../domain/vocabulary.ts';
import { seenUpTo } from '../../projections/conversation/read-marks.ts';
import type { Position } from '../../ports.ts';
import { ON_TICKET, ticketParams } from '../framework/command-route.ts';
import { type ErrorCode, HttpError, toHttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id } from '../framework/schemas.ts';
import { scopeOfTicket } from './ticket-scope.ts';
import { ticketAfterwards, ticketData, withTicket } from './ticket-after.ts';

const TAG = 'Tickets';
const ON_DESK: readonly ErrorCode[] = [...ON_TICKET, 'TICKET_CLOSED', 'NOT_ASSIGNED', 'NOT_ASSIGNEE'];

export const release = route({
  method: 'post',
  path: '/api/admin/ticket/:id/release',
  name: 'releaseTicket',
  tag: TAG,
  summary: 'Give a ticket up',
  description:
    'To the queue, whose next agent gets it (never the same one), or back to the bot. Its agent may, and super admins and team leads.',
  access: 'reply',
  reads: 'ticket',
  params: ticketParams,
  body: releaseInput,
  status: 200,
  data: ticketData,
  errors: ON_DESK,
  examples: { to: 'queue', reason: 'Pelanggan minta divisi lain', 'Ticket.queue_status': 'queued' },
  async handle({ params, body, command, signedIn, context }) {
    const { position } = await context.commands.release(command, params.id, body);
    return withTicket({ context, signedIn }, params.id, { position });
  },
});

export const snooze = route({
  method: 'post',
  path: '/api/admin/ticket/:id/snooze',
  name: 'snoozeTicket',
  tag: TAG,
  summary: 'Put a ticket aside',
  description:
    'Until a time within 90 days, or until the customer writes. Its agent is told when it wakes. Its agent may, and super admins and team leads.',
  access: 'reply',
  reads: 'ticket',
  params: ticketParams,
  body: snoozeInput,
  status: 200,
  data: ticketData,
  errors: ON_DESK,
  examples: { until: '2026-07-06T02:00:00.000Z', 'Ticket.snoozed_until': '2026-07-06T02:00:00.000Z' },
  async handle({ params, body, command, signedIn, context }) {
    const { position } = await context.commands.snooze.until(command, params.id, body);
    return withTicket({ context, signedIn }, params.id, { position });
  },
});

export const unsnooze = route({
  method: 'post',
  path: '/api/admin/ticket/:id/unsnooze',
  name: 'unsnoozeTicket',
  tag: TAG,
  summary: 'Take a ticket up again that was put aside',
  description: 'One that is not put aside stays as it is.',
  access: 'reply',
  reads: 'ticket',
  params: ticketParams,
  body: unsnoozeInput,
  status: 200,
  data: ticketData,
  errors: ON_DESK,
  async handle({ params, command, signedIn, context }) {
    const { position } = await context.commands.snooze.end(command, params.id);
    return withTicket({ context, signedIn }, params.id, { position });
  },
});

export const markRead = route({
  method: 'post',
  path: '/api/admin/ticket/:id/read',
  name: 'markTicketRead',
  tag: TAG,
  summary: 'I have read the messages of this ticket',
  description:
    'All of them, or up to one message. Each person has marks of their own. When the agent of the ticket reads, WhatsApp is ' +
    'told: the customer sees it.',
  access: 'messages_read',
  reads: 'ticket',
  params: ticketParams,
  body: markReadInput,
  status: 200,
  data: z.strictObject({ unread_count: z.int().meta({ example: 0 }), ticket: ticketAfterwards }),
  errors: [...ON_TICKET, 'MESSAGE_NOT_FOUND'],
  examples: { message_id: EXAMPLE_IDS.message },
  async handle({ params, body, command, signedIn, context }) {
    const scope = await scopeOfTicket(context.read, signedIn.caller, params.id);
    const found = await seenUpTo(context.read, scope, params.id, body.message_id ?? null);
    if (found === null) throw new HttpError('MESSAGE_NOT_FOUND');
    const { position, isNews } = await context.commands.markRead(command, params.id, found.seen);
    if (isNews) context.readReceipts.tell(params.id, body.message_id ?? null);
    return withTicket({ context, signedIn }, params.id, { unread_count: found.unread, position });
  },
});

const MOST_TICKETS = 200;

/** Each of these is a command with a route of its own; what it wants is the same there. */
const action = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('assign'), to: uuid }),
  z.strictObject({ kind: z.literal('tag'), ...tagInput.shape }),
  z.strictObject({ kind: z.literal('close'), ...closeInput.shape }),
  z.strictObject({ kind: z.literal('snooze'), ...snoozeInput.shape }),
]);
type BulkAction = z.infer<typeof action>;

const NEEDED: Readonly<Record<BulkAction['kind'], Privilege>> = {
  assign: 'assign',
  tag: 'tag',
  close: 'ticket_close',
  snooze: 'reply',
};

function runOne(
  { commands }: HttpContext,
  command: CommandContext,
  ticketId: string,
  wanted: BulkAction,
): Promise<{ readonly position: Position }> {
  switch (wanted.kind) {
    case 'assign':
      return commands.assign(command, ticketId, { assign_to: wanted.to });
    case 'tag':
      return commands.tag(command, ticketId, { action: wanted.action, tag: wanted.tag });
    case 'close':
      return commands.close(command, ticketId, { reason: wanted.reason });
    case 'snooze':
      return commands.snooze.until(command, ticketId, { until: wanted.until });
  }
}

/** Refusals of one ticket; anything else (a store is away) is the answer to the whole request. */
const isOfTicket = (code: ErrorCode): boolean =>
  !['STORE_UNAVAILABLE', 'STORE_CHANGED', 'INTERNAL_ERROR'].includes(code);

export const bulk = route({
  method: 'post',
  path: '/api/admin/tickets/bulk',
  name: 'bulkTickets',
  tag: TAG,
  summary: 'The same to many tickets',
  description:
    'Each ticket is a command of its own: some may be done and others refused. The privilege of the action is needed ' +
    '(`assign`, `tag`, `ticket_close`; `reply` to put aside).',
  access: 'authenticated',
  body: z.strictObject({
    ticket_ids: z
      .array(uuid)
      .min(1)
      .max(MOST_TICKETS)
      .refine((ids) => new Set(ids).size === ids.length, UNIQUE),
    action,
  }),
  status: 200,
  data: z.strictObject({
    results: z.array(
      z.strictObject({
        ticket_id: id,
        ok: z.boolean(),
        code: z.string().optional().meta({ description: 'Why not.', example: 'TICKET_CLOSED' }),
      }),
    ),
  }),
  errors: ['FORBIDDEN'],
  examples: { action: { kind: 'tag', action: 'add', tag: 'kargo' } },
  async handle({ body, command, signedIn, context }) {
    if (!signedIn.caller.privileges.has(NEEDED[body.action.kind])) throw new HttpError('FORBIDDEN');
    const atOnce = pLimit(16);
    let position: Position = '';
    const results = await Promise.all(
      body.ticket_ids.map((ticketId) =>
        atOnce(async () => {
          try {
            const done = await runOne(context, command, ticketId, body.action);
            if (done.position > position) position = done.position;
            return { ticket_id: ticketId, ok: true };
          } catch (error) {
            const { code } = toHttpError(error);
            if (!isOfTicket(code)) throw error;
            return { ticket_id: ticketId, ok: false, code };
          }
        }),
      ),
    );
    return { data: { results }, position };
  },
});
