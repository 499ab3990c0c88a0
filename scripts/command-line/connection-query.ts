/** Typed statements on a connection that a tool opened for itself. */
import type pg from 'pg';
import type { Statement } from '../../src/ports.ts';

/**
 * Runs a statement. The connection keeps pg's own parsers, so an int8 or a numeric comes as text: cast it in the SQL.
 * @returns its rows
 */
export async function queryOn<Row extends object>(
  client: pg.ClientBase,
  { text, values }: Statement<Row>,
): Promise<Row[]> {
  return (await client.query<Row & pg.QueryResultRow>(text, [...values])).rows;
}
