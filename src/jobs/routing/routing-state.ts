/** What the router plans with: which agents are online with how many tickets, and which tickets wait. In memory. */
import type { Recorded } from '../../domain/codec.ts';
import {
  type AvailableAgent,
  type Assignment,
  planAssignments,
  type QueuedTicket,
} from '../../domain/routing/routing-rules.ts';
import { canAnswer } from '../../domain/routing/who-can-answer.ts';
import {
  covers,
  DEFAULT_PRIVILEGES,
  effectivePrivileges,
  type Privilege,
} from '../../domain/staff/privileges.ts';
import { type Division, DIVISIONS, type Role, type UserDivision } from '../../domain/vocabulary.ts';

export interface RoutedAgent {
  readonly id: string;
  readonly role: Role;
  readonly division: UserDivision;
  readonly active: boolean;
  readonly online: boolean;
  readonly capacity: number | null;
  readonly granted: readonly Privilege[];
  readonly revoked: readonly Privilege[];
}

export type RolePrivileges = Readonly<Record<Role, readonly Privilege[]>>;

/** An open ticket that a person has or that waits for one. `since` orders the queue, oldest first. */
export interface OpenTicket {
  readonly id: string;
  readonly division: Division;
  readonly since: string;
  readonly agentId: string | null;
  readonly waitingFor: string | null;
  /** The higher one goes first; absent: 0. */
  readonly priority?: number;
}

/** What the router does next. */
export interface RoutingPlan {
  readonly assign: readonly Assignment[];
  /** Tickets that wait for an agent who will never take them. */
  readonly release: readonly string[];
  /** Tickets whose agent may have to give them back: somebody who left, or is in another division now. */
  readonly giveBack: readonly { readonly agentId: string; readonly ticketIds: readonly string[] }[];
  /** Tickets that stay in the queue and were in no plan's `notice` before: their customers are notified. */
  readonly notice: readonly string[];
  /** In how many milliseconds there is something to plan, whatever happens; null: nothing. */
  readonly againInMs: number | null;
}

export interface RoutingOptions {
  /** So long after the first agent of a division came online its general queue is shared. Default 0. */
  readonly settleMs?: number;
  /** Most open tickets of an agent without a number of their own; null, the default: no limit. */
  readonly defaultCapacity?: number | null;
}

export interface RoutingState {
  /** Takes an event in. One that the read tables already showed, or that is seen twice, does no harm. */
  see(event: Recorded): void;
  /** Plans every division in which something changed since the last plan, or whose queue waited until `now`. */
  plan(now: Date): RoutingPlan;
  /** The next plan is of everything: the last one could not be carried out. */
  planAll(): void;
  /** Team leads who are here and read the inbox. */
  leads(): readonly string[];
  /** Counts an assignment that is on record, so that the next plan need not wait for its event. */
  assigned(assignment: Assignment): void;
  /** No plan has this ticket any more, until an event about it comes. */
  excludeTicket(ticketId: string): void;
  /** No plan gives this agent a ticket any more, until their presence changes. */
  excludeAgent(agentId: string): void;
}

