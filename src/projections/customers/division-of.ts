/** Which division a ticket is of. */
import type { Division } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope } from '../../ports.ts';

/** @returns null when there is no such ticket, or `scope` is of another division: its rows would stay hidden anyway */
export async function divisionOf(read: ReadStore, scope: Scope, ticketId: string): Promise<Division | null> {
  if (scope.kind !== 'all') return scope.division as Division;
  const [row] = await read.scoped(scope, (sql) =>
    sql.query<{ division: Division }>({
      name: 'ticket_directory_find',
      text: 'select division from read.ticket_directory where ticket_id = $1',
      values: [ticketId],
    }),
  );
  return row?.division ?? null;
}
