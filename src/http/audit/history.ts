/** Area: a ticket as it was (docs/design/api.md#audit-log-and-history), for auditors. */
import { z } from 'zod';
import { problem } from '../../domain/problems.ts';
import { assigneeOf, requireVisible } from '../../commands/tickets/ticket-access.ts';
import { type Caller, mayReadNotes } from '../../domain/staff/privileges.ts';
import { type ExistingTicket, ticket } from '../../domain/tickets/ticket.ts';
import { historyOf } from '../../projections/audit/history/history.ts';
import {
  type RequestedPoint,
  pointInTimeText,
  NOW,
  timeOf,
} from '../../projections/audit/history/point-in-time.ts';
import { ticketSubject } from '../../projections/audit/history/ticket.ts';
import { crmObjectSchema } from '../crm/crm.ts';
import { HttpError } from '../framework/errors.ts';
import { omitUndefined } from '../framework/omit-undefined.ts';
import { route } from '../framework/route.ts';
import { historyEventObject, limitUpTo, ticketObject, time } from '../framework/schemas.ts';
import { ticketParams } from '../framework/command-route.ts';

const asOf = pointInTimeText.meta({
  description: 'A time, or a day: its end in the business’ time zone. In the future: now. Default: now.',
  example: '2026-07-03T10:30:00Z',
});
const revision = z
  .string()
  .regex(/^\d{1,15}$/, 'Isi angka bulat')
  .meta({
    inQuery: { type: 'integer', minimum: 0 },
    description: "Revision of the ticket's own stream; 0 is its opening. Not together with `as_of`.",
  });

/** @throws HttpError VALIDATION_FAILED for both */
function requestedPoint(
  query: { as_of?: string | undefined; revision?: string | undefined },
  timezone: string,
): RequestedPoint {
  if (query.as_of !== undefined && query.revision !== undefined)
    throw new HttpError('VALIDATION_FAILED', [
      problem('revision', 'NOT_TOGETHER', 'Isi as_of atau revision, jangan keduanya', {
        fields: ['as_of', 'revision'],
      }),
    ]);
  if (query.revision !== undefined) return { kind: 'revision', revision: BigInt(query.revision) };
  return query.as_of === undefined ? NOW : { kind: 'time', at: timeOf(query.as_of, timezone) };
}

/** L2 stays with those who may read it on this ticket now, whatever moment they look at. */
const mayReadL2 = (caller: Caller, found: ExistingTicket): boolean =>
  caller.privileges.has('internal_read') && mayReadNotes(caller, { assignee: assigneeOf(found) });

export const history = route({
  method: 'get',
  path: '/api/admin/ticket/:id/history',
  name: 'getHistory',
  tag: 'Tickets',
  summary: 'A ticket as it was at a moment, and what happened up to then',
  description:
    'Folded from the events, never from the read tables. `ticket` and `crm` are what `GET ticket` showed then, with ' +
    'the names people had then; `is_idle` is worked out for that moment. Of `as_of` everything counts that had ' +
    'happened by then; of `revision` everything that was recorded up to that event, also in the conversation. ' +
    '`events` are the last `limit` of them, oldest first; `meta.next_cursor` with the same moment leads to earlier ' +
    'ones. The steps of a delivery come with their message and do not count. Internal notes (L2) are among them ' +
    'only for those who may read them on this ticket (`meta.internal_notes`); without `messages_read` the words of ' +
    'the talk are left out.',
  access: 'audit_read',
  reads: 'history',
  params: ticketParams,
  query: {
    as_of: asOf.optional(),
    revision: revision.optional(),
    limit: limitUpTo(200, 100),
    cursor: z.string().min(1).max(500).optional(),
  },
  status: 200,
  data: z.strictObject({ ticket: ticketObject, crm: crmObjectSchema, events: z.array(historyEventObject) }),
  meta: {
    as_of: time.optional(),
    revision: z.int().optional(),
    internal_notes: z.boolean().optional(),
    limit: z.int().optional(),
    next_cursor: z.string().optional(),
  },
  errors: ['TICKET_NOT_FOUND', 'DIVISION_FORBIDDEN', 'NOT_THERE_THEN'],
  async handle({ params, query, signedIn: { caller }, context }) {
    const { clock, commands, config, events } = context;
    const requested = requestedPoint(query, config.timezone);
    const found = requireVisible(await commands.handler.load(ticket, params.id), caller);
    const l2 = mayReadL2(caller, found);
    const subject = ticketSubject(params.id, { l2, idleAfterHours: config.idleAfterHours });
    const past = await historyOf(events, subject, {
      requested,
      now: clock.now(),
      layers: { l1: caller.privileges.has('messages_read') },
      limit: query.limit,
      cursor: query.cursor,
    });
    if (past === null) throw new HttpError('NOT_THERE_THEN');
    return {
      data: { json: JSON.stringify({ ...past.shown, events: past.events }) },
      meta: omitUndefined({
        as_of: past.at.toISOString(),
        revision: past.revision,
        internal_notes: l2,
        limit: query.limit,
        next_cursor: past.nextCursor ?? undefined,
      }),
    };
  },
});
