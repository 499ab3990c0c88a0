/**
 * Accepts an event store that is not as it was: it was restored from a backup, or is another one, and that is right
 * (docs/design/reliability.md#the-right-store, F16). No message is sent twice because of this: messages that were open
 * at that time stay unknown, running blasts wait for a person.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { systemClock as clock, uuids as ids } from '../../src/adapters/clock.ts';
import { createBulk } from '../../src/adapters/postgres/bulk.ts';
import { recordBlast } from '../../src/commands/blasts/record-blast.ts';
import { AlteredSeal } from '../../src/adapters/seals/seal-file.ts';
import type { Config } from '../../src/config.ts';
import { decode } from '../../src/domain/codec.ts';
import { sealsOf } from '../../src/main/wiring/seals.ts';
import { openStores, type Stores } from '../../src/main/wiring/stores.ts';
import { type Logger, START } from '../../src/ports.ts';
import { jobCheckpointStatuses } from '../../src/engine/jobs/job-checkpoint-status.ts';
import { FULL_SPEED } from '../../src/engine/projections/rebuild/pace.ts';
import { type RebuildParts, rebuildViews } from '../../src/engine/projections/rebuild/rebuild.ts';
import { anchorOf, dropAnchors, noteAnchor } from '../../src/engine/store-identity/anchors.ts';
import { endChange, recordChange } from '../../src/engine/store-identity/changed-store.ts';
import { judge, readKnownStore } from '../../src/engine/store-identity/verdict.ts';
import { createViews } from '../../src/projections/views.ts';
import { commandsFor } from '../command-line/operator.ts';
import { dropMark, restoreMark, UnfinishedRestore } from '../../src/adapters/postgres/unfinished-restore.ts';
import { rowsOf } from '../../src/adapters/postgres/rows-of.ts';
import { statement, write } from '../../src/engine/sql/statement.ts';
import { tables } from '../../src/engine/sql/tables.ts';
import { type Losses, lossesOf } from './losses.ts';

export interface Accepted {
  readonly jobs: readonly string[];
  /** Those that held rows of what was lost. */
  readonly views: readonly string[];
  readonly pausedBlasts: readonly string[];
  /** Webhook items whose events were lost, which the ingester reads again. */
  readonly replayed: number;
  /** The seal that says so; null: nothing is sealed here. Or why it could not be made. */
  readonly seal: number | null | { readonly problem: string };
}

/** A process that holds one of these goes on with the old checkpoint in memory. */
const LEASES = ['sender', 'blast', 'notifier', 'media', 'ingester', 'projections'];
const PATIENCE_MS = 10_000;

const tryLock = statement(
  null,
  (name: string) =>
    sql<{
      readonly locked: boolean;
    }>`select pg_try_advisory_lock(hashtextextended('saga lease ' || ${name}, 0)) as locked`,
);

/**
 * Runs `work` while no other process holds these leases.
 * @throws Error with what to do, when one does
 */
export async function holdLeases<T>(databaseUrl: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'saga store:accept' });
  await client.connect();
  try {
    for (const name of LEASES) {
      const until = performance.now() + PATIENCE_MS;
      for (;;) {
        const [lock] = await rowsOf(client, tryLock(name));
        if (lock?.locked) break;
        if (performance.now() > until)
          throw new Error(
            `The program runs and works as '${name}'. Stop it first (all processes with jobs), then again.`,
          );
        await delay(100);
      }
    }
    return await work();
  } finally {
    await client.end();
  }
}

/** How the operator is asked, and what they are shown meanwhile. */
export interface AcceptOptions {
  /** Also when the store is the right one: this database was restored together with it. */
  readonly always: boolean;
  /** Shown what is lost. False: nothing is changed. */
  readonly confirm: (losses: Losses) => Promise<boolean>;
  readonly onProgress?: RebuildParts['onProgress'];
}

/**
 * @returns null: the store is the right one, nothing is to be done; `left`: the operator said no
 * @throws Error the program runs
 * @throws UnfinishedRestore the rows or the files of a backup are not all there
 */
export async function accept(
  config: Config,
  logger: Logger,
  options: AcceptOptions,
): Promise<Accepted | 'left' | null> {
  const stores = await openStores(config, logger, { duringRestore: true });
  try {
    const mark = await restoreMark((one) => stores.postgres.writes.query(one));
    if (mark !== null && mark.phase !== 'copied') throw new UnfinishedRestore(mark);
    if (!options.always && mark === null && (await isRight(stores))) return null;
    return await holdLeases(stores.databaseUrl, () => acceptStore(stores, config, logger, options));
  } finally {
    await stores.close();
  }
}

/**
 * The next seal says that the store was restored, so that `audit:verify` explains what is no longer there
 * (docs/design/reliability.md#seals). A seal that was altered must not keep a restore from being finished.
 */
async function sealAccepted(stores: Stores, config: Config, log: Logger): Promise<Accepted['seal']> {
  const seals = sealsOf({ config, stores, clock, log, observer: { pushFailed: () => undefined } });
  if (seals === null) return null;
  try {
    const made = await seals.sealer.accept(
      'the event store was restored from a backup and accepted',
      new AbortController().signal,
    );
    return made[0]?.number ?? null;
  } catch (error) {
    if (!(error instanceof AlteredSeal)) throw error;
    return { problem: error.message };
  }
}

