/** The sales floor as the router knows it: who is at their desk with how many tickets, and who waits. In memory. */
import type { Recorded } from '../../domain/codec.ts';
import {
  type AvailableAgent,
  type Assignment,
  planAssignments,
  type QueuedTicket,
} from '../../domain/routing/routing-rules.ts';
import { takesTickets } from '../../domain/staff/user.ts';
import { type Division, DIVISIONS, type Role, type UserDivision } from '../../domain/vocabulary.ts';

export interface RoutedAgent {
  readonly id: string;
  readonly role: Role;
  readonly division: UserDivision;
  readonly active: boolean;
  readonly online: boolean;
  readonly capacity: number | null;
}

/** An open ticket that a person has or that waits for one. `since` orders the queue, oldest first. */
export interface OpenTicket {
  readonly id: string;
  readonly division: Division;
  readonly since: string;
  readonly agentId: string | null;
  readonly waitingFor: string | null;
}

/** What the router should do now. */
export interface RoutingPlan {
  readonly assign: readonly Assignment[];
  /** Tickets whose awaited agent is gone for good. */
  readonly release: readonly string[];
  /** Tickets that stay in the queue and were not named here before: their customers should know. */
  readonly stay: readonly string[];
}

export interface RoutingState {
  /** Takes an event in. One that the seed already knew, or that is seen twice, does no harm. */
  see(event: Recorded): void;
  /** Plans every division in which something changed since the last plan. */
  moves(): RoutingPlan;
  /** The assignment was made: counts it at once, so that the next plan need not wait for its event. */
  made(move: Assignment): void;
}

/** Who is not known yet may be on the way: their ticket waits. */
const isGone = (agent: RoutedAgent | undefined): boolean =>
  agent !== undefined && !takesTickets(agent.active, agent.role);

