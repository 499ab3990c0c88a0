/**
 * Rebuilding the inbox: the operator's path (read the store, fold, COPY, indexes, swap), against one SQL statement that
 * folds the same events into the same tables, and against the live path, in the same run
 * (docs/design/architecture.md#quality-bars: >= 0.45 of the statement, >= 5 times the live path, linear in events).
 */
import { createBulk } from '../../src/adapters/postgres/bulk.ts';
import { createPostgres } from '../../src/adapters/postgres/index.ts';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { decode } from '../../src/domain/codec.ts';
import type { Logger } from '../../src/ports.ts';
import { inboxView } from '../../src/projections/tickets/inbox-view.ts';
import { FULL_SPEED } from '../../src/engine/projections/rebuild/pace.ts';
import { rebuildViews } from '../../src/engine/projections/rebuild/rebuild.ts';
import { countInboxEvents, generateTickets } from '../history/generate-tickets.ts';
import type { Bench } from '../report/finding.ts';
import { query } from '../processes/postgres.ts';
import { projectUntilCaughtUp } from '../processes/project.ts';
import { foldBySql } from '../limits/rebuild-limit.ts';

/** About 6.2 events each. */
const TICKETS = 40_000;
const MILLION = 161_500;

async function rebuildSeconds(url: string, log: Logger): Promise<number> {
  const store = await createPostgresEventStore({ connection: url, logger: log });
  const { writes, close } = createPostgres({ url, logger: log });
  try {
    const began = performance.now();
    await rebuildViews(
      {
        store,
        bulk: createBulk({ url, logger: log }),
        write: writes,
        decode,
        pace: FULL_SPEED,
        onProgress: () => undefined,
        signal: new AbortController().signal,
      },
      [inboxView()],
    );
    return (performance.now() - began) / 1000;
  } finally {
    await Promise.all([store.close(), close()]);
  }
}

const inboxEvents = async (url: string): Promise<number> => {
  const [row] = await query(url, countInboxEvents());
  return row?.n ?? 0;
};

export const rebuild: Bench = async ({ server, rounds, size, log, say }) => {
  const [rebuilt, bySql, live]: [number[], number[], number[]] = [[], [], []];
  let [few, perEvent] = [0, 0];
  for (let round = 1; round <= rounds; round += 1) {
    say(`rebuild of the inbox, round ${String(round)}`);
    const name = `bench_rebuild_${String(round)}`;
    const url = await server.migrated(name);
    await generateTickets(url, Math.round(TICKETS * size));
    const events = await inboxEvents(url);
    live.push(events / (await projectUntilCaughtUp(url, [inboxView()])));
    bySql.push(events / (await foldBySql(url)));
    const seconds = await rebuildSeconds(url, log);
    rebuilt.push(events / seconds);
    [few, perEvent] = [events, seconds / events];
    await server.drop(name);
  }
  say('rebuild of the inbox, 1,000,000 events');
  const url = await server.migrated('bench_rebuild_million');
  await generateTickets(url, Math.round(MILLION * size));
  const events = await inboxEvents(url);
  const seconds = await rebuildSeconds(url, log);
  await server.drop('bench_rebuild_million');
  return [
    {
      what: 'rebuild of the inbox, swap included',
      unit: '/s',
      measured: rebuilt,
      limit: { what: 'one SQL statement that folds the same events into the same tables', measured: bySql },
      bar: { of: 'ratio', atLeast: 0.45 },
    },
    {
      what: 'rebuild of the inbox against its live path',
      unit: '/s',
      measured: rebuilt,
      limit: { what: 'the live projector over the same events', measured: live },
      bar: { of: 'ratio', atLeast: 5 },
    },
    {
      what: `rebuild of the inbox, cost of an event among ${events.toLocaleString('en')} against one among ${few.toLocaleString('en')}`,
      unit: '',
      measured: [seconds / events / perEvent],
      bar: { of: 'value', atMost: 1.3 },
    },
  ];
};
