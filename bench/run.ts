/**
 * `npm run bench [-- row ...] [--quick] [--rounds N]`: measures the product next to the limits of this machine and
 * writes docs/benchmarks.md and its chart (only when every row is asked for at full size). Rows: see BENCHES.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createLogger } from '../src/adapters/logger.ts';
import { analytics } from './rows/analytics.ts';
import { append } from './rows/append.ts';
import { chart } from './report/chart.ts';
import { eventstoredb } from './rows/eventstoredb.ts';
import { exports } from './rows/exports.ts';
import type { Bench, Finding } from './report/finding.ts';
import { assertPgbench } from './limits/pgbench.ts';
import { startBenchServer } from './processes/postgres.ts';
import { rebuild } from './rows/rebuild.ts';
import { documentOf, table } from './report/report.ts';
import { webSectionOf } from './report/web-section.ts';
import { peer } from './limits/peer.ts';
import { peers } from './rows/peers.ts';
import { ready } from './rows/ready.ts';
import { stream } from './rows/stream.ts';
import { growth, takeover } from './rows/takeover.ts';
import { race, takeoverHttp } from './rows/takeover-http.ts';
import { inbox, projection } from './rows/views.ts';
import { visible } from './rows/visible.ts';
import { webhook } from './rows/webhook.ts';

const BENCHES: Readonly<Record<string, Bench>> = {
  append,
  peer,
  takeover,
  'takeover-http': takeoverHttp,
  race,
  webhook,
  peers,
  growth,
  projection,
  visible,
  stream,
  ready,
  exports,
  inbox,
  analytics,
  rebuild,
  eventstoredb,
};
const DOCUMENT = fileURLToPath(new URL('../docs/benchmarks.md', import.meta.url));
const CHART = fileURLToPath(new URL('../docs/benchmarks.svg', import.meta.url));
const QUICK = { rounds: 1, size: 0.4 };
const FULL = { rounds: 3, size: 1 };

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: 'boolean', default: false }, rounds: { type: 'string' } },
  });
  const unknown = positionals.filter((name) => !(name in BENCHES));
  if (unknown.length > 0) {
    throw new Error(`No such row: ${unknown.join(', ')}. There are: ${Object.keys(BENCHES).join(', ')}.`);
  }
  const pgbench = await assertPgbench();
  const { size, ...usual } = values.quick ? QUICK : FULL;
  const rounds = Number(values.rounds ?? usual.rounds);
  if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds wants a whole number from 1 on.');
  const names = positionals.length > 0 ? positionals : Object.keys(BENCHES);
  const before = loadavg();
  if ((before[0] ?? 0) > 1.5)
    console.warn('This machine is busy with other things: the figures will be noisy.');

  const began = performance.now();
  const log = createLogger({ level: 'warn' });
  const server = await startBenchServer(log);
  const findings: Finding[] = [];
  const say = (what: string): void => {
    console.log(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${what}`);
  };
  const whole = positionals.length === 0 && !values.quick;
  /** After each row: what was measured is not lost with a run that is stopped, and what was not is named. */
  const write = (missing: readonly string[]): void => {
    const seconds = (performance.now() - began) / 1000;
    const facts = {
      settings: server.settings,
      pgbench,
      rounds,
      load: before,
      seconds,
      at: new Date(),
      missing,
    };
    const web = webSectionOf(readFileSync(DOCUMENT, 'utf8'));
    writeFileSync(DOCUMENT, documentOf(findings, facts) + (web === '' ? '' : `\n${web}`));
    writeFileSync(CHART, chart(findings));
  };
  try {
    for (const [index, name] of names.entries()) {
      findings.push(...((await BENCHES[name]?.({ server, rounds, size, log, say })) ?? []));
      if (whole) write(names.slice(index + 1));
    }
  } finally {
    await server.stop();
  }
  console.log(`\n${table(findings)}\n`);
  if (whole) console.log(`Written to ${DOCUMENT}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
