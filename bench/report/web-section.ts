/** The section of docs/benchmarks.md that `npm run bench:web` writes, and that `npm run bench` leaves as it is. */
import type { Finding } from './finding.ts';
import { table } from './report.ts';

const TITLE = '## In the browser';

/** @returns the section with its heading; empty where there is none yet */
export function webSectionOf(document: string): string {
  const at = document.indexOf(`${TITLE}\n`);
  return at === -1 ? '' : document.slice(at);
}

/** @returns the document with this section at its end, in place of the one that was there */
export function withWebSection(
  document: string,
  findings: readonly Finding[],
  {
    at,
    seconds,
    load,
    times,
  }: {
    readonly at: Date;
    readonly seconds: number;
    /** Of the machine before the run. */
    readonly load: readonly number[];
    /** How often each time was taken. */
    readonly times: number;
  },
): string {
  const before = document.slice(0, document.length - webSectionOf(document).length).trimEnd();
  return `${before}

${TITLE}

Written by \`npm run bench:web\`; do not edit. The dashboard in Debian's Chromium without a screen, program, Postgres and browser on one machine. Times
are of ${String(times)} tries (paints: 5); how many scripts a further page takes: \`npm run web:size\`. Lighthouse is not run here: it wants a newer Node.

- ${at.toISOString()}, ${String(Math.round(seconds))} s; load average before the run ${load.map((one) => one.toFixed(1)).join(' ')}

${table(findings)}
`;
}
