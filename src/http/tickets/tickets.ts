/**
 * Area: what is done to a ticket (docs/design/api.md#ticket-actions). The rules are in `commands/`; here is only
 * their wire form.
 */
import { z } from 'zod';
import { input as assignInput } from '../../commands/tickets/assign.ts';
import { input as closeInput } from '../../commands/tickets/close.ts';
import { input as reassignInput } from '../../commands/tickets/reassign.ts';
import { input as reopenInput } from '../../commands/tickets/reopen.ts';
import { input as selfTakeoverInput } from '../../commands/tickets/self-takeover.ts';
import { input as tagInput } from '../../commands/tickets/tag.ts';
import { TICKET_STATUSES } from '../../domain/vocabulary.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id, person, time } from '../framework/schemas.ts';
import { ON_TICKET, ticketParams } from '../framework/command-route.ts';
import { ticketAfterwards, withTicket } from './ticket-after.ts';

const TAG = 'Tickets';
export const selfTakeover = route({
  method: 'post',
  path: '/api/admin/ticket/:id/self-takeover',
  name: 'selfTakeover',
  tag: TAG,
  summary: 'Take a FREE ticket over',
  description:
    'Of many who try at once exactly one gets it. A message of the customer in between refuses nobody. ' +
    'By default the privilege of sales agents, on FREE tickets of their own division.',
  access: 'self_takeover',
  reads: 'ticket',
  params: ticketParams,
  body: selfTakeoverInput,
  status: 200,
  data: z.strictObject({ ticket_id: id, assigned_to: person, taken_at: time, ticket: ticketAfterwards }),
  errors: [...ON_TICKET, 'TICKET_ALREADY_TAKEN'],
  async handle({ params, command, signedIn, context }) {
    const { id: own, name } = signedIn.caller;
    const taken = await context.commands.selfTakeover(command, params.id);
    return withTicket({ context, signedIn }, params.id, { ...taken, assigned_to: { id: own, name } });
  },
});

export const assign = route({
  method: 'post',
  path: '/api/admin/ticket/:id/assign',
  name: 'assign',
  tag: TAG,
  summary: 'Assign a ticket to an agent',
  description:
    'Also to an agent of another division: that agent then sees this one ticket. `from` is who had it: the bot, ' +
    "the queue, or an agent's id.",
  access: 'assign',
  reads: 'ticket',
  params: ticketParams,
  body: assignInput,
  status: 200,
  data: z.strictObject({
    from: z.union([z.enum(['bot', 'queue']), id]),
    to: id,
    timestamp: time,
    ticket: ticketAfterwards,
  }),
  errors: [
    ...ON_TICKET,
    'USER_NOT_FOUND',
    'AGENT_INACTIVE',
    'NOT_AN_AGENT',
    'TICKET_CLOSED',
    'ALREADY_ASSIGNED',
  ],
  examples: { from: 'queue', to: EXAMPLE_IDS.andi },
  handle: async ({ params, body, command, signedIn, context }) =>
    withTicket({ context, signedIn }, params.id, await context.commands.assign(command, params.id, body)),
});

export const reassign = route({
  method: 'post',
  path: '/api/admin/ticket/:id/reassign',
  name: 'reassign',
  tag: TAG,
  summary: 'Move a ticket from one agent to another',
  description: 'Refused when `from_agent` does not have the ticket any more: somebody else was quicker.',
  access: 'assign',
  reads: 'ticket',
  params: ticketParams,
  body: reassignInput,
  status: 200,
  data: z.strictObject({
    timestamp: time,
    audit_id: z.string().meta({ description: 'The event, as the audit log names it.' }),
    ticket: ticketAfterwards,
  }),
  errors: [
    ...ON_TICKET,
    'USER_NOT_FOUND',
    'AGENT_INACTIVE',
    'NOT_AN_AGENT',
    'TICKET_CLOSED',
    'ASSIGNEE_CHANGED',
    'ALREADY_ASSIGNED',
  ],
  examples: { reason: 'Andi cuti mulai besok' },
  handle: async ({ params, body, command, signedIn, context }) =>
    withTicket({ context, signedIn }, params.id, await context.commands.reassign(command, params.id, body)),
});

export const tag = route({
  method: 'post',
  path: '/api/admin/ticket/:id/tag',
  name: 'tagTicket',
  tag: TAG,
  summary: 'Put a tag on a ticket, or take it off',
  description: 'Adding what is there or removing what is not is no error and changes nothing.',
  access: 'tag',
  reads: 'ticket',
  params: ticketParams,
  body: tagInput,
  status: 200,
  data: z.strictObject({ tags: z.array(z.string()), ticket: ticketAfterwards }),
  errors: ON_TICKET,
  handle: async ({ params, body, command, signedIn, context }) =>
    withTicket({ context, signedIn }, params.id, await context.commands.tag(command, params.id, body)),
});

const statusData = z.strictObject({ status: z.enum(TICKET_STATUSES), ticket: ticketAfterwards });

export const close = route({
  method: 'post',
  path: '/api/admin/ticket/:id/close',
  name: 'closeTicket',
  tag: TAG,
  summary: 'Close a ticket',
  description: 'A closed ticket keeps its agent. Closing it again changes nothing.',
  access: 'ticket_close',
  reads: 'ticket',
  params: ticketParams,
  body: closeInput,
  status: 200,
  data: statusData,
  errors: ON_TICKET,
  examples: { status: 'closed', reason: 'Sudah dijawab lewat email' },
  handle: async ({ params, body, command, signedIn, context }) =>
    withTicket({ context, signedIn }, params.id, await context.commands.close(command, params.id, body)),
});

export const reopen = route({
  method: 'post',
  path: '/api/admin/ticket/:id/reopen',
  name: 'reopenTicket',
  tag: TAG,
  summary: 'Reopen a closed ticket',
  description:
    'It goes back to the agent it was closed with, or to the bot when they take no tickets any more. Refused when ' +
    'the customer has another open ticket.',
  access: 'ticket_close',
  reads: 'ticket',
  params: ticketParams,
  body: reopenInput,
  status: 200,
  data: statusData,
  errors: [...ON_TICKET, 'CUSTOMER_HAS_OPEN_TICKET'],
  examples: { status: 'in_progress', reason: 'Pelanggan bertanya lagi' },
  handle: async ({ params, body, command, signedIn, context }) =>
    withTicket({ context, signedIn }, params.id, await context.commands.reopen(command, params.id, body)),
});
