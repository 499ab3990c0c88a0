/** Writes the demo's past before any job looks at the stores, and tells how far it is. */
import { linesOf } from '../../channels/registry.ts';
import { START } from '../../ports.ts';
import type { ProgramContext } from '../context.ts';
import { makeHistory, writeHistory } from './history/history.ts';
import { readState, writeState } from './state.ts';

/** A line now and then, for a person who waits. */
function progress(what: string): (share: number) => void {
  let last = performance.now();
  return (share) => {
    if (performance.now() - last < EVERY_MS) return;
    last = performance.now();
    process.stdout.write(`${what} ... ${String(Math.floor(share * 100))} %\n`);
  };
}
const EVERY_MS = 2_000;

/**
 * Only into an empty store, or where an earlier start was interrupted: it makes the same past again, and the store takes
 * what it has not yet (docs/design/architecture.md#demo).
 * @throws VersionConflict another version of the program began it; StoreUnavailable
 */
export async function prepareDemo(context: ProgramContext): Promise<void> {
  const { config, stores, log } = context;
  const demo = readState(config);
  const begun = demo.history;
  const isDone = demo.seeded || (begun === undefined ? config.DEMO_HISTORY === 0 : begun.done);
  if (isDone || !(config.RUN.has('api') && config.RUN.has('projections'))) return;
  if (!begun && (await stores.events.head()) !== START) return;
  const until = begun?.until ?? context.clock.now().toISOString();
  const talks = begun?.talks ?? config.DEMO_HISTORY;
  writeState(config, { ...demo, history: { until, talks, done: false } });
  process.stdout.write('Making a year of work of three divisions ...\n');
  const making = progress('Making it');
  const entries = await makeHistory(
    {
      ...context,
      lines: linesOf(config),
      timezone: config.BUSINESS_TIMEZONE,
      password: demo.password,
      until: Date.parse(until),
      talks,
    },
    async (share) => {
      making(share);
      // The connections of the program are served meanwhile.
      await new Promise(setImmediate);
    },
  );
  const writing = progress('Writing it');
  const events = await writeHistory(stores.events, entries, (done, of) => {
    writing(done / of);
  });
  await viewsCaughtUp(context);
  writeState(config, { ...demo, history: { until, talks, done: true } });
  log.info({ count: events }, 'the past of the demo is there');
}

/** Until the views hold everything that is written: jobs that look at them find the end of the past, and nothing half. */
async function viewsCaughtUp({
  stores,
  projectionStatus,
}: Pick<ProgramContext, 'stores' | 'projectionStatus'>): Promise<void> {
  const head = await stores.events.head();
  const telling = progress('Filling the views');
  let most = 0;
  while (!(await projectionStatus.waitFor(head, EVERY_MS))) {
    const views = await projectionStatus.status();
    const stopped = views.find(({ state }) => state === 'stopped');
    if (stopped)
      throw new Error(`the view ${stopped.view} stopped: ${stopped.stoppedBecause ?? 'no reason'}`);
    const left = Math.max(0, ...(await projectionStatus.lag(views)).values());
    most = Math.max(most, left);
    telling(most === 0 ? 0 : 1 - left / most);
  }
}
