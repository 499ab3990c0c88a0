/** Agents and tickets as the read tables show them, and the position after which events go on from there. */
import { type EventStore, NOBODY, type Position, type ReadStore, type WriteStore } from '../../ports.ts';
import { readCheckpoints } from '../../engine/projections/checkpoints.ts';
import { listAgentWorkloads, listRouted } from '../../projections/routing/agent-workload.ts';
import { decode } from '../../domain/codec.ts';
import { ticketStream } from '../../domain/tickets/ticket.ts';
import { allRolePrivileges } from '../../projections/staff/users.ts';
import type { RoutedAgent, OpenTicket, RolePrivileges } from './routing-state.ts';

export interface LoadedRoutingState {
  readonly agents: readonly RoutedAgent[];
  readonly tickets: readonly OpenTicket[];
  /** What each role may; undefined: the defaults. */
  readonly roles?: RolePrivileges;
  /** Read before the tables were: events after it may be known already, which does no harm. */
  readonly after: Position;
}

const VIEWS = ['inbox', 'users'];
const QUEUED: ReadonlySet<string> = new Set(['TicketQueued', 'TicketWithdrawn', 'TicketReleased']);
const ASSIGNMENTS = new Set(['TicketTakenOver', 'TicketAssigned', 'TicketReassigned', 'TicketReopened']);

/** @throws StoreUnavailable */
export async function loadRoutingState(deps: {
  readonly store: Pick<EventStore, 'read'>;
  readonly read: ReadStore;
  readonly write: Pick<WriteStore, 'query'>;
}): Promise<LoadedRoutingState> {
  const checkpoints = (await readCheckpoints(deps.write)).filter(({ view }) => VIEWS.includes(view));
  const [after = ''] = checkpoints.map(({ position }) => position).sort();
  const [agents, routed, roles] = await Promise.all([
    listAgentWorkloads(deps.write),
    listRouted(deps.read, NOBODY),
    allRolePrivileges(deps.write),
  ]);
  const tickets: OpenTicket[] = [];
  for (const ticket of routed) {
    const turn = ticket.agentId === null ? await turnOf(deps.store, ticket.id) : { since: '' };
    tickets.push({ ...ticket, ...turn });
  }
  // Without both views there is nothing to begin with: everything is folded from the first event.
  return checkpoints.length < VIEWS.length
    ? { agents: [], tickets: [], after: '' }
    : { agents, tickets, roles, after };
}

/** Where the ticket entered the queue it is in, and its priority: its place in it, which a restart must not change. */
async function turnOf(
  store: Pick<EventStore, 'read'>,
  ticketId: string,
): Promise<Pick<OpenTicket, 'since' | 'priority'>> {
  const newest = await store.read(ticketStream(ticketId), { direction: 'backwards', limit: 100 });
  let since: Position = '';
  for (const event of newest) {
    if (ASSIGNMENTS.has(event.type)) break;
    if (QUEUED.has(event.type)) since = event.position;
  }
  const raised = newest.find(({ type }) => type === 'TicketPrioritised');
  const event = raised && decode(raised);
  return event?.type === 'TicketPrioritised' ? { since, priority: event.data.priority } : { since };
}
