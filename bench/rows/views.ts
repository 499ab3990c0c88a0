/** The read side as rows of the table: the live projector next to COPY, and the inbox at many tickets. */
import { generateTickets } from '../history/generate-tickets.ts';
import { inboxView } from '../../src/projections/tickets/inbox-view.ts';
import type { Bench, Finding, Setting } from '../report/finding.ts';
import { inboxOverHttp } from './inbox-http.ts';
import { type InboxBenchRow, run as askInbox } from './inbox.ts';
import { projectUntilCaughtUp } from '../processes/project.ts';
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

/** A database with the inbox of so many tickets. */
async function filled({ server, say }: Setting, name: string, count: number): Promise<string> {
  const url = await server.migrated(name);
  say(`inbox, writing the history of ${count.toLocaleString('en')} tickets`);
  await generateTickets(url, count);
  say('inbox, projecting it');
  await projectUntilCaughtUp(url, [inboxView()]);
  return url;
}

const NO_FILTER = 'all: no filter';
const milliseconds = (value: number): string => value.toFixed(2);

export const inbox: Bench = async (setting) => {
  const { server, size, say, log } = setting;
  const count = size === 1 ? TICKETS.full : TICKETS.quick;
  const few = count / 10;
  const fewRows = await askInbox({
    url: await filled(setting, 'bench_inbox_few', few),
    logger: log,
    only: [NO_FILTER],
  });
  await server.drop('bench_inbox_few');
  const url = await filled(setting, 'bench_inbox', count);
  say('inbox, asking every filter and the common pairs');
  const rows = await askInbox({ url, logger: log, rounds: Math.round(200 * size ** 3) });
  const overHttp = await inboxOverHttp(setting, 'bench_inbox');
  await server.drop('bench_inbox');
  const at = `inbox at ${count.toLocaleString('en')} tickets`;
  const worst = (of: 'p50' | 'p99', atMost: number): Finding => {
    const slowest = rows.reduce((one, other) => (other[of] > one[of] ? other : one));
    return {
      what: `${at}, slowest of ${String(rows.length)} queries (${slowest.what}), page and total, ${of}`,
      unit: 'ms',
      measured: [slowest[of]],
      bar: { of: 'value', atMost },
    };
  };
  const within = (of: 'p50' | 'p99', atMost: number): number =>
    rows.filter((row) => row[of] <= atMost).length / rows.length;
  const p50Of = (of: readonly InboxBenchRow[]): number[] =>
    of.filter(({ what }) => what === NO_FILTER).map(({ p50 }) => p50);
  return [
    {
      ...worst('p50', 1),
      details: {
        title: `Inbox, every query at ${count.toLocaleString('en')} tickets`,
        head: ['query', 'tickets found', 'p50 ms', 'p99 ms'],
        rows: rows.map(({ what, total, p50, p99 }) => [
          what,
          total.toLocaleString('en'),
          milliseconds(p50),
          milliseconds(p99),
        ]),
      },
    },
    worst('p99', 5),
    { what: `${at}, share of the queries with p50 <= 1 ms`, unit: '', measured: [within('p50', 1)] },
    { what: `${at}, share of the queries with p99 <= 5 ms`, unit: '', measured: [within('p99', 5)] },
    {
      what: `${at}, no filter, p50`,
      unit: 'ms',
      measured: p50Of(rows),
      limit: { what: `the same at ${few.toLocaleString('en')} tickets`, measured: p50Of(fewRows) },
      bar: { of: 'ratio', atMost: 1.2 },
    },
    overHttp,
  ];
};
