/** The thread that writes a workbook row by row with exceljs' streaming writer: memory does not grow with the file. */
import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import ExcelJS from 'exceljs';
import type { Cell, CoverSheet, SheetColumn } from '../../ports.ts';
import type { FromWorker } from '../files/run-in-worker.ts';
import { cellValue, harmless, NUMBER_FORMATS } from './cell.ts';
import type { ToWorker } from './messages.ts';

/** A sheet has at most 1,048,576 rows; more rows go on a further sheet. */
const MOST_ROWS = 1_000_000;
const BRAND = 'FF1F4E79';

const port = parentPort;
if (!port) throw new Error('this module is a worker');
const send = (message: FromWorker, transfer: ArrayBuffer[] = []): void => {
  port.postMessage(message, transfer);
};

const out = new PassThrough();
out.on('data', (chunk: Buffer) => {
  const bytes = new Uint8Array(chunk);
  send({ kind: 'bytes', bytes }, [bytes.buffer]);
});
const book = new ExcelJS.stream.xlsx.WorkbookWriter({
  stream: out,
  useStyles: true,
  useSharedStrings: false,
  // A third of the time of the default level, for a tenth more bytes.
  zip: { zlib: { level: 1 } },
});

interface Table {
  readonly name: string;
  readonly columns: readonly SheetColumn[];
  readonly part: number;
  readonly sheet: ExcelJS.Worksheet;
  rows: number;
}
let table: Table | undefined;

function open(name: string, columns: readonly SheetColumn[], part: number): Table {
  const sheet = book.addWorksheet(part === 1 ? name : `${name} (${String(part)})`, {
    views: [{ state: 'frozen', ySplit: 1 }],
  });
  sheet.columns = columns.map(({ width, format }) => ({
    width,
    style: {
      numFmt: NUMBER_FORMATS[format],
      alignment: { vertical: 'top', horizontal: format === 'text' ? 'left' : 'right' },
    },
  }));
  const heading = sheet.addRow(columns.map((column) => harmless(column.heading)));
  heading.eachCell((cell) => {
    cell.font = { bold: true, color: { argb: 'FFFFFFFF' } };
    cell.fill = { type: 'pattern', pattern: 'solid', fgColor: { argb: BRAND } };
    cell.alignment = { vertical: 'middle', horizontal: 'left', wrapText: true };
    cell.numFmt = '@';
  });
  heading.height = 32;
  heading.commit();
  return { name, columns, part, sheet, rows: 0 };
}

function close(): void {
  if (!table) return;
  const { sheet, columns, rows } = table;
  sheet.autoFilter = { from: { row: 1, column: 1 }, to: { row: rows + 1, column: columns.length } };
  sheet.commit();
  table = undefined;
}

function addRows(json: string): void {
  for (const row of JSON.parse(json) as Cell[][]) {
    if (!table) throw new Error('rows without a table');
    if (table.rows === MOST_ROWS) {
      const { name, columns, part } = table;
      close();
      table = open(name, columns, part + 1);
    }
    const { columns, sheet } = table;
    const added = sheet.addRow(row.map((value, n) => cellValue(value, columns[n]?.format ?? 'text')));
    columns.forEach(({ format }, n) => {
      if (format === 'figure' && Number.isInteger(row[n])) added.getCell(n + 1).numFmt = NUMBER_FORMATS.count;
    });
    added.commit();
    table.rows += 1;
  }
}

function addCover({ name, title, parts }: CoverSheet): void {
  const sheet = book.addWorksheet(name, { views: [{ showGridLines: false }] });
  sheet.columns = [{ width: 34 }, { width: 110 }];
  const line = (cells: readonly string[], font: Partial<ExcelJS.Font>): ExcelJS.Row => {
    const row = sheet.addRow(cells.map(harmless));
    row.eachCell((cell) => {
      cell.alignment = { vertical: 'top', wrapText: true };
      cell.numFmt = '@';
    });
    row.getCell(1).font = font;
    return row;
  };
  const first = line([title], { bold: true, size: 18, color: { argb: BRAND } });
  first.getCell(1).alignment = { vertical: 'middle', wrapText: false };
  first.height = 30;
  first.commit();
  for (const { heading, lines } of parts) {
    line([''], {}).commit();
    line([heading], { bold: true, size: 12, color: { argb: BRAND } }).commit();
    for (const cells of lines) line(cells, { bold: true }).commit();
  }
  sheet.commit();
}

async function take(message: ToWorker): Promise<void> {
  if (message.kind === 'rows') addRows(message.json);
  else {
    close();
    if (message.kind === 'cover') addCover(message.cover);
    else if (message.kind === 'table') table = open(message.name, message.columns, 1);
    else {
      await book.commit();
      send({ kind: 'end' });
      return;
    }
  }
  // exceljs ignores back-pressure: its output is sent before it gets more rows.
  await nextTurn();
  send({ kind: 'taken' });
}

port.on('message', (message: ToWorker) => {
  take(message).catch((error: unknown) => {
    send({
      kind: 'failed',
      message: error instanceof Error ? error.message : 'the workbook cannot be written',
    });
  });
});
