/**
 * Who gets a ticket (docs/design/business-rules.md#routing and docs/design/business-rules.md#sharing-the-queue).
 * Pure: queue and agents go in, assignments come out.
 */

/** An agent of the division who is online and active. */
export interface AvailableAgent {
  readonly agentId: string;
  /** Open tickets assigned to them. */
  readonly load: number;
  /** When they were last given one, as a sortable number; 0 for never. */
  readonly lastAssigned: number;
  /** Most open tickets they take; null for no limit. */
  readonly capacity: number | null;
}

/** A ticket in the queue. */
export interface QueuedTicket {
  readonly ticketId: string;
  /** The agent who knows this customer; null in the general queue. */
  readonly waitingFor: string | null;
  /** Who must not get it: it was just withdrawn from them. */
  readonly notTo: string | null;
}

/** Why this agent: kept on the event, for the audit log. */
export type AssignmentReason =
  | { readonly rule: 'returning_customer' }
  | { readonly rule: 'fewest_tickets'; readonly load: number; readonly online: number };

export interface Assignment {
  readonly ticketId: string;
  readonly agentId: string;
  readonly reason: AssignmentReason;
}

const hasCapacity = (agent: AvailableAgent): boolean =>
  agent.capacity === null || agent.load < agent.capacity;

/** Fewest open tickets; among those who was given one least recently; among those the lower id, to be repeatable. */
const byPriority = (a: AvailableAgent, b: AvailableAgent): number =>
  a.load - b.load || a.lastAssigned - b.lastAssigned || (a.agentId < b.agentId ? -1 : 1);

/**
 * Plans the assignments that the queue and the available agents allow now, one after the other, so that
 * loads stay within one ticket of each other.
 * @param queue oldest first; tickets that wait for their own agent go before the general queue
 */
export function planAssignments(
  queue: readonly QueuedTicket[],
  availableAgents: readonly AvailableAgent[],
): readonly Assignment[] {
  const agents = new Map(availableAgents.map((agent) => [agent.agentId, agent]));
  const assignments: Assignment[] = [];
  let lastAssigned = Math.max(0, ...availableAgents.map((agent) => agent.lastAssigned));
  const assign = (ticketId: string, agent: AvailableAgent, reason: AssignmentReason): void => {
    lastAssigned += 1;
    agents.set(agent.agentId, { ...agent, load: agent.load + 1, lastAssigned });
    assignments.push({ ticketId, agentId: agent.agentId, reason });
  };
  for (const { ticketId, waitingFor } of queue) {
    const ownAgent = waitingFor === null ? undefined : agents.get(waitingFor);
    if (ownAgent) assign(ticketId, ownAgent, { rule: 'returning_customer' });
  }
  for (const { ticketId, waitingFor, notTo } of queue) {
    if (waitingFor !== null) continue;
    const [first] = [...agents.values()]
      .filter((agent) => agent.agentId !== notTo && hasCapacity(agent))
      .sort(byPriority);
    if (first) assign(ticketId, first, { rule: 'fewest_tickets', load: first.load, online: agents.size });
  }
  return assignments;
}
