/** `npm run followup -- [--date YYYY-MM-DD]`: makes the follow-up recommendations of a night, if it has none yet. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { systemClock as clock } from '../src/adapters/clock.ts';
import { pubSubFor } from '../src/adapters/cluster/pub-sub.ts';
import { createLeases } from '../src/adapters/cluster/leases.ts';
import { decode } from '../src/domain/codec.ts';
import { dueOn, lastDue, recommendNight } from '../src/jobs/follow-ups/follow-up-job.ts';
import { openStores } from '../src/main/wiring/stores.ts';
import { createProjectionStatus } from '../src/engine/projections/projection-status.ts';
import { createRunner } from '../src/engine/projections/runner.ts';
import { createViews } from '../src/projections/views.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';
import { commandsFor } from './command-line/operator.ts';

/** A read database that is far behind is first brought up to date. */
const PATIENCE_MS = 10 * 60_000;

function dueOf(date: string | undefined, timezone: string): Date {
  if (date === undefined) return lastDue(clock.now(), timezone);
  if (!z.iso.date().safeParse(date).success)
    throw new Error('usage: npm run followup -- [--date YYYY-MM-DD]');
  const due = dueOn(date, timezone);
  if (due > clock.now()) throw new Error(`The night of ${date} is yet to come.`);
  return due;
}

async function main(): Promise<void> {
  const { date } = parseArgs({ options: { date: { type: 'string' } } }).values;
  const { config, logger: log } = readSettings();
  const timezone = config.BUSINESS_TIMEZONE;
  const due = dueOf(date, timezone);
  const stores = await openStores(config, log);
  const { databaseUrl, events: store, postgres } = stores;
  const pubSub = pubSubFor({ redisUrl: config.REDIS_URL, databaseUrl, logger: log });
  const projectionStatus = createProjectionStatus({ store, write: postgres.writes, pubSub, clock });
  const leases = createLeases({ url: databaseUrl, logger: log });
  // Stands by while the program runs and keeps the read tables itself.
  const write = postgres.writes;
  const runner = createRunner({
    store,
    write,
    leases,
    pubSub,
    logger: log,
    views: createViews(timezone),
    decode,
  });
  runner.start();
  try {
    const { recommend } = await commandsFor(stores, config);
    const deps = {
      store,
      projectionStatus,
      tables: write,
      recommend,
      log,
      timezone,
      patienceMs: PATIENCE_MS,
    };
    const counts = await recommendNight(deps, due, new AbortController().signal);
    await projectionStatus.waitFor(await store.head(), PATIENCE_MS);
    for (const [division, count] of Object.entries(counts)) console.log(`${division}: ${String(count)}`);
  } finally {
    await runner.stop();
    projectionStatus.close();
    await pubSub.close();
    await stores.close();
  }
}

await runCommand(main);
