/** Statements that carry the type of their rows. Each is compiled once; a call only adds the values. */
import type {
  CompiledQuery,
  DeleteResult,
  InsertResult,
  OperationNodeSource,
  QueryExecutorProvider,
  UpdateResult,
} from 'kysely';
import type { Statement } from '../../ports.ts';
import { Parameter } from './statement-compiler.ts';
import { tables } from './tables.ts';

/** A kysely builder, or its `sql` template. */
export interface Query<Row> extends OperationNodeSource {
  compile(executor: QueryExecutorProvider): CompiledQuery<Row>;
}

/** Nothing comes back. */
export type NoRow = Readonly<Record<string, never>>;

/** What kysely would say of a write is not what the database answers: no row without `returning`. */
type Answered<Row extends object> = Row extends InsertResult | UpdateResult | DeleteResult ? NoRow : Row;

/**
 * The one place where a text gets the type of its rows: what calls it has derived the type from the tables.
 * @param name under which it is prepared, once per connection; null: it is planned each time
 */
const typed = <Row extends object>(
  name: string | null,
  text: string,
  values: readonly unknown[],
): Statement<Row> =>
  // The row type is for the compiler alone: no value carries it.
  (name === null ? { text, values } : { name, text, values }) as Statement<Row>;

/**
 * A statement of one shape. `build` is called once, when this file is loaded, with placeholders for its arguments:
 * it may put them into the query and do nothing else with them. The first argument is `$1`, and so on.
 *
 *     const userById = statement('users_by_id', (id: string) =>
 *       tables.selectFrom('read.users').select(['id', 'name']).where('id', '=', id));
 *     const [user] = await sql.query(userById('6f...'));   // { id: string; name: string } | undefined
 *
 * With the template, the row type is made of the types of the tables:
 *
 *     const due = statement('jobs_due', (now: Date) =>
 *       sql<Columns<'ops.schedule', { job: 'job' }>>`select job from ops.schedule where due_at <= ${now}`);
 *
 * @param name under which it is prepared, once per connection; null: it is planned each time, for its values
 */
export function statement<Args extends readonly unknown[], Row extends object>(
  name: string | null,
  build: (...args: Args) => Query<Row>,
): (...args: Args) => Statement<Answered<Row>> {
  // Placeholders in place of values, which `build` cannot tell apart as long as it only hands them on.
  const placeholders = Array.from({ length: build.length }, (_none, at) => new Parameter(at + 1));
  const text = build(...(placeholders as unknown as Args)).compile(tables).sql;
  return (...values) => typed(name, text, values);
}

/**
 * A statement that only writes, as text; `values` of a set-wise one come from `columnsOf`.
 * @param name under which it is prepared, once per connection; null: it is planned each time
 */
export const write = (name: string | null, text: string, values: readonly unknown[] = []): Statement<NoRow> =>
  typed(name, text, values);

/**
 * A statement whose text was put together from pieces, for what is asked in more shapes than one could list (the inbox).
 * `Row` must be made of the types of the tables (`Row`, `Columns`).
 */
export const assembled = <Row extends object>(
  name: string | null,
  text: string,
  values: readonly unknown[],
): Statement<Row> => typed(name, text, values);
