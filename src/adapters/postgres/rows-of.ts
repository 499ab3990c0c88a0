/** The one place where a connection of pg runs a statement: its rows have the type that the statement carries. */
import type pg from 'pg';
import type { Statement } from '../../ports.ts';

/** A client, or a pool that takes one for this statement. */
export type Queryable = Pick<pg.ClientBase, 'query'> | Pick<pg.Pool, 'query'>;

/**
 * The parsers are the connection's: without `columnTypes` an int8 comes as text, and the statement casts it in its SQL.
 * @throws what pg throws; callers say what that means
 */
export async function rowsOf<Row extends object>(
  on: Queryable,
  { name, text, values }: Statement<Row>,
): Promise<Row[]> {
  const config = { text, values: [...values], ...(name === undefined ? {} : { name }) };
  return (await on.query<Row & pg.QueryResultRow>(config)).rows;
}
