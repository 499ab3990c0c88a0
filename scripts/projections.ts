/** `npm run projections -- list | status | rebuild | verify | skip`: the operator's tool for views (docs/projections.md). */
import { userInfo } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { systemClock as clock, uuids as ids } from '../src/adapters/clock.ts';
import { createBulk } from '../src/adapters/postgres/bulk.ts';
import { decode } from '../src/domain/codec.ts';
import { openStores, type Stores } from '../src/main/wiring/stores.ts';
import type { Logger } from '../src/ports.ts';
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
import { progressLine, statusTable, table, verdictLines, verdictsJson } from './projections/format.ts';

const USAGE = `usage: npm run projections -- <what>
  list                                      the views, their tables and streams
  status [--json]                           how far each view is, how fast it goes, why it stopped
  rebuild <view|all> [--full-speed]         makes the tables again from all events, without downtime
  verify [view|all] [--show] [--json]       compares every row with what the events say; changes nothing
  skip <view> --event ID --reason TEXT [--by NAME]
                                            lets a view go on without the event at which it has stopped`;

const OPTIONS = {
  json: { type: 'boolean', default: false },
  show: { type: 'boolean', default: false },
  'full-speed': { type: 'boolean', default: false },
  event: { type: 'string' },
  reason: { type: 'string' },
  by: { type: 'string' },
} as const;

const parse = () => parseArgs({ allowPositionals: true, options: OPTIONS });
type Values = ReturnType<typeof parse>['values'];

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

async function run(stores: Stores, views: readonly View[], log: Logger): Promise<void> {
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
    case 'skip': {
      const wanted = z
        .object({ event: z.uuid(), reason: z.string().trim().min(1), by: z.string().trim().min(1) })
        .safeParse({ ...values, by: values.by ?? userInfo().username });
      const [view] = name === 'all' ? [] : chosen(views, name);
      if (!wanted.success || !view) throw new Error(USAGE);
      const { event: eventId, reason, by } = wanted.data;
      const position = await skipEvent({ store, write, decode, clock, ids }, view, { eventId, reason, by });
      console.log(
        `${view.name} goes on after event ${eventId} (position ${position}); recorded as of ${by}.`,
      );
      return;
    }
    default:
      throw new Error(USAGE);
  }
}

async function main(): Promise<void> {
  const { config, logger } = readSettings();
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
    await run(stores, views, logger);
  } finally {
    await stores.close();
  }
}

await runCommand(main);
