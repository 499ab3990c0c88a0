/** A chart in its frame: its name, the table behind it, and the table as a file (docs/design/figures.md#charts). */
import { ChartColumn, Download, Table2 } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { IconButton } from '../button.tsx';
import { cx } from '../classes.ts';
import { type Cell, saveCsv, type Table } from './csv.ts';

interface ChartCardProps {
  readonly title: string;
  readonly hint?: string;
  readonly table: Table;
  /** How the cells of each column are read; the file holds the bare numbers. */
  readonly write?: readonly (((value: number | null) => string) | undefined)[];
  /** Nothing happened: what to say instead of an empty drawing. */
  readonly empty?: string | false;
  readonly className?: string;
  readonly children: ReactNode;
}

export function ChartCard({
  title,
  hint,
  table,
  write = [],
  empty = false,
  className,
  children,
}: ChartCardProps) {
  const [asTable, setAsTable] = useState(false);
  return (
    <section
      className={cx(
        'flex min-w-0 flex-col rounded-2xl border border-line bg-surface p-4 shadow-card md:p-5',
        className,
      )}
    >
      <div className="mb-3 flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold">{title}</h2>
          {hint !== undefined && <p className="text-[13px] text-pretty text-soft">{hint}</p>}
        </div>
        {empty === false && (
          <div className="-mt-1.5 -mr-2 flex shrink-0">
            <IconButton
              label={asTable ? `Grafik: ${title}` : `Tabel: ${title}`}
              aria-pressed={asTable}
              active={asTable}
              onClick={() => setAsTable(!asTable)}
            >
              {asTable ? (
                <ChartColumn className="size-4" aria-hidden="true" />
              ) : (
                <Table2 className="size-4" aria-hidden="true" />
              )}
            </IconButton>
            <IconButton label={`Unduh CSV: ${title}`} onClick={() => saveCsv(table)}>
              <Download className="size-4" aria-hidden="true" />
            </IconButton>
          </div>
        )}
      </div>
      {empty !== false ? (
        <p className="flex min-h-32 flex-1 items-center justify-center rounded-xl bg-sunken/60 px-6 text-center text-pretty text-soft">
          {empty}
        </p>
      ) : asTable ? (
        <DataTable table={table} write={write} />
      ) : (
        children
      )}
    </section>
  );
}

const isNumbers = (table: Table, column: number): boolean =>
  table.rows.some((row) => typeof row[column] === 'number');

function DataTable({
  table,
  write,
}: {
  readonly table: Table;
  readonly write: NonNullable<ChartCardProps['write']>;
}) {
  const read = (cell: Cell | undefined, column: number): string => {
    if (typeof cell === 'string') return cell;
    const writer = write[column];
    if (writer !== undefined) return writer(cell ?? null);
    return cell === null || cell === undefined ? '–' : String(cell);
  };
  const numbers = table.columns.map((_, column) => isNumbers(table, column));
  return (
    <div className="max-h-72 overflow-auto" role="region" aria-label={`Tabel: ${table.name}`} tabIndex={0}>
      <table className="w-full border-collapse text-[13px]">
        <caption className="sr-only">{table.name}</caption>
        <thead>
          <tr>
            {table.columns.map((name, column) => (
              <th
                key={name}
                scope="col"
                className={cx(
                  'sticky top-0 border-b border-line bg-surface px-2 py-1.5 font-medium text-soft first:pl-0 last:pr-0',
                  numbers[column] === true ? 'text-right' : 'text-left',
                )}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, n) => (
            <tr key={n}>
              {table.columns.map((name, column) => {
                const look = cx(
                  'border-b border-line px-2 py-1.5 first:pl-0 last:pr-0',
                  numbers[column] === true ? 'text-right whitespace-nowrap tabular-nums' : 'text-left',
                );
                return column === 0 ? (
                  <th key={name} scope="row" className={cx(look, 'font-medium')}>
                    {read(row[column], column)}
                  </th>
                ) : (
                  <td key={name} className={look}>
                    {read(row[column], column)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
