/** What the projection tool prints. */
import type { ViewDifference, VerifyResult } from '../../src/engine/projections/rebuild/verify.ts';
import type { RebuildProgress } from '../../src/engine/projections/rebuild/rebuild.ts';
import type { ViewReport } from '../../src/engine/projections/rebuild/report.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en');

/** Columns as wide as their widest cell. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export const statusTable = (reports: readonly ViewReport[]): string =>
  table(
    [
      'view',
      'state',
      'events behind',
      'seconds behind',
      'events/s',
      'caught up in',
      'position',
      'parked',
      'why stopped',
    ],
    reports.map((one) => [
      one.view,
      one.state,
      whole(one.lagEvents),
      one.lagSeconds.toFixed(1),
      whole(one.rate),
      one.etaSeconds === null ? '-' : `${whole(one.etaSeconds)} s`,
      one.position === '' ? '(start)' : one.position,
      one.parked === null
        ? ''
        : `${String(one.parked.events)} from event ${one.parked.firstEventId}: ${one.parked.because}`,
      one.stoppedAtEvent === null ? '' : `event ${one.stoppedAtEvent}: ${one.stoppedBecause ?? '?'}`,
    ]),
  );

const SHOW_EVERY_MS = { terminal: 250, log: 5_000 };

/** Progress on one line of a terminal, or a line now and then in a log. */
export function progressLine(out: NodeJS.WriteStream): (progress: RebuildProgress) => void {
  let shown = 0;
  let isOpen = false;
  const line = (text: string): void => {
    out.write(isOpen ? `\n${text}\n` : `${text}\n`);
    isOpen = false;
  };
  return (progress) => {
    if (progress.step !== 'reading') {
      if (progress.step === 'swapped') line(`${progress.view}: rebuilt`);
      return;
    }
    const { done, total, seconds } = progress;
    const rate = seconds > 0 ? done / seconds : 0;
    // Events that arrive now are added at the end; events that the view does not use are not read.
    const of = Math.max(total, done);
    const left = rate > 0 ? (of - done) / rate : 0;
    const text = `${whole(done)} of ${whole(of)} events, ${whole(rate)}/s, about ${whole(left)} s to go`;
    const now = performance.now();
    if (now - shown < (out.isTTY ? SHOW_EVERY_MS.terminal : SHOW_EVERY_MS.log)) return;
    shown = now;
    if (!out.isTTY) {
      line(text);
      return;
    }
    out.write(`\r${text.padEnd(78)}`);
    isOpen = true;
  };
}

/** Parts of a key that name no person. A search word may be a name, a prefix may be a phone number. */
const HARMLESS = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|sari|savi|safia|all|\d{4}-\d\d-\d\d)$/;
const keyText = (column: string, value: unknown, show: boolean): string =>
  show || column === 'position' || HARMLESS.test(String(value)) ? String(value) : '***';

function differenceLine({ table: name, key, kind, columns }: ViewDifference, show: boolean): string {
  const where = Object.entries(key)
    .map(([column, value]) => `${column}=${keyText(column, value, show)}`)
    .join(' ');
  const what = Object.entries(columns).map(([column, { live, should }]) =>
    show ? `${column}: ${JSON.stringify(live)} should be ${JSON.stringify(should)}` : column,
  );
  return `  ${name} ${where}: ${kind}${kind === 'different' ? ` (${what.join(', ')})` : ''}`;
}

/** @param show also prints the values: they may be names, numbers and messages of people */
export function verdictLines(verdicts: readonly VerifyResult[], show: boolean): string {
  return verdicts
    .flatMap(({ view, position, rows, differences, more }) => [
      differences.length === 0
        ? `${view}: ${whole(rows)} rows are what the events up to ${position === '' ? 'the start' : position} say`
        : `${view}: ${whole(differences.length)}${more ? ' or more' : ''} of ${whole(rows)} rows differ at ${position}`,
      ...differences.map((one) => differenceLine(one, show)),
    ])
    .join('\n');
}

/** As above, for tools. */
export const verdictsJson = (verdicts: readonly VerifyResult[], show: boolean): string =>
  JSON.stringify(
    verdicts.map((verdict) => ({
      ...verdict,
      differences: verdict.differences.map((one) => ({
        ...one,
        key: Object.fromEntries(
          Object.entries(one.key).map(([column, value]) => [column, keyText(column, value, show)]),
        ),
        columns: show ? one.columns : Object.keys(one.columns),
      })),
    })),
    null,
    2,
  );