/** The store is the one that is known, nothing is on record against it, and every checkpoint is of it. */
async function isRight({ stored, postgres: { writes } }: Stores): Promise<boolean> {
  const { storeId, anchors, change } = await readKnownStore(writes);
  if (change !== null) return false;
  if ((await judge(stored, storeId, anchors)).kind === 'changed') return false;
  const jobs = await jobCheckpointStatuses(writes, stored);
  return jobs.every(({ wrongStore }) => !wrongStore);
}

const jobNames = statement(null, () => tables.selectFrom('ops.job_checkpoints').select('job').orderBy('job'));

/** In an order in which it can be interrupted and done again: what ends the refusal comes last. */
async function acceptStore(
  stores: Stores,
  config: Config,
  logger: Logger,
  { confirm, onProgress = () => undefined }: AcceptOptions,
): Promise<Accepted | 'left'> {
  const { events: store, stored, postgres, erased } = stores;
  const { writes } = postgres;
  const losses = await lossesOf(stored, writes, erased);
  if (!(await confirm(losses))) return 'left';
  const { anchor, running, last, head, items } = losses;
  const storeId = await store.storeId();
  const found = anchor ? `the same store up to event ${anchor.eventId}` : `event store ${storeId}`;
  await recordChange(writes, { expected: `event store ${storeId}`, found, mustAccept: true });
  const { handler } = await commandsFor(stores, config);
  const blasts = recordBlast({ handler, clock, ids });
  // Recipients that it reached after the backup are not on record: it must not go on by itself.
  for (const blastId of running) await blasts.stop(blastId, 'restored');
  // Before the checkpoints: if this is interrupted, all of it is done again.
  const seal = await sealAccepted(stores, config, logger);
  const jobs = (await writes.query(jobNames())).map(({ job }) => job);
  await writes.transaction(async (on) => {
    for (const job of jobs) {
      // The notifier goes on from here, so that nobody is notified twice. The other jobs read everything again.
      const from = job === 'notifier' ? head : START;
      await on.query(
        write(
          null,
          `update ops.job_checkpoints set store_id = $2, position = $3, settled_to = $4, seen_to = null, updated_at = clock_timestamp()
where job = $1`,
          [job, storeId, from, job === 'sender' ? head : null],
        ),
      );
    }
    // Views that have seen what was lost hold rows of it: they are made again below.
    await on.query(
      write(
        null,
        `update ops.projections set store_id = 'lost: ' || store_id
where store_id not like 'lost: %' and (store_id <> $1 or $2::text is null or position > $2)`,
        [storeId, anchor?.position ?? null],
      ),
    );
    await on.query(
      write(
        null,
        `update ops.webhook_inbox set state = 'pending', attempts = 0, waiting_since = null, due_at = now(), processed_at = null,
event_id = null, event_position = null
where seq = any($1::bigint[])`,
        [items],
      ),
    );
    // Where an event was in another store means nothing here; its id does.
    if (anchor === null)
      await on.query(
        write(null, 'update ops.webhook_inbox set event_position = null where event_position is not null'),
      );
  });
  const views = await rebuildLost(stores, config.BUSINESS_TIMEZONE, logger, onProgress);
  await writes.transaction(async (on) => {
    await dropAnchors(on, anchor?.position ?? null);
    const newest = last && anchorOf(storeId, last);
    if (newest) await noteAnchor(on, newest, true);
    await endChange(on, 'accepted');
    await on.query(dropMark());
  });
  return { jobs, views, pausedBlasts: [...running], replayed: items.length, seal };
}

const lostViews = statement(null, () =>
  tables.selectFrom('ops.projections').select('view').where('store_id', 'like', 'lost: %'),
);

/** @returns the views that were made again from the events that are there */
async function rebuildLost(
  { events: store, postgres, databaseUrl }: Stores,
  timezone: string,
  logger: Logger,
  onProgress: RebuildParts['onProgress'],
): Promise<readonly string[]> {
  const lost = new Set((await postgres.writes.query(lostViews())).map(({ view }) => view));
  const views = createViews(timezone).filter(({ name }) => lost.has(name));
  if (views.length === 0) return [];
  const bulk = createBulk({ url: databaseUrl, logger });
  const { signal } = new AbortController();
  const { writes } = postgres;
  await rebuildViews({ store, write: writes, bulk, decode, pace: FULL_SPEED, onProgress, signal }, views);
  return views.map(({ name }) => name);
}

export function printAccepted({ jobs, views, pausedBlasts, replayed, seal }: Accepted): void {
  console.log(`Jobs that go on with this store: ${jobs.join(', ') || 'none has run yet'}.`);
  if (views.length > 0) console.log(`Views that were made again: ${views.join(', ')}.`);
  console.log('Messages without an outcome at that time stay unknown: none of them is sent by itself.');
  if (pausedBlasts.length > 0)
    console.log(
      `Paused, because it is not known which recipients they reached: blasts ${pausedBlasts.join(', ')}.`,
    );
  if (replayed > 0) console.log(`Webhooks that are taken in again: ${String(replayed)}.`);
  if (typeof seal === 'number') console.log(`Seal ${String(seal)} says that the store was restored.`);
  else if (seal !== null) console.log(`The seals do not say it (docs/audit.md): ${seal.problem}.`);
}
