/** A table as a file that spreadsheets open. */

export type Cell = string | number | null;

export interface Table {
  /** What the rows are, in words: the caption and the file's name. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** What a spreadsheet would calculate is a word here: it gets an apostrophe in front, as in the exports of the API. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

const quoted = (cell: Cell): string => {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = harmless(cell);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** RFC 4180, with the mark by which Excel knows UTF-8. */
export function csvOf({ columns, rows }: Table): string {
  return `\uFEFF${[columns, ...rows].map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`;
}

const fileName = (name: string): string =>
  `${name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')}.csv`;

/** Gives the table to the person as a file. */
export function saveCsv(table: Table): void {
  const address = URL.createObjectURL(new Blob([csvOf(table)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName(table.name);
  link.click();
  // The browser has read it by then; until then the address must be good.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
