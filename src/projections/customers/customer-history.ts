/** The agent a customer talked to last (docs/design/api.md#customers). */
import { sql } from 'kysely';
import type { Division } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope } from '../../ports.ts';
import { isoSql } from '../../engine/sql/postgres-text.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';

export interface LastContact {
  readonly assigned_agent_id: string | null;
  readonly last_ticket_id: string;
  readonly last_interaction_at: string;
}

/** Whoever was merged into another is that other one. */
const currentId = (division: Division, named: string) => sql`(select coalesce(
  (select c.merged_into from read.customers c where c.division = ${division} and c.id = ${named}::uuid), ${named}::uuid))`;

const lastContact = statement(
  'customer_last_contact',
  (division: Division, named: string) => sql<
    Columns<'read.tickets', { last_ticket_id: 'id'; assigned_agent_id: 'assigned_to' }> & {
      last_interaction_at: string;
    }
  >`select id as last_ticket_id, ${sql.raw(isoSql('last_activity_at'))} as last_interaction_at,
  coalesce(assigned_to, (select p.assigned_to from read.tickets p where p.division = ${division}
    and p.customer_id = ${currentId(division, named)} and p.assigned_to is not null order by p.created_at desc limit 1)) as assigned_agent_id
from read.tickets where division = ${division} and customer_id = ${currentId(division, named)} order by created_at desc limit 1`,
);

/** @returns null when no ticket of the customer is in `scope`: unknown and foreign look alike */
export async function lastContactOf(
  read: ReadStore,
  scope: Scope,
  divisions: readonly Division[],
  customerId: string,
): Promise<LastContact | null> {
  const found = await read.scoped(scope, (sql) =>
    Promise.all(divisions.map((division) => sql.query(lastContact(division, customerId)))),
  );
  return found.flat()[0] ?? null;
}
