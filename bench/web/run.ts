/**
 * `npm run bench:web [-- --minutes N] [--times N]`: measures the dashboard in Debian's Chromium against the real program and writes its
 * section of docs/benchmarks.md. With the usual figures it takes three to five minutes; the bar of the memory wants `--minutes 15`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Finding } from '../report/finding.ts';
import { table } from '../report/report.ts';
import { withWebSection } from '../report/web-section.ts';
import { openDesk } from './desk.ts';
import { firstLoad, growth, type Measure, opening, paints, scrolling, talking } from './measures.ts';

const DOCUMENT = fileURLToPath(new URL('../../docs/benchmarks.md', import.meta.url));
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    times: { type: 'string', default: '20' },
    /** Prints only. */
    dry: { type: 'boolean', default: false },
  },
});
const [minutes, times] = [Number(values.minutes), Number(values.times)];
if (!(minutes > 0 && Number.isInteger(times) && times > 0))
  throw new Error('--minutes and --times want figures from 1 on.');

const MEASURES: Readonly<Record<string, Measure>> = {
  'first load': firstLoad,
  'largest paints': paints,
  'a list of 10,000': scrolling,
  'a ticket opens': opening,
  'two people and a customer': talking,
  'memory under a busy stream': growth(minutes),
};

const began = performance.now();
const load = loadavg();
const desk = await openDesk();
const findings: Finding[] = [];
try {
  for (const [name, measure] of Object.entries(MEASURES)) {
    console.log(`${((performance.now() - began) / 1_000).toFixed(0).padStart(4)} s  ${name}`);
    findings.push(...(await measure(desk, times)));
  }
} finally {
  await desk.close();
}
console.log(`\n${table(findings)}\n`);
if (!values.dry) {
  const facts = { at: new Date(), seconds: (performance.now() - began) / 1_000, load, times };
  writeFileSync(DOCUMENT, withWebSection(readFileSync(DOCUMENT, 'utf8'), findings, facts));
  console.log(`Written to ${DOCUMENT}`);
}
