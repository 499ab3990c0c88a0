/** Builds SQL over all tables, typed by the migrations (`npm run schema`), and never runs it. */
import {
  DummyDriver,
  type Insertable,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  type QueryId,
  type RootOperationNode,
  type Selectable,
} from 'kysely';
import type { Database } from '../../ports/database.ts';
import { StatementCompiler } from './statement-compiler.ts';

/** Running is for ReadStore and WriteStore, which know scope and transaction. */
export const tables = new Kysely<Database>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => ({
      compileQuery: (node: RootOperationNode, id: QueryId) => new StatementCompiler().compileQuery(node, id),
    }),
  },
});

export type TableName = keyof Database;

/** A row of a table, as it is read. */
export type Row<T extends TableName> = Selectable<Database[T]>;

/** A row of a table, as it is written. */
export type NewRow<T extends TableName> = Insertable<Database[T]>;

/**
 * Columns of a table under other names, for the row type of an `sql` template:
 * `Columns<'read.tickets', { at: 'last_activity_at' }>` is `{ at: Date }`.
 */
export type Columns<T extends TableName, Names extends Readonly<Record<string, keyof Row<T>>>> = {
  [Name in keyof Names]: Row<T>[Names[Name]];
};
