/** The read side as rows of the table: the live projector beside COPY, and the inbox at many tickets. */
import { generateTickets } from '../scripts/generate-tickets.ts';
import { inboxView } from '../src/projections/inbox-view.ts';
import type { Bench, Finding } from './finding.ts';
import { run as askInbox } from './inbox.ts';
import { projectUntilCaughtUp } from './project.ts';
import { type ProjectionBenchResult, run as runProjection } from './projection.ts';

const PROJECTED = 20_000;
const TICKETS = { full: 1_000_000, quick: 50_000 };

export const projection: Bench = async ({ server, rounds, size, say }) => {
  const results: ProjectionBenchResult[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    say(`live projection, round ${String(round)}`);
    const name = `bench_projection_${String(round)}`;
    results.push(await runProjection({ url: await server.migrated(name), tickets: PROJECTED * size }));
    await server.drop(name);
  }
  return [
    {
      what: 'live projection, the inbox view alone',
      unit: '/s',
      measured: results.map((one) => one.inboxEventsPerSecond),
      limit: {
        what: 'rows by COPY into the same indexed table',
        measured: results.map((one) => one.copyRowsPerSecond),
      },
      bar: { of: 'ratio', atLeast: 0.4 },
    },
    {
      what: 'live projection, all views',
      unit: '/s',
      measured: results.map((one) => one.allViewsEventsPerSecond),
      bar: { of: 'value', atLeast: 15_000 },
    },
  ];
};

export const inbox: Bench = async ({ server, size, say, log }) => {
  const count = size === 1 ? TICKETS.full : TICKETS.quick;
  const url = await server.migrated('bench_inbox');
  say(`inbox, writing the history of ${count.toLocaleString('en')} tickets`);
  await generateTickets(url, count);
  say('inbox, projecting it');
  await projectUntilCaughtUp(url, [inboxView()]);
  say('inbox, asking every filter and the common pairs');
  const rows = await askInbox({ url, logger: log });
  await server.drop('bench_inbox');
  const worst = (of: 'p50' | 'p99', atMost: number): Finding => {
    const slowest = rows.reduce((one, other) => (other[of] > one[of] ? other : one));
    return {
      what: `inbox at ${count.toLocaleString('en')} tickets, slowest of ${String(rows.length)} queries (${slowest.what}), page and total, ${of}`,
      unit: 'ms',
      measured: [slowest[of]],
      bar: { of: 'value', atMost },
    };
  };
  return [worst('p50', 1), worst('p99', 5)];
};
