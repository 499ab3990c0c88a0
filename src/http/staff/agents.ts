/** Area: whom one may hand a ticket to, tag or name (docs/design/api.md#agents). */
import { z } from 'zod';
import { covers, mayReadNotes, maySee, visibleDivision } from '../../domain/staff/privileges.ts';
import { assigneeOf, requireVisible } from '../../commands/tickets/ticket-access.ts';
import { ticket } from '../../domain/tickets/ticket.ts';
import { isAgentRole, presence, role, userDivision } from '../../domain/vocabulary.ts';
import { listUsers } from '../../projections/staff/users.ts';
import { HttpError } from '../framework/errors.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id } from '../framework/schemas.ts';

export const agents = route({
  method: 'get',
  path: '/api/admin/agents',
  name: 'listAgents',
  tag: 'Agents',
  summary: 'Colleagues who work on the tickets that the caller sees',
  description:
    'Active, no viewers, by name. `division`: who works there. `taggable_for`: only those who may read the internal notes of that ticket.',
  access: 'inbox_read',
  query: { division: userDivision.optional(), status: presence.optional(), taggable_for: id.optional() },
  status: 200,
  data: z.strictObject({
    agents: z.array(z.strictObject({ id, name: z.string(), role, division: userDivision, status: presence })),
  }),
  errors: ['DIVISION_FORBIDDEN', 'TICKET_NOT_FOUND'],
  examples: { id: EXAMPLE_IDS.andi, name: 'Andi Saputra', taggable_for: EXAMPLE_IDS.ticket },
  async handle({ query, signedIn: { caller }, context }) {
    const wanted = query.division ?? visibleDivision(caller);
    if (!covers(caller, wanted)) throw new HttpError('DIVISION_FORBIDDEN');
    const about =
      query.taggable_for === undefined
        ? null
        : requireVisible(await context.commands.handler.load(ticket, query.taggable_for), caller);
    const facts = about && { division: about.division, assignee: assigneeOf(about) };
    const found = (await listUsers(context.staff))
      .filter((one) => one.active && isAgentRole(one.role))
      .filter((one) => wanted === 'all' || covers(one, wanted))
      .filter((one) => query.status === undefined || one.presence === query.status)
      .filter(
        (one) =>
          facts === null ||
          (one.privileges.has('internal_read') && maySee(one, facts) && mayReadNotes(one, facts)),
      );
    return {
      data: {
        agents: found.map((one) => ({
          id: one.id,
          name: one.name,
          role: one.role,
          division: one.division,
          status: one.presence,
        })),
      },
    };
  },
});
