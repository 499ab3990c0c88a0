/** Which division a ticket is of. */
import type { Division } from '../../domain/vocabulary.ts';
import { statement } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';
import type { ReadStore, Scope } from '../../ports.ts';

const directoryEntry = statement('ticket_directory_find', (ticketId: string) =>
  tables.selectFrom('read.ticket_directory').select('division').where('ticket_id', '=', ticketId),
);

/** @returns null when there is no such ticket, or `scope` is of another division: its rows would stay hidden anyway */
export async function divisionOf(read: ReadStore, scope: Scope, ticketId: string): Promise<Division | null> {
  if (scope.kind !== 'all') return scope.division as Division;
  const [row] = await read.scoped(scope, (sql) => sql.query(directoryEntry(ticketId)));
  return row?.division ?? null;
}
