/** Area: saying that one types, or looks at a ticket (docs/design/api.md#typing-and-viewers). */
import { z } from 'zod';
import { requireNoteAllowed } from '../../commands/conversation/post-internal-note.ts';
import { assigneeOf, requireVisible } from '../../commands/tickets/ticket-access.ts';
import { ticket, type ExistingTicket } from '../../domain/tickets/ticket.ts';
import type { StaffMember } from '../../domain/staff/member.ts';
import { ticketParams } from '../framework/command-route.ts';
import { HttpError } from '../framework/errors.ts';
import { route } from '../framework/route.ts';

const TAG = 'Live';

const signalOf = (
  kind: 'typing' | 'viewing',
  found: ExistingTicket,
  by: StaffMember,
  layer: 'L1' | 'L2',
) => ({
  kind,
  ticketId: found.id,
  division: found.division,
  assignee: assigneeOf(found),
  layer,
  by: { id: by.id, name: by.name },
});

export const typing = route({
  method: 'post',
  path: '/api/admin/ticket/:id/typing',
  name: 'sayTyping',
  tag: TAG,
  summary: 'I am writing',
  description:
    'For those who may see that layer, as `typing` on the live stream. L1: who may answer the customer; L2: who may write notes. Nothing is stored: say it again every few seconds.',
  access: 'authenticated',
  secretAnswer: true,
  params: ticketParams,
  body: z.strictObject({ layer: z.enum(['L1', 'L2']) }),
  status: 204,
  data: null,
  errors: ['FORBIDDEN', 'TICKET_NOT_FOUND', 'DIVISION_FORBIDDEN', 'NOT_ASSIGNEE'],
  async handle({ params, body, signedIn: { caller }, context }) {
    const may = caller.privileges;
    const writes =
      body.layer === 'L1' ? may.has('reply') || may.has('reply_as_sa') : may.has('internal_write');
    if (!writes) throw new HttpError('FORBIDDEN');
    const state = await context.commands.handler.load(ticket, params.id);
    const found = body.layer === 'L2' ? requireNoteAllowed(state, caller) : requireVisible(state, caller);
    if (body.layer === 'L1' && !may.has('reply_as_sa') && assigneeOf(found) !== caller.id)
      throw new HttpError('NOT_ASSIGNEE');
    context.deskSignals.send(signalOf('typing', found, caller, body.layer));
    return { data: null };
  },
});

export const viewing = route({
  method: 'post',
  path: '/api/admin/ticket/:id/viewing',
  name: 'sayViewing',
  tag: TAG,
  summary: 'I am looking at this ticket',
  description:
    'Good for 45 s: say it again every 30 s. `viewers` of the ticket, and on the live stream, name who looks at it.',
  access: 'messages_read',
  secretAnswer: true,
  params: ticketParams,
  body: z.strictObject({}),
  status: 204,
  data: null,
  errors: ['TICKET_NOT_FOUND', 'DIVISION_FORBIDDEN'],
  async handle({ params, signedIn: { caller }, context }) {
    const found = requireVisible(await context.commands.handler.load(ticket, params.id), caller);
    context.deskSignals.send(signalOf('viewing', found, caller, 'L1'));
    return { data: null };
  },
});