export function createRoutingState(
  loaded: {
    readonly agents: readonly RoutedAgent[];
    readonly tickets: readonly OpenTicket[];
    readonly roles?: RolePrivileges;
  },
  { settleMs = 0, defaultCapacity = null }: RoutingOptions = {},
): RoutingState {
  const roles = new Map<Role, readonly Privilege[]>(
    Object.entries(loaded.roles ?? DEFAULT_PRIVILEGES) as [Role, readonly Privilege[]][],
  );
  /** Whose tickets the next plan looks at: at the start everybody's. */
  let suspects = new Set(loaded.agents.map(({ id }) => id));
  /** By division: when its general queue is shared, in ms since 1970. */
  const settled = new Map<Division, number>();
  const agents = new Map(loaded.agents.map((agent) => [agent.id, agent]));
  const tickets = new Map<string, OpenTicket>();
  /** A second index of `tickets`, so that the cost of a plan grows with the queue and not with all open tickets. */
  const queues = new Map<Division, Set<OpenTicket>>(DIVISIONS.map((division) => [division, new Set()]));
  /** Open tickets per agent, over all divisions. */
  const loads = new Map<string, number>();
  /** By ticket: the agent who just lost it. */
  const withdrawnFrom = new Map<string, string>();
  /** Tickets that some plan had in `notice`. */
  const noticed = new Set<string>();
  const lastAssigned = new Map<string, number>();
  /** By ticket, where it is not 0. */
  const priorities = new Map(
    loaded.tickets.flatMap(({ id, priority = 0 }) => (priority > 0 ? [[id, priority] as const] : [])),
  );
  const changed = new Set<Division>(DIVISIONS);
  let assignments = 0;

  /** An agent who is not known yet may only be late: their ticket waits. */
  const isGone = (agent: RoutedAgent | undefined): boolean =>
    agent !== undefined && !canAnswer(agent, roles.get(agent.role) ?? []);

  /** docs/design/chat.md#priority: the higher one first, then the older one. */
  const byTurn = (a: OpenTicket, b: OpenTicket): number =>
    (priorities.get(b.id) ?? 0) - (priorities.get(a.id) ?? 0) || (a.since < b.since ? -1 : 1);

  const serves = (agent: RoutedAgent, division: Division): boolean =>
    agent.role === 'sales_agent' && agent.division === division;

  /** The first one at their desk must not get the whole night (docs/design/business-rules.md#sharing-the-queue). */
  function comesOnline(agent: RoutedAgent, at: number): void {
    for (const division of DIVISIONS) {
      if (!serves(agent, division)) continue;
      const isFirst = ![...agents.values()].some(
        (other) => other.id !== agent.id && other.online && serves(other, division) && !isGone(other),
      );
      if (isFirst) settled.set(division, at + settleMs);
    }
  }

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

  loaded.tickets.forEach(put);

  /** A ticket keeps its place in the queue while it is open: being withdrawn must not send it to the end. */
  function inQueue(data: { ticketId: string; division: Division }, position: string) {
    return {
      id: data.ticketId,
      division: data.division,
      since: tickets.get(data.ticketId)?.since ?? position,
    };
  }

  function giveTo(
    data: { ticketId: string; division: Division },
    agentId: string,
    position: string,
    agentDivision?: UserDivision,
  ): void {
    // They left, or moved, while it was given to them.
    const agent = agents.get(agentId);
    if (isGone(agent) || (agentDivision !== undefined && agent && agent.division !== agentDivision))
      suspects.add(agentId);
    assignments += 1;
    lastAssigned.set(agentId, assignments);
    put({ ...inQueue(data, position), agentId, waitingFor: null });
  }

  function changeAgent(id: string, change: Partial<RoutedAgent>): void {
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
        if (event.data.priority !== undefined) priorities.set(event.data.ticketId, event.data.priority);
        put({ ...inQueue(event.data, position), agentId: null, waitingFor: event.data.waitingFor });
        break;
      case 'TicketPrioritised':
        priorities.set(event.data.ticketId, event.data.priority);
        if (tickets.has(event.data.ticketId)) changed.add(event.data.division);
        break;
      case 'TicketWithdrawn':
        // Who did not answer in time must not get it again; who left and came back may.
        if (event.data.because === undefined) withdrawnFrom.set(event.data.ticketId, event.data.agentId);
        put({ ...inQueue(event.data, position), agentId: null, waitingFor: null });
        break;
      case 'TicketReleased':
        if (event.data.to === 'bot') {
          drop(event.data.ticketId);
          changed.add(event.data.division);
          break;
        }
        // Who gave it up must not get it again.
        withdrawnFrom.set(event.data.ticketId, event.data.agentId);
        put({ ...inQueue(event.data, position), agentId: null, waitingFor: null });
        break;
      case 'TicketTakenOver':
      case 'TicketAssigned':
        giveTo(event.data, event.data.agentId, position, event.data.agentDivision);
        break;
      case 'TicketReassigned':
        giveTo(event.data, event.data.toAgent, position, event.data.toDivision);
        break;
      case 'TicketReopened':
        if (event.data.agentId !== null) giveTo(event.data, event.data.agentId, position);
        break;
      case 'TicketClosed':
        changed.add(event.data.division);
        drop(event.data.ticketId);
        withdrawnFrom.delete(event.data.ticketId);
        priorities.delete(event.data.ticketId);
        noticed.delete(event.data.ticketId);
        break;
      case 'UserRegistered': {
        const { userId: id, role, division } = event.data;
        if (!agents.has(id))
          agents.set(id, {
            ...{ id, role, division, active: true, online: false, capacity: null },
            ...{ granted: [], revoked: [] },
          });
        break;
      }
      case 'PresenceChanged':
        if (event.data.status === 'online') {
          const agent = agents.get(event.data.userId);
          if (agent && !agent.online) comesOnline(agent, Date.parse(event.metadata.at));
        }
        changeAgent(event.data.userId, { online: event.data.status === 'online' });
        break;
      case 'UserDeactivated':
        changeAgent(event.data.userId, { active: false, online: false });
        suspects.add(event.data.userId);
        break;
      case 'UserReactivated':
        changeAgent(event.data.userId, { active: true });
        break;
      case 'UserRoleChanged':
        changeAgent(event.data.userId, { role: event.data.role });
        suspects.add(event.data.userId);
        break;
      case 'UserMoved':
        changeAgent(event.data.userId, { division: event.data.division });
        suspects.add(event.data.userId);
        break;
      case 'UserPrivilegesChanged': {
        const { userId, granted, revoked } = event.data;
        changeAgent(userId, { granted, revoked });
        suspects.add(userId);
        break;
      }
      case 'RolePrivilegesSet': {
        const { role, privileges } = event.data;
        roles.set(role, privileges);
        for (const agent of agents.values()) if (agent.role === role) suspects.add(agent.id);
        for (const division of DIVISIONS) changed.add(division);
        break;
      }
      case 'UserCapacitySet':
        changeAgent(event.data.userId, { capacity: event.data.maxActiveTickets });
        break;
      default:
    }
  }

  /** Tickets of agents who may have to give them back: the streams decide (`decideReturn`). */
  function toGiveBack(): RoutingPlan['giveBack'] {
    if (suspects.size === 0) return [];
    const found = new Map<string, string[]>();
    for (const { id, division, agentId } of tickets.values()) {
      const agent = agentId === null || !suspects.has(agentId) ? undefined : agents.get(agentId);
      if (!agent || (!isGone(agent) && covers(agent, division))) continue;
      found.set(agent.id, [...(found.get(agent.id) ?? []), id]);
    }
    suspects = new Set();
    return [...found].map(([agentId, ticketIds]) => ({ agentId, ticketIds }));
  }

  function plan(now: Date): RoutingPlan {
    let againInMs: number | null = null;
    for (const [division, at] of settled) {
      const left = at - now.getTime();
      if (left > 0) {
        againInMs = Math.min(againInMs ?? left, left);
        continue;
      }
      settled.delete(division);
      changed.add(division);
    }
    const assign: Assignment[] = [];
    const release: string[] = [];
    const notice: string[] = [];
    for (const division of changed) {
      const queue = [...(queues.get(division) ?? [])].sort(byTurn);
      if (queue.length === 0) continue;
      const gone = queue.filter(({ waitingFor }) => waitingFor !== null && isGone(agents.get(waitingFor)));
      release.push(...gone.map(({ id }) => id));
      const waiting = queue.map(({ id, waitingFor }): QueuedTicket => ({
        ticketId: id,
        waitingFor: gone.some((one) => one.id === id) ? null : waitingFor,
        notTo: withdrawnFrom.get(id) ?? null,
      }));
      const planned = planAssignments(waiting, availableAgents(division, waiting));
      const leaving = new Set(planned.map(({ ticketId }) => ticketId));
      assign.push(...planned);
      // Whose queue is about to be shared is not told to wait.
      if (settled.has(division)) continue;
      const staying = queue.map(({ id }) => id).filter((id) => !leaving.has(id) && !noticed.has(id));
      for (const id of staying) noticed.add(id);
      notice.push(...staying);
    }
    changed.clear();
    return {
      assign,
      release: release.filter((id) => !assign.some((one) => one.ticketId === id)),
      giveBack: toGiveBack(),
      notice,
      againInMs,
    };
  }

  /** The division's agents who are online, and those of other divisions that a returning customer waits for. */
  function availableAgents(division: Division, waiting: readonly QueuedTicket[]): AvailableAgent[] {
    const awaited = new Set(waiting.map(({ waitingFor }) => waitingFor));
    return [...agents.values()]
      .filter((agent) => agent.online && !isGone(agent))
      .filter((agent) => serves(agent, division) || awaited.has(agent.id))
      .map((agent) => ({
        agentId: agent.id,
        load: loads.get(agent.id) ?? 0,
        lastAssigned: lastAssigned.get(agent.id) ?? 0,
        // An agent of another division takes nothing from the general queue, and nobody does before it is shared.
        capacity: serves(agent, division) && !settled.has(division) ? (agent.capacity ?? defaultCapacity) : 0,
      }));
  }

  return {
    see,
    plan,
    leads: () =>
      [...agents.values()]
        .filter((agent) => agent.role === 'team_lead' && agent.active)
        .filter((agent) =>
          effectivePrivileges(agent.role, roles.get(agent.role) ?? [], agent).includes('inbox_read'),
        )
        .map(({ id }) => id),
    planAll: () => {
      for (const division of DIVISIONS) changed.add(division);
      suspects = new Set(agents.keys());
    },
    assigned: ({ ticketId, agentId }) => {
      const known = tickets.get(ticketId);
      if (known) giveTo({ ticketId, division: known.division }, agentId, known.since);
    },
    excludeTicket: (id) => {
      const known = tickets.get(id);
      if (known) changed.add(known.division);
      drop(id);
    },
    excludeAgent: (id) => {
      changeAgent(id, { online: false });
    },
  };
}
