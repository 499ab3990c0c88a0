/** `npm run projections -- list | status | rebuild | verify | retry | skip`: the operator's tool for views (docs/projections.md). */
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { systemClock as clock, uuids as ids } from '../src/adapters/clock.ts';
import { createBulk } from '../src/adapters/postgres/bulk.ts';
import { decode } from '../src/domain/codec.ts';
import { openStores, type Stores } from '../src/main/wiring/stores.ts';
import type { Logger, WriteStore } from '../src/ports.ts';
import { askRetry, viewsHolding, viewsToRetry } from '../src/engine/projections/parked-events.ts';
import { createProjectionStatus } from '../src/engine/projections/projection-status.ts';
import { leftovers } from '../src/engine/projections/rebuild/leftovers.ts';
import { createPace, FULL_SPEED, isProjectorRunning } from '../src/engine/projections/rebuild/pace.ts';
import { type RebuildParts, rebuildViews } from '../src/engine/projections/rebuild/rebuild.ts';
import { reportViews } from '../src/engine/projections/rebuild/report.ts';
import { skipEvent } from '../src/engine/projections/rebuild/skips.ts';
import { verifyViews } from '../src/engine/projections/rebuild/verify.ts';
import type { View } from '../src/engine/projections/view.ts';
import { createViews } from '../src/projections/views.ts';
import { readSettings, runCommand } from './command-line/run-command.ts';
import { signIn } from './command-line/sign-in.ts';
import { progressLine, statusTable, table, verdictLines, verdictsJson } from './projections/format.ts';

const USAGE = `usage: npm run projections -- <what>
  list                                      the views, their tables and streams
  status [--json]                           how far each view is, how fast it goes, why it stopped
  rebuild <view|all> [--full-speed]         makes the tables again from all events, without downtime
  verify [view|all] [--show] [--json]       compares every row with what the events say; changes nothing
  retry [view|all]                          tries again what the views hold back, in order
  skip --event ID --reason TEXT             lets all views go on without an event that they hold back;
                                            signs in as a super admin: OPERATOR_EMAIL and OPERATOR_PASSWORD
                                            (OPERATOR_CODE with a second factor), or asks`;

const OPTIONS = {
  json: { type: 'boolean', default: false },
  show: { type: 'boolean', default: false },
  'full-speed': { type: 'boolean', default: false },
  event: { type: 'string' },
  reason: { type: 'string' },
} as const;

const parse = () => parseArgs({ allowPositionals: true, options: OPTIONS });
type Values = ReturnType<typeof parse>['values'];
type Settings = ReturnType<typeof readSettings>;

function chosen(views: readonly View[], name: string | undefined): readonly View[] {
  if (name === 'all') return views;
  const found = views.filter((view) => view.name === name);
  if (found.length === 0)
    throw new Error(`There is no view '${name ?? ''}': ${views.map((view) => view.name).join(', ')}, all.`);
  return found;
}

/** Ctrl-C: the new tables that were begun are removed, the live tables stay, then the process ends. */
function interrupted(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      controller.abort(new Error('interrupted: nothing was changed'));
    });
  return controller.signal;
}

async function partsOf(stores: Stores, values: Values, log: Logger): Promise<RebuildParts> {
  const { events: store, postgres, databaseUrl } = stores;
  const write = postgres.writes;
  const hurry = values['full-speed'] || !(await isProjectorRunning(write));
  return {
    store,
    write,
    bulk: createBulk({ url: databaseUrl, logger: log }),
    decode,
    pace: hurry ? FULL_SPEED : createPace(store, write),
    onProgress: progressLine(process.stderr),
    signal: interrupted(),
  };
}

const PATIENCE_MS = 10_000;

/** Waits for the projector, when one runs. @returns what the operator reads */
async function outcome(write: WriteStore, isDone: () => Promise<boolean>): Promise<string> {
  if (!(await isProjectorRunning(write))) return 'No projector runs: it takes this up when it starts.';
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await isDone())) {
    if (performance.now() > deadline) return 'The projector has not taken this up yet: look at its log.';
    await delay(100);
  }
  return 'The projector has taken this up: npm run projections -- status shows what is still parked.';
}

async function run({ config, logger: log }: Settings, stores: Stores, views: readonly View[]): Promise<void> {
  const { values, positionals } = parse();
  const [what, name, ...rest] = positionals;
  if (rest.length > 0) throw new Error(USAGE);
  const { events: store, postgres } = stores;
  const write = postgres.writes;
  switch (what) {
    case 'status': {
      const noMessages = {
        publish: () => undefined,
        subscribe: () => () => undefined,
        close: () => Promise.resolve(),
      };
      const reports = await reportViews(
        store,
        createProjectionStatus({ store, write, pubSub: noMessages, clock }),
      );
      console.log(values.json ? JSON.stringify(reports, null, 2) : statusTable(reports));
      const left = await leftovers(write);
      if (left.length > 0)
        console.error(
          `left behind by a rebuild or verify that was killed, with personal data: ${left.join(', ')}. Run it again, or drop them (docs/projections.md).`,
        );
      return;
    }
    case 'rebuild': {
      const wanted = chosen(views, name);
      await rebuildViews(await partsOf(stores, values, log), wanted);
      return;
    }
    case 'verify': {
      const wanted = chosen(views, name ?? 'all');
      const verdicts = await verifyViews(await partsOf(stores, values, log), wanted);
      console.log(values.json ? verdictsJson(verdicts, values.show) : verdictLines(verdicts, values.show));
      if (verdicts.some(({ differences }) => differences.length > 0)) process.exitCode = 1;
      return;
    }
    case 'retry': {
      const wanted = chosen(views, name ?? 'all').map((view) => view.name);
      const events = await askRetry(write, wanted);
      console.log(`${String(events)} parked events are to be tried again.`);
      if (events > 0) console.log(await outcome(write, async () => (await viewsToRetry(write)).length === 0));
      return;
    }
    case 'skip': {
      if (name !== undefined)
        throw new Error(`An event is skipped for all views at once, so no view is named.\n${USAGE}`);
      const wanted = z.object({ event: z.uuid(), reason: z.string().trim().min(1) }).safeParse(values);
      if (!wanted.success) throw new Error(USAGE);
      const { event: eventId, reason } = wanted.data;
      const { id, role, division, name: by } = await signIn(stores, config);
      const actor = { kind: 'user', id, role, division } as const;
      const held = await skipEvent({ store, write, decode, clock, ids }, { eventId, actor, by, reason });
      console.log(`Event ${eventId} is skipped, recorded as of ${by}: ${held.join(', ')}.`);
      console.log(await outcome(write, async () => (await viewsHolding(write, eventId)).length === 0));
      return;
    }
    default:
      throw new Error(USAGE);
  }
}

async function main(): Promise<void> {
  const settings = readSettings();
  const { config, logger } = settings;
  const [what] = parse().positionals;
  const views = createViews(config.BUSINESS_TIMEZONE);
  if (what === 'list') {
    console.log(
      table(
        ['view', 'tables', 'streams'],
        views.map((view) => [view.name, view.tables.join(' '), view.streams.join(' ')]),
      ),
    );
    return;
  }
  const stores = await openStores(config, logger);
  try {
    await run(settings, stores, views);
  } finally {
    await stores.close();
  }
}

await runCommand(main);
