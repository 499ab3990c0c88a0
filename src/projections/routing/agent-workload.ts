/** Who is at their desk with how many open tickets, and which tickets are open: for leads, and for the router's start. */
import { type Division, DIVISIONS, type Role, type UserDivision } from '../../domain/vocabulary.ts';
import type { ReadStore } from '../../ports.ts';
import { statement, tables } from '../staff/tables.ts';
import type { StaffTables } from '../staff/users.ts';

export interface AgentWorkload {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly division: UserDivision;
  readonly active: boolean;
  readonly online: boolean;
  readonly capacity: number | null;
}

/** Everybody who can have a desk: all but viewers, also who was deactivated. */
export const listAgentWorkloads = (staff: StaffTables): Promise<AgentWorkload[]> =>
  staff.query<AgentWorkload>(
    statement(
      'desks',
      tables
        .selectFrom('read.users')
        .select(['id', 'name', 'role', 'division', 'is_active as active', 'max_active_tickets as capacity'])
        .select((row) => row('status', '=', 'online').as('online'))
        .where('role', '!=', 'viewer')
        .orderBy((row) => row.fn('lower', ['name']))
        .orderBy('id'),
    ),
  );

/** Open tickets per assignee, over all divisions: an agent may have some of another. */
export async function activeTicketCounts(
  read: ReadStore,
  userId: string,
): Promise<ReadonlyMap<string, number>> {
  const rows = await read.scoped({ kind: 'all', userId }, (sql) =>
    sql.query<{ id: string; n: number }>({
      name: 'active_ticket_counts',
      text: `select substr(lens, 2) as id, sum(n)::int as n from read.ticket_counts
where division in ('sari', 'savi', 'safia') and lens ~ '^a[0-9a-f-]{36}$' and status <> 'closed' group by lens`,
      values: [],
    }),
  );
  return new Map(rows.map(({ id, n }) => [id, n]));
}

export interface OpenTicketRow {
  readonly id: string;
  readonly division: Division;
  readonly agentId: string | null;
  readonly waitingFor: string | null;
}

/** Tickets that a person has or that wait for one: what routing is about. */
export const listRouted = (read: ReadStore, userId: string): Promise<OpenTicketRow[]> =>
  read.scoped({ kind: 'all', userId }, (sql) =>
    sql.query<OpenTicketRow>(
      statement(
        'routed_tickets',
        tables
          .selectFrom('read.tickets')
          .select(['id', 'division', 'assigned_to as agentId', 'waiting_for as waitingFor'])
          .where('division', 'in', DIVISIONS)
          .where('status', '!=', 'closed')
          .where('queue_status', '!=', 'free'),
      ),
    ),
  );

/** Tickets whose agent's time for the first reply is over ('Ticket life' 7). */
export async function listOverdue(read: ReadStore, userId: string, now: string): Promise<readonly string[]> {
  const rows = await read.scoped({ kind: 'all', userId }, (sql) =>
    sql.query<{ id: string }>({
      name: 'overdue_tickets',
      text: `select id from read.tickets where division in ('sari', 'savi', 'safia')
and card->>'response_due_at' <= $1 order by card->>'response_due_at' limit 1000`,
      values: [now],
    }),
  );
  return rows.map(({ id }) => id);
}
