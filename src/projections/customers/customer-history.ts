/** Whom a customer talked to last (contract.md 8, assigned-agent). */
import type { Division } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope } from '../../ports.ts';
import { isoSql } from '../../engine/sql/postgres-text.ts';

export interface LastContact {
  readonly assigned_agent_id: string | null;
  readonly last_ticket_id: string;
  readonly last_interaction_at: string;
}

/** @returns null when no ticket of the customer is in `scope`: unknown and foreign look alike */
export async function lastContactOf(
  read: ReadStore,
  scope: Scope,
  divisions: readonly Division[],
  customerId: string,
): Promise<LastContact | null> {
  const found = await read.scoped(scope, (sql) =>
    Promise.all(
      divisions.map((division) =>
        sql.query<LastContact>({
          name: 'customer_last_contact',
          text: `select id as last_ticket_id, ${isoSql('last_activity_at')} as last_interaction_at,
  coalesce(assigned_to, (select p.assigned_to from read.tickets p where p.division = $1 and p.customer_id = $2
    and p.assigned_to is not null order by p.created_at desc limit 1)) as assigned_agent_id
from read.tickets where division = $1 and customer_id = $2 order by created_at desc limit 1`,
          values: [division, customerId],
        }),
      ),
    ),
  );
  return found.flat()[0] ?? null;
}
