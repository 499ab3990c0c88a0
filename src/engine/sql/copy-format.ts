/** Rows in the text format of COPY (https://www.postgresql.org/docs/18/sql-copy.html). */

const SPECIAL = /[\\\t\n\r]/;
const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

/** One value; texts without a zero byte, see `storable`. */
function copyField(value: string | number | null): string {
  if (value === null) return '\\N';
  if (typeof value === 'number') return String(value);
  return SPECIAL.test(value) ? value.replace(/[\\\t\n\r]/g, (character) => ESCAPES[character] ?? '') : value;
}

/** Large enough that the cost of a piece is small next to the cost of its rows. */
const PIECE = 256 * 1024;

/** Lines for COPY, many to a piece. */
export function* copyPieces<Row>(
  rows: Iterable<Row>,
  line: (row: Row) => readonly (string | number | null)[],
): Generator<string> {
  let piece = '';
  for (const row of rows) {
    let separator = '';
    for (const value of line(row)) {
      piece += separator + copyField(value);
      separator = '\t';
    }
    piece += '\n';
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
