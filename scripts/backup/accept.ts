/**
 * Accepts an event store that was restored from a backup on purpose. Jobs and views keep a checkpoint, and after the
 * restore that checkpoint may name an event that no longer exists (docs/design/reliability.md#restored-stores, F16).
 * No message is sent twice because of this: messages that were open at that time stay unknown, running blasts wait
 * for a person.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { z } from 'zod';
import { systemClock as clock, uuids as ids } from '../../src/adapters/clock.ts';
import { recordBlast } from '../../src/commands/blasts/record-blast.ts';
import { AlteredSeal } from '../../src/adapters/seals/seal-file.ts';
import type { Config } from '../../src/config.ts';
import { sealsOf } from '../../src/main/wiring/seals.ts';
import { openStores, type Stores } from '../../src/main/wiring/stores.ts';
import { type EventStore, type Logger, type Position, START, type StoredEvent } from '../../src/ports.ts';
import { jobCheckpointStatuses } from '../../src/engine/jobs/job-checkpoint-status.ts';
import { commandsFor } from '../command-line/operator.ts';
import { dropMark, restoreMark, UnfinishedRestore } from '../../src/adapters/postgres/unfinished-restore.ts';
import { rowsOf } from '../../src/adapters/postgres/rows-of.ts';
import { assembled, statement, write } from '../../src/engine/sql/statement.ts';
import type { Columns } from '../../src/engine/sql/tables.ts';

export interface Accepted {
  readonly jobs: readonly string[];
  readonly pausedBlasts: readonly string[];
  /** Webhook items of the time that was lost, which the ingester reads again. */
  readonly replayed: number;
  /** The seal that says so; null: nothing is sealed here. Or why it could not be made. */
  readonly seal: number | null | { readonly problem: string };
}

/** A process that holds one of these goes on with the old checkpoint in memory. */
const LEASES = ['sender', 'blast', 'notifier', 'media'];
const PATIENCE_MS = 10_000;
/** Webhook items from shortly before the last event may have made events that are lost. */
const MARGIN_MS = 5 * 60_000;

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

/** How long before the end of the store the events of an item may be that was settled after it. */
const REMEMBERED_MS = 24 * 3_600_000;
const MOST_REMEMBERED = 200_000;

/** Which webhook items have become events, by the request id that their events carry: of the last day on record. */
class Ingested {
  #at = new Map<string, { readonly at: number; readonly said: boolean }>();
  #newest = 0;

