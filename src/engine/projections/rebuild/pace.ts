/** How fast a rebuild goes: live traffic shares its database and its processor, and keeps its answer times. */
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import type { EventStore, Position, WriteStore } from '../../../ports.ts';
import { statement } from '../../sql/statement.ts';
import { readCheckpoints } from '../checkpoints.ts';

export interface Pace {
  /** Waits as long as live traffic wants it, after so many ms of work. */
  rest(workedMs: number): Promise<void>;
}

export const FULL_SPEED: Pace = { rest: () => Promise.resolve() };

/** Half of the time by default; while the live views fall behind, a tenth. */
const REST = { usual: 1, behind: 9 };
const LOOK_EVERY_MS = 500;
const LONGEST_REST_MS = 2_000;
/** A view that is behind at two looks in a row is behind. */
const LOOKS = 2;

/**
 * Measures the live projector: rests once as long as it worked, longer while the running views do not keep up.
 * Views that have stopped are behind for another reason.
 *
 * @param now milliseconds; with `wait`, for tests
 */
export function createPace(
  store: Pick<EventStore, 'head'>,
  write: Pick<WriteStore, 'query'>,
  now: () => number = () => performance.now(),
  wait: (ms: number) => Promise<unknown> = delay,
): Pace {
  let looked = now();
  let before: { readonly head: Position; readonly looks: number } = { head: '', looks: 0 };

  async function look(): Promise<void> {
    const head = await store.head();
    const running = (await readCheckpoints(write)).filter(({ state }) => state === 'running');
    // What was the end half a second ago is by now in every view that keeps up.
    const isBehind = running.some(({ position }) => position < before.head);
    before = { head, looks: isBehind ? before.looks + 1 : 0 };
  }

  return {
    rest: async (workedMs) => {
      if (now() - looked > LOOK_EVERY_MS) {
        looked = now();
        await look();
      }
      const share = before.looks >= LOOKS ? REST.behind : REST.usual;
      await wait(Math.min(LONGEST_REST_MS, workedMs * share));
    },
  };
}

const projectorLease = statement(
  null,
  () => sql<{
    held: boolean;
  }>`select exists (select from pg_locks, hashtextextended('saga lease projections', 0) lease
  where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
    and (classid::bigint << 32 | objid::bigint) = lease and objsubid = 1) as held`,
);

/** Does any process keep the views up to date right now? Where none does, there is no traffic to spare. */
export async function isProjectorRunning(write: Pick<WriteStore, 'query'>): Promise<boolean> {
  const [row] = await write.query(projectorLease());
  return row?.held ?? true;
}
