/**
 * Read tables that are small or rarely asked, typed for kysely: a column that is renamed in a migration and not here
 * does not compile. The hot pages (inbox, messages, audit log) keep SQL of their own, prepared once per shape
 * (performance.md 1.3).
 */
import {
  type CompiledQuery,
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { Role, UserDivision } from '../../domain/vocabulary.ts';
import type { StatementText } from '../../ports.ts';

interface Tables {
  'read.users': {
    id: string;
    name: string;
    email: string;
    role: Role;
    division: UserDivision;
    status: 'online' | 'offline';
    is_active: boolean;
    max_active_tickets: number | null;
  };
  'read.office_hours': { unit: string; hours: unknown };
  'read.tickets': {
    id: string;
    division: string;
    status: string;
    queue_status: string;
    assigned_to: string | null;
    waiting_for: string | null;
    customer_id: string;
    created_at: Date;
  };
}

/** Builds SQL and never runs it: running is for ReadStore and WriteStore, which know scope and transaction. */
export const tables = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** @param name under which the statement is prepared, once per connection */
export function statement(name: string, query: { compile(): CompiledQuery }): StatementText {
  const { sql, parameters } = query.compile();
  return { name, text: sql, values: parameters };
}
