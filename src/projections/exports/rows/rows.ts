/** Rows of a sheet, read with a cursor: as many at a time as memory should hold, made into JSON by the database. */
import type { Division } from '../../../domain/vocabulary.ts';
import type { ReadStore, Scope, SheetColumn } from '../../../ports.ts';

/** A column of a sheet, and the SQL of its cells over the tables that its sheet joins. */
export interface RowColumn extends SheetColumn {
  readonly sql: string;
}

export interface RowsQuery {
  /** One after the other, so that each looks at its own partition. */
  readonly divisions: readonly Division[];
  /** First and last day, both within. */
  readonly from: string;
  readonly to: string;
  /** IANA name: whose days they are. */
  readonly timezone: string;
}

/** Parameters: $1 division, $2 first day, $3 last day, $4 time zone. */
export const WITHIN = (column: string): string =>
  `(${column} >= $2::date::timestamp at time zone $4 and ${column} < ($3::date + 1)::timestamp at time zone $4)`;

/** A moment as the clocks of the business show it, for the format `moment`. */
export const localSql = (column: string): string =>
  `to_char(${column} at time zone $4, 'YYYY-MM-DD"T"HH24:MI:SS')`;

/** Words of the product as people of the business say them; a word that is not among them stays as it is. */
export const textSql = (column: string, words: Readonly<Record<string, string>>): string =>
  `case ${column} ${Object.entries(words)
    .map(([word, said]) => `when '${word.replaceAll("'", "''")}' then '${said.replaceAll("'", "''")}'`)
    .join(' ')} else ${column}::text end`;

/** A page is received in one go, and everybody else waits for it: of 2,000 rows for several milliseconds. */
const PAGE = 250;

/**
 * Within a snapshot only: outside of it no cursor lives from one query to the next.
 *
 *     declare sheet_rows no scroll cursor for select json_build_array(...)::text as row from ... where division = $1 ...
 *     fetch 250 from sheet_rows
 *
 * @param source what stands behind the columns: `from ... where ... order by ...`
 * @param counted told how many rows came
 * @returns JSON text of an array of rows each
 */
export async function* pagesOf(
  read: ReadStore,
  scope: Scope,
  columns: readonly RowColumn[],
  source: string,
  { divisions, from, to, timezone }: RowsQuery,
  counted: (rows: number) => void,
): AsyncIterable<string> {
  const cells = columns.map(({ sql }) => sql).join(', ');
  for (const division of divisions) {
    await read.scoped(scope, (sql) =>
      sql.query({
        text: `declare sheet_rows no scroll cursor for select json_build_array(${cells})::text as row ${source}`,
        values: [division, from, to, timezone],
      }),
    );
    for (;;) {
      const rows = await read.scoped(scope, (sql) =>
        sql.query<{ row: string }>({ text: `fetch ${String(PAGE)} from sheet_rows`, values: [] }),
      );
      if (rows.length > 0) {
        counted(rows.length);
        yield `[${rows.map(({ row }) => row).join(',')}]`;
      }
      if (rows.length < PAGE) break;
    }
    await read.scoped(scope, (sql) => sql.query({ text: 'close sheet_rows', values: [] }));
  }
}
