/** Who is at work with how many open tickets, and which tickets are open: for leads, and for the start of routing. */
import { sql } from 'kysely';
import type { Privilege } from '../../domain/staff/privileges.ts';
import {
  AGENT_ROLES,
  type Division,
  DIVISIONS,
  type PresenceReason,
  type Role,
  type UserDivision,
} from '../../domain/vocabulary.ts';
import type { ReadStore } from '../../ports.ts';
import { statement } from '../../engine/sql/statement.ts';
import { type Columns, tables } from '../../engine/sql/tables.ts';
import type { StaffTables } from '../staff/users.ts';

export interface AgentWorkload {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly division: UserDivision;
  readonly active: boolean;
  readonly online: boolean;
  readonly capacity: number | null;
  readonly granted: readonly Privilege[];
  readonly revoked: readonly Privilege[];
  /** When they came or went last; null: never. */
  readonly changedAt: Date | null;
  readonly reason: PresenceReason | null;
}

const agents = statement('desks', () =>
  tables
    .selectFrom('read.users')
    .select(['id', 'name', 'role', 'division', 'is_active as active', 'max_active_tickets as capacity'])
    .select(['status_changed_at as changedAt', 'status_reason as reason'])
    .select(({ eb, ref }) => [
      eb('status', '=', 'online').$castTo<boolean>().as('online'),
      ref('granted').$castTo<Privilege[]>().as('granted'),
      ref('revoked').$castTo<Privilege[]>().as('revoked'),
    ])
    .where('role', 'in', AGENT_ROLES)
    .orderBy(({ fn }) => fn('lower', ['name']))
    .orderBy('id'),
);

/** Everybody who can have tickets: all of a role that has tickets, also those who were deactivated. */
export const listAgentWorkloads = (staff: StaffTables): Promise<AgentWorkload[]> => staff.query(agents());

const activeByAgent = statement(
  'active_ticket_counts',
  () => sql<{ id: string; n: number }>`select substr(lens, 2) as id, sum(n)::int as n from read.ticket_counts
where division in ('sari', 'savi', 'safia') and lens ~ '^a[0-9a-f-]{36}$' and status <> 'closed' group by lens`,
);

/** Open tickets per assignee, over all divisions: an agent may have some of another. */
export async function activeTicketCounts(
  read: ReadStore,
  userId: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await read.scoped({ kind: 'all', userId }, (sql) => sql.query(activeByAgent()));
  return new Map(rows.map(({ id, n }) => [id, n]));
}

export interface OpenTicketRow {
  readonly id: string;
  readonly division: Division;
  readonly agentId: string | null;
  readonly waitingFor: string | null;
}

const routedTickets = statement('routed_tickets', () =>
  tables
    .selectFrom('read.tickets')
    .select(['id', 'division', 'assigned_to as agentId', 'waiting_for as waitingFor'])
    .where('division', 'in', DIVISIONS)
    .where('status', '!=', 'closed')
    .where('queue_status', '!=', 'free'),
);

/** Tickets that a person has, and tickets that wait for one: what routing works with. */
export const listRouted = (read: ReadStore, userId: string): Promise<OpenTicketRow[]> =>
  read.scoped({ kind: 'all', userId }, (sql) => sql.query(routedTickets()));

const overdueTickets = statement(
  'overdue_tickets',
  (now: string) => sql<
    Columns<'read.tickets', { id: 'id' }>
  >`select id from read.tickets where division in ('sari', 'savi', 'safia')
and card->>'response_due_at' <= ${now} order by card->>'response_due_at' limit 1000`,
);

/** Tickets whose agent's time for the first reply is over (docs/design/business-rules.md#response-deadline). */
export async function listOverdue(read: ReadStore, userId: string, now: string): Promise<readonly string[]> {
  const rows = await read.scoped({ kind: 'all', userId }, (sql) => sql.query(overdueTickets(now)));
  return rows.map(({ id }) => id);
}

const ticketsToWake = statement(
  'tickets_to_wake',
  (now: Date) => sql<
    Columns<'read.tickets', { id: 'id' }> & { byCustomer: boolean }
  >`select id, snoozed_until is null as "byCustomer" from read.tickets where division in ('sari', 'savi', 'safia')
and wake_at <= ${now} order by wake_at limit 1000`,
);

/** Tickets that were put aside and are due: their time is up, or their customer wrote. */
export const listToWake = (
  read: ReadStore,
  userId: string,
  now: Date,
): Promise<readonly (Columns<'read.tickets', { id: 'id' }> & { readonly byCustomer: boolean })[]> =>
  read.scoped({ kind: 'all', userId }, (on) => on.query(ticketsToWake(now)));
