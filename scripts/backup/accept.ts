/**
 * Accepts an event store that was restored from a backup on purpose. Jobs and views keep a checkpoint, and after the
 * restore that checkpoint may name an event that no longer exists (docs/design/reliability.md#restored-stores, F16).
 * No message is sent twice because of this: messages that were open at that time stay unknown, running blasts wait
 * for a person.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { systemClock as clock, uuids as ids } from '../../src/adapters/clock.ts';
import { recordBlast } from '../../src/commands/blasts/record-blast.ts';
import type { Config } from '../../src/config.ts';
import { openStores, type Stores } from '../../src/main/wiring/stores.ts';
import { type EventStore, type Logger, type Position, START, type StoredEvent } from '../../src/ports.ts';
import { jobCheckpointStatuses } from '../../src/engine/jobs/job-checkpoint-status.ts';
import { commandsFor } from '../command-line/operator.ts';
import { queryOn } from '../command-line/connection-query.ts';
import { assembled, statement, write } from '../../src/engine/sql/statement.ts';
import type { Columns } from '../../src/engine/sql/tables.ts';

export interface Accepted {
  readonly jobs: readonly string[];
  readonly pausedBlasts: readonly string[];
  /** Webhook items of the time that was lost, which the ingester reads again. */
  readonly replayed: number;
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
async function holdLeases<T>(databaseUrl: string, work: () => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'saga store:accept' });
  await client.connect();
  try {
    for (const name of LEASES) {
      const until = performance.now() + PATIENCE_MS;
      for (;;) {
        const [lock] = await queryOn(client, tryLock(name));
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

interface Seen {
  readonly last: StoredEvent | undefined;
  /** Blasts that go on sending as soon as somebody looks. */
  readonly running: ReadonlySet<string>;
}

/** Reads the whole store once. */
async function look(store: EventStore, head: Position): Promise<Seen> {
  const running = new Set<string>();
  let last: StoredEvent | undefined;
  if (head === START) return { last, running };
  const ending = new AbortController();
  for await (const batch of store.subscribe({ after: START, signal: ending.signal })) {
    for (const event of batch.events) {
      last = event;
      const { blastId } = event.data as { blastId?: string };
      if (blastId === undefined) continue;
      if (event.type === 'BlastApproved' || event.type === 'BlastResumed') running.add(blastId);
      if (['BlastPaused', 'BlastCancelled', 'BlastDone'].includes(event.type)) running.delete(blastId);
    }
    if (batch.checkpoint >= head) break;
  }
  ending.abort();
  return { last, running };
}

/**
 * @param always also when no checkpoint is ahead: this database was restored together with its event store
 * @returns null: every checkpoint fits the store, nothing is to be done
 * @throws Error the program runs
 */
export async function accept(config: Config, logger: Logger, always: boolean): Promise<Accepted | null> {
  const stores = await openStores(config, logger);
  try {
    return await holdLeases(stores.databaseUrl, () => acceptStore(stores, config, always));
  } finally {
    await stores.close();
  }
}

async function acceptStore(stores: Stores, config: Config, always: boolean): Promise<Accepted | null> {
  const { events: store, postgres } = stores;
  const { writes } = postgres;
  const places = await jobCheckpointStatuses(writes, store);
  if (!always && places.every(({ wrongStore }) => !wrongStore)) return null;
  const [storeId, head] = [await store.storeId(), await store.head()];
  const { last, running } = await look(store, head);
  const { handler } = await commandsFor(stores, config);
  const blasts = recordBlast({ handler, clock, ids });
  // Recipients that it reached after the backup are not on record: it must not go on by itself.
  for (const blastId of running) await blasts.stop(blastId, 'restored');
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
    // An item that was received before makes no second event (commands/inbound), so a few too many do no harm. An item of
    // a customer who was erased would register that customer again.
    const again = await on.query(
      assembled<Columns<'ops.webhook_inbox', { seq: 'seq' }>>(
        null,
        `update ops.webhook_inbox i set state = 'pending', attempts = 0, waiting_since = null, due_at = now(), processed_at = null
where state = 'done' and processed_at >= $1 and not exists (
  select from unnest($2::text[], $3::timestamptz[]) e (key, at) where e.key = i.ordering_key and i.received_at <= e.at)
returning seq`,
        [
          since,
          erased.map(({ orderingKey = null }) => orderingKey),
          erased.map(({ erasedAt = null }) => erasedAt),
        ],
      ),
    );
    return { jobs: places.map(({ job }) => job), pausedBlasts: [...running], replayed: again.length };
  });
}

export function printAccepted({ jobs, pausedBlasts, replayed }: Accepted): void {
  console.log(`Jobs that go on with this store: ${jobs.join(', ') || 'none has run yet'}.`);
  console.log('Messages without an outcome at that time stay unknown: none of them is sent by itself.');
  if (pausedBlasts.length > 0)
    console.log(
      `Paused, because it is not known which recipients they reached: blasts ${pausedBlasts.join(', ')}.`,
    );
  if (replayed > 0) console.log(`Webhooks that are taken in again: ${String(replayed)}.`);
}
