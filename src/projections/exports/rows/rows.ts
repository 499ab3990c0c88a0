/** Rows of a sheet as JSON, read page by page with a cursor, so that memory holds one page. */
import { sql } from 'kysely';
import type { Division } from '../../../domain/vocabulary.ts';
import { statement, write } from '../../../engine/sql/statement.ts';
import type { ReadStore, Scope, SheetColumn } from '../../../ports.ts';

/** A column of a sheet, and the SQL of its cells on the tables that the sheet joins. */
export interface RowColumn extends SheetColumn {
  readonly sql: string;
}

/** @returns a column whose cells are what `sql` says of a row */
export const column = (
  heading: string,
  width: number,
  format: RowColumn['format'],
  sql: string,
): RowColumn => ({
  ...{ heading, width, format, sql },
});

export interface RowsQuery {
  /** One cursor for each, so that each reads its own partition. */
  readonly divisions: readonly Division[];
  /** First and last day, both inclusive. */
  readonly from: string;
  readonly to: string;
  /** IANA name of the time zone in which these days begin. */
  readonly timezone: string;
}

/** SQL: the column is in the period. Parameters: $1 division, $2 first day, $3 last day, $4 time zone. */
export const WITHIN = (column: string): string =>
  `(${column} >= $2::date::timestamp at time zone $4 and ${column} < ($3::date + 1)::timestamp at time zone $4)`;

/** SQL: a time as the clocks of the business show it, for the cell format `moment`. */
export const localSql = (column: string): string =>
  `to_char(${column} at time zone $4, 'YYYY-MM-DD"T"HH24:MI:SS')`;

/** SQL: the label of a code; a code without a label is shown as it is. */
export const labelSql = (column: string, labels: Readonly<Record<string, string>>): string =>
  `case ${column} ${Object.entries(labels)
    .map(([code, label]) => `when '${code.replaceAll("'", "''")}' then '${label.replaceAll("'", "''")}'`)
    .join(' ')} else ${column}::text end`;

/** The process receives a page without a break. With 2,000 rows everything else waits for several milliseconds. */
const PAGE = 250;

const nextPage = statement(null, () => sql<{ readonly row: string }>`fetch ${PAGE} from sheet_rows`);

/**
 * Reads the rows of a sheet. Only within a snapshot: elsewhere a cursor ends with its query.
 *
 *     declare sheet_rows no scroll cursor for select json_build_array(...)::text as row from ... where division = $1 ...
 *     fetch 250 from sheet_rows
 *
 * @param source SQL after the columns: `from ... where ... order by ...`
 * @param onRows is called with the number of rows of each page
 * @returns pages, each the JSON text of an array of rows
 */
export async function* pagesOf(
  read: ReadStore,
  scope: Scope,
  columns: readonly RowColumn[],
  source: string,
  { divisions, from, to, timezone }: RowsQuery,
  onRows: (rows: number) => void,
): AsyncIterable<string> {
  const cells = columns.map((column) => column.sql).join(', ');
  const declare = `declare sheet_rows no scroll cursor for select json_build_array(${cells})::text as row ${source}`;
  for (const division of divisions) {
    await read.scoped(scope, (on) => on.query(write(null, declare, [division, from, to, timezone])));
    for (;;) {
      const rows = await read.scoped(scope, (on) => on.query(nextPage()));
      if (rows.length > 0) {
        onRows(rows.length);
        yield `[${rows.map(({ row }) => row).join(',')}]`;
      }
      if (rows.length < PAGE) break;
    }
    await read.scoped(scope, (on) => on.query(write(null, 'close sheet_rows', [])));
  }
}