  see({ type, metadata }: StoredEvent): void {
    const { requestId, at } = metadata as { requestId?: string; at?: string };
    if (requestId === undefined || at === undefined) return;
    const time = Date.parse(at);
    this.#newest = Math.max(this.#newest, time);
    const said = type === 'MessageReceived' || this.#at.get(requestId)?.said === true;
    this.#at.set(requestId, { at: time, said });
    if (this.#at.size % MOST_REMEMBERED === 0)
      this.#at = new Map([...this.#at].filter((one) => one[1].at >= this.#newest - REMEMBERED_MS));
  }

  /** A message comes after the events that open its ticket: without it the item is not all there. */
  whole(key: string, kind: string): boolean {
    const found = this.#at.get(ids.from('webhook', key));
    return kind === 'message' ? found?.said === true : found !== undefined;
  }
}

interface Seen {
  readonly ingested: Ingested;
  readonly last: StoredEvent | undefined;
  /** Blasts that go on sending as soon as somebody looks. */
  readonly running: ReadonlySet<string>;
}

/** Reads the whole store once. */
async function look(store: EventStore, head: Position): Promise<Seen> {
  const running = new Set<string>();
  const ingested = new Ingested();
  let last: StoredEvent | undefined;
  if (head === START) return { ingested, last, running };
  const ending = new AbortController();
  for await (const batch of store.subscribe({ after: START, signal: ending.signal })) {
    for (const event of batch.events) {
      last = event;
      ingested.see(event);
      const { blastId } = event.data as { blastId?: string };
      if (blastId === undefined) continue;
      if (event.type === 'BlastApproved' || event.type === 'BlastResumed') running.add(blastId);
      if (['BlastPaused', 'BlastCancelled', 'BlastDone'].includes(event.type)) running.delete(blastId);
    }
    if (batch.checkpoint >= head) break;
  }
  ending.abort();
  return { ingested, last, running };
}

/**
 * @param always also when no checkpoint is ahead: this database was restored together with its event store
 * @returns null: every checkpoint fits the store, nothing is to be done
 * @throws Error the program runs
 * @throws UnfinishedRestore the rows or the files of a backup are not all there
 */
export async function accept(config: Config, logger: Logger, always: boolean): Promise<Accepted | null> {
  const stores = await openStores(config, logger, { duringRestore: true });
  try {
    const mark = await restoreMark((one) => stores.postgres.writes.query(one));
    if (mark !== null && mark.phase !== 'copied') throw new UnfinishedRestore(mark);
    const restored = always || mark !== null;
    return await holdLeases(stores.databaseUrl, () => acceptStore(stores, config, logger, restored));
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

async function acceptStore(
  stores: Stores,
  config: Config,
  logger: Logger,
  always: boolean,
): Promise<Accepted | null> {
  const { events: store, postgres } = stores;
  const { writes } = postgres;
  const places = await jobCheckpointStatuses(writes, store);
  if (!always && places.every(({ wrongStore }) => !wrongStore)) return null;
  const [storeId, head] = [await store.storeId(), await store.head()];
  const { ingested, last, running } = await look(store, head);
  const { handler } = await commandsFor(stores, config);
  const blasts = recordBlast({ handler, clock, ids });
  // Recipients that it reached after the backup are not on record: it must not go on by itself.
  for (const blastId of running) await blasts.stop(blastId, 'restored');
  // Before the checkpoints: if this is interrupted, all of it is done again.
  const seal = await sealAccepted(stores, config, logger);
  const erased = await stores.erased.all();
  const at = (last?.metadata as { at?: string } | undefined)?.at;
  const since = new Date(at === undefined ? 0 : Date.parse(at) - MARGIN_MS);
  return writes.transaction(async (on) => {
    for (const { job } of places) {
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
    // Views that have seen the end that was lost stay wrong until they are rebuilt, but no job asks them any more.
    await on.query(
      write(
        null,
        `update ops.projections set store_id = 'lost: ' || store_id where store_id = $1 and position > $2`,
        [storeId, head],
      ),
    );
    // An item whose events are all there is not taken in again: its ticket may be closed by now, and a new one would be
    // opened for it. An item of a customer who was erased would register that customer again.
    const done = await on.query(
      assembled<Columns<'ops.webhook_inbox', { seq: 'seq'; key: 'key'; item: 'item' }>>(
        null,
        `select seq, key, item from ops.webhook_inbox i where state = 'done' and processed_at >= $1 and not exists (
  select from unnest($2::text[], $3::timestamptz[]) e (key, at) where e.key = i.ordering_key and i.received_at <= e.at)`,
        [
          since,
          erased.map(({ orderingKey = null }) => orderingKey),
          erased.map(({ erasedAt = null }) => erasedAt),
        ],
      ),
    );
    const again = done.filter(({ key, item }) => !ingested.whole(key, kindOf(item))).map(({ seq }) => seq);
    await on.query(
      write(
        null,
        `update ops.webhook_inbox set state = 'pending', attempts = 0, waiting_since = null, due_at = now(), processed_at = null
where seq = any($1::bigint[])`,
        [again],
      ),
    );
    await on.query(dropMark());
    return { jobs: places.map(({ job }) => job), pausedBlasts: [...running], replayed: again.length, seal };
  });
}

const kindOf = (item: string): string => z.object({ kind: z.string() }).parse(JSON.parse(item)).kind;

export function printAccepted({ jobs, pausedBlasts, replayed, seal }: Accepted): void {
  console.log(`Jobs that go on with this store: ${jobs.join(', ') || 'none has run yet'}.`);
  console.log('Messages without an outcome at that time stay unknown: none of them is sent by itself.');
  if (pausedBlasts.length > 0)
    console.log(
      `Paused, because it is not known which recipients they reached: blasts ${pausedBlasts.join(', ')}.`,
    );
  if (replayed > 0) console.log(`Webhooks that are taken in again: ${String(replayed)}.`);
  if (typeof seal === 'number') console.log(`Seal ${String(seal)} says that the store was restored.`);
  else if (seal !== null) console.log(`The seals do not say it (docs/audit.md): ${seal.problem}.`);
}