export function createRoutingState(seed: {
  readonly agents: readonly RoutedAgent[];
  readonly tickets: readonly OpenTicket[];
}): RoutingState {
  const agents = new Map(seed.agents.map((agent) => [agent.id, agent]));
  const tickets = new Map<string, OpenTicket>();
  /** Kept beside `tickets`, so that a plan costs what waits and not what is open. */
  const queues = new Map<Division, Set<OpenTicket>>(DIVISIONS.map((division) => [division, new Set()]));
  /** Open tickets per agent, over all divisions. */
  const loads = new Map<string, number>();
  /** From whom a ticket was just withdrawn. */
  const notTo = new Map<string, string>();
  /** Whose customers were named as waiting. */
  const told = new Set<string>();
  const lastAssigned = new Map<string, number>();
  const changed = new Set<Division>(DIVISIONS);
  let turn = 0;

  function put(ticket: OpenTicket): void {
    drop(ticket.id);
    tickets.set(ticket.id, ticket);
    if (ticket.agentId === null) queues.get(ticket.division)?.add(ticket);
    else loads.set(ticket.agentId, (loads.get(ticket.agentId) ?? 0) + 1);
    changed.add(ticket.division);
  }

  function drop(id: string): void {
    const known = tickets.get(id);
    if (!known) return;
    tickets.delete(id);
    if (known.agentId === null) queues.get(known.division)?.delete(known);
    else loads.set(known.agentId, (loads.get(known.agentId) ?? 0) - 1);
  }

  seed.tickets.forEach(put);

  /** A ticket keeps its place in the queue while it is open: being withdrawn must not send it to the end. */
  function place(data: { ticketId: string; division: Division }, position: string) {
    return {
      id: data.ticketId,
      division: data.division,
      since: tickets.get(data.ticketId)?.since ?? position,
    };
  }

  function give(data: { ticketId: string; division: Division }, agentId: string, position: string): void {
    turn += 1;
    lastAssigned.set(agentId, turn);
    put({ ...place(data, position), agentId, waitingFor: null });
  }

  function staff(id: string, change: Partial<RoutedAgent>): void {
    const known = agents.get(id);
    if (!known) return;
    agents.set(id, { ...known, ...change });
    // Tickets of any division may wait for them.
    for (const division of DIVISIONS) changed.add(division);
  }

  function see(event: Recorded): void {
    const { position } = event;
    switch (event.type) {
      case 'TicketQueued':
        put({ ...place(event.data, position), agentId: null, waitingFor: event.data.waitingFor });
        break;
      case 'TicketWithdrawn':
        notTo.set(event.data.ticketId, event.data.agentId);
        put({ ...place(event.data, position), agentId: null, waitingFor: null });
        break;
      case 'TicketTakenOver':
      case 'TicketAssigned':
        give(event.data, event.data.agentId, position);
        break;
      case 'TicketReassigned':
        give(event.data, event.data.toAgent, position);
        break;
      case 'TicketReopened':
        if (event.data.agentId !== null) give(event.data, event.data.agentId, position);
        break;
      case 'TicketClosed':
        changed.add(event.data.division);
        drop(event.data.ticketId);
        notTo.delete(event.data.ticketId);
        told.delete(event.data.ticketId);
        break;
      case 'UserRegistered': {
        const { userId: id, role, division } = event.data;
        if (!agents.has(id))
          agents.set(id, { id, role, division, active: true, online: false, capacity: null });
        break;
      }
      case 'PresenceChanged':
        staff(event.data.userId, { online: event.data.status === 'online' });
        break;
      case 'UserDeactivated':
        staff(event.data.userId, { active: false, online: false });
        break;
      case 'UserReactivated':
        staff(event.data.userId, { active: true });
        break;
      case 'UserRoleChanged':
        staff(event.data.userId, { role: event.data.role });
        break;
      case 'UserMoved':
        staff(event.data.userId, { division: event.data.division });
        break;
      case 'UserCapacitySet':
        staff(event.data.userId, { capacity: event.data.maxActiveTickets });
        break;
      default:
    }
  }

  function moves(): RoutingPlan {
    const assign: Assignment[] = [];
    const release: string[] = [];
    const stay: string[] = [];
    for (const division of changed) {
      const queue = [...(queues.get(division) ?? [])].sort((a, b) => (a.since < b.since ? -1 : 1));
      if (queue.length === 0) continue;
      const gone = queue.filter(({ waitingFor }) => waitingFor !== null && isGone(agents.get(waitingFor)));
      release.push(...gone.map(({ id }) => id));
      const waiting = queue.map(({ id, waitingFor }): QueuedTicket => ({
        ticketId: id,
        waitingFor: gone.some((one) => one.id === id) ? null : waitingFor,
        notTo: notTo.get(id) ?? null,
      }));
      const planned = planAssignments(waiting, desksFor(division, waiting));
      const going = new Set(planned.map(({ ticketId }) => ticketId));
      assign.push(...planned);
      const untold = queue.map(({ id }) => id).filter((id) => !going.has(id) && !told.has(id));
      for (const id of untold) told.add(id);
      stay.push(...untold);
    }
    changed.clear();
    return { assign, release: release.filter((id) => !assign.some((move) => move.ticketId === id)), stay };
  }

  /** The division's manned desks, and those of agents of other divisions whom a returning customer waits for. */
  function desksFor(division: Division, waiting: readonly QueuedTicket[]): AvailableAgent[] {
    const awaited = new Set(waiting.map(({ waitingFor }) => waitingFor));
    return [...agents.values()]
      .filter((agent) => agent.online && !isGone(agent))
      .filter(
        ({ id, role, division: own }) => (role === 'sales_agent' && own === division) || awaited.has(id),
      )
      .map(({ id, role, division: own, capacity }) => ({
        agentId: id,
        load: loads.get(id) ?? 0,
        lastAssigned: lastAssigned.get(id) ?? 0,
        // Who is only awaited takes nothing from the general queue.
        capacity: role === 'sales_agent' && own === division ? capacity : 0,
      }));
  }

  function made({ ticketId, agentId }: Assignment): void {
    const known = tickets.get(ticketId);
    if (known) give({ ticketId, division: known.division }, agentId, known.since);
  }

  return { see, moves, made };
}
