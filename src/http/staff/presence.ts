/** Area: who is at their desk (docs/design/api.md#presence). */
import { z } from 'zod';
import { input as presenceInput } from '../../commands/staff/set-presence.ts';
import { covers } from '../../domain/staff/privileges.ts';
import { presence, presenceReason, role, userDivision } from '../../domain/vocabulary.ts';
import { activeTicketCounts, listAgentWorkloads } from '../../projections/routing/agent-workload.ts';
import type { CommandContext } from '../../commands/context.ts';
import type { HttpContext } from '../framework/http-context.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id, time } from '../framework/schemas.ts';
import { answerOf } from '../framework/command-route.ts';

const TAG = 'Agents';
const presenceData = z.strictObject({ status: presence, changed_at: time });

/** Also what `GET /api/auth/me` says must follow, in every process. */
export async function changePresence(
  context: HttpContext,
  command: CommandContext,
  userId: string,
  to: z.infer<typeof presenceInput>,
) {
  const done = await context.commands.setPresence(command, userId, to);
  await context.permissions.userChanged(userId);
  return answerOf(done);
}

export const ownPresence = route({
  method: 'post',
  path: '/api/agent/status',
  name: 'setOwnPresence',
  tag: TAG,
  summary: 'Come to or leave the desk',
  description:
    'Online: tickets that wait for you come first, then those of the queue. Offline: you keep the tickets you have.',
  access: 'presence_self',
  body: presenceInput,
  status: 200,
  data: presenceData,
  errors: ['NOT_AN_AGENT', 'BUSY'],
  handle: ({ body, command, signedIn, context }) =>
    changePresence(context, command, signedIn.caller.id, body),
});

export const othersPresence = route({
  method: 'post',
  path: '/api/agent/:id/status',
  name: 'setPresence',
  tag: TAG,
  summary: 'Set the presence of an agent',
  description: 'For an agent who forgot to.',
  access: 'presence_others',
  params: { id },
  body: presenceInput,
  status: 200,
  data: presenceData,
  errors: ['USER_NOT_FOUND', 'DIVISION_FORBIDDEN', 'AGENT_INACTIVE', 'NOT_AN_AGENT', 'BUSY'],
  examples: { id: EXAMPLE_IDS.andi },
  handle: ({ params, body, command, context }) => changePresence(context, command, params.id, body),
});

export const presences = route({
  method: 'get',
  path: '/api/agent/status/all',
  name: 'listPresences',
  tag: TAG,
  summary: 'Who is online, with how many open tickets',
  description:
    'Agents, team leads and super admins of the divisions that the caller sees; deactivated ones are left out.',
  access: 'presence_read',
  status: 200,
  data: z.strictObject({
    agents: z.array(
      z.strictObject({
        id,
        name: z.string(),
        division: userDivision,
        status: presence,
        active_ticket_count: z.int(),
        role,
        status_changed_at: time.nullable(),
        reason: presenceReason.nullable().meta({
          description:
            'Why they went offline who did not say so: the last session ended, or nothing was heard.',
        }),
        max_active_tickets: z.int().nullable(),
      }),
    ),
  }),
  errors: [],
  async handle({ signedIn, context }) {
    const [desks, counts] = await Promise.all([
      listAgentWorkloads(context.staff),
      activeTicketCounts(context.read, signedIn.caller.id),
    ]);
    const agents = desks
      .filter((desk) => desk.active && covers(signedIn.caller, desk.division))
      .map((desk) => ({
        id: desk.id,
        name: desk.name,
        division: desk.division,
        status: desk.online ? ('online' as const) : ('offline' as const),
        active_ticket_count: counts.get(desk.id) ?? 0,
        role: desk.role,
        status_changed_at: desk.changedAt?.toISOString() ?? null,
        reason: desk.reason,
        max_active_tickets: desk.capacity,
      }));
    return { data: { agents } };
  },
});
