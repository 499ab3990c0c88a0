/** A workbook as LibreOffice reads it: what people who open it see, formulas calculated. */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { needsTool } from '../processes/tool.ts';

const run = promisify(execFile);
/** Comma, quotes, UTF-8, from the first line, values as they are stored and not as they are shown, every sheet. */
const CSV = 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1';

/** Fields between quotes may hold commas and line ends. */
function cells(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    if (end === '' && quoted === undefined && plain === '') break;
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\n') rows.push([]);
  }
  return rows.filter((row) => row.length > 0);
}

/**
 * Skips the test without the programs that `sheetsOf` and `pagesOf` run.
 * @param test `this` of the hook or test that asks
 */
export function needsReaders(test: Mocha.Context): void {
  needsTool(test, 'soffice', 'libreoffice-calc-nogui');
  needsTool(test, 'pdftotext', 'poppler-utils');
}

let profile: Promise<string> | undefined;
/** One profile per process: to make one takes LibreOffice longer than to read a workbook. */
const profileOfProcess = (): Promise<string> =>
  (profile ??= mkdtemp(join(tmpdir(), 'saga-office-')).then((folder) => {
    process.once('exit', () => {
      rmSync(folder, { recursive: true, force: true });
    });
    return folder;
  }));

let last: Promise<unknown> = Promise.resolve();
/** One after another: a second LibreOffice on the same profile ends at once. */
function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const current = last.then(work);
  last = current.catch(() => undefined); // the caller sees the failure
  return current;
}

/** @returns rows by name of the sheet */
export async function sheetsOf(workbook: Uint8Array): Promise<ReadonlyMap<string, string[][]>> {
  const folder = await mkdtemp(join(tmpdir(), 'saga-sheet-'));
  try {
    await writeFile(join(folder, 'book.xlsx'), workbook);
    const user = `-env:UserInstallation=file://${await profileOfProcess()}`;
    const args = [user, '--headless', '--convert-to', CSV, '--outdir', join(folder, 'out')];
    await inTurn(() => run('soffice', [...args, join(folder, 'book.xlsx')], { timeout: 60_000 }));
    const files = await readdir(join(folder, 'out'));
    const read = files.map(async (file) => {
      const text = await readFile(join(folder, 'out', file), 'utf8');
      return [/^book-(.*)\.csv$/.exec(file)?.[1] ?? file, cells(text)] as const;
    });
    return new Map(await Promise.all(read));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Columns of a table by their heading. */
export function column(rows: readonly string[][] | undefined, heading: string): string[] {
  const [headings = [], ...rest] = rows ?? [];
  const at = headings.indexOf(heading);
  if (at < 0) throw new Error(`no column ${heading} among ${headings.join(', ')}`);
  return rest.map((row) => row[at] ?? '');
}

/** Text of each page of a PDF. */
export async function pagesOf(pdf: Uint8Array): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'saga-pdf-'));
  try {
    await writeFile(join(folder, 'document.pdf'), pdf);
    const { stdout } = await run('pdftotext', ['-layout', join(folder, 'document.pdf'), '-']);
    return stdout.split('\f').slice(0, -1);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
