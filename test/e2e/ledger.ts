/**
 * LEDGER (docs/design/reliability.md#ledger): acknowledged texts are stored once, the store has no gaps, the views
 * follow from it.
 */
import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { systemClock } from '../../src/adapters/clock.ts';
import { createHub } from '../../src/adapters/cluster/pub-sub-hub.ts';
import { audit } from '../../src/adapters/hash-chain/audit.ts';
import { createLeases } from '../../src/adapters/cluster/leases.ts';
import { createPostgres } from '../../src/adapters/postgres/index.ts';
import { counterOf } from '../../src/adapters/postgres-event-store/rows.ts';
import { decode } from '../../src/domain/codec.ts';
import type { EventStore, StoredEvent } from '../../src/ports.ts';
import { createProjectionStatus } from '../../src/engine/projections/projection-status.ts';
import { createRunner } from '../../src/engine/projections/runner.ts';
import { createViews } from '../../src/projections/views.ts';
import { testDatabase } from '../support/stores/postgres.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';

const LOOKS = 5;
const LOOK_AGAIN_MS = 1_000;

export async function allEvents(store: EventStore): Promise<StoredEvent[]> {
  const head = await store.head();
  const events: StoredEvent[] = [];
  const signal = AbortSignal.timeout(120_000);
  for await (const batch of store.subscribe({ after: '', signal })) {
    events.push(...batch.events);
    if (batch.checkpoint >= head) break;
  }
  return events;
}

/**
 * Asserts that every event is chained to the one before it, and none is missing.
 * @param raw the store on Postgres, without decryption
 */
export async function expectChains(raw: EventStore): Promise<void> {
  const report = await audit(raw, { signal: AbortSignal.timeout(60_000), numberOf: counterOf });
  expect(report.broken, 'broken links').to.deep.equal([]);
  expect(report.unhashed, 'events without a hash').to.equal(0);
}

/** Every row of every read table, as text, in an order of its own. */
async function tables(url: string): Promise<Record<string, string[]>> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = 'read' and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
    );
    const dump: Record<string, string[]> = {};
    for (const { name } of rows) {
      const all = await client.query<{ row: string }>(
        `select to_jsonb(t)::text as row from read.${name} t order by 1`,
      );
      // A counter at 0 means the same as no counter.
      dump[name] = all.rows.map(({ row }) => row).filter((row) => !/"n": 0\b/.test(row));
    }
    return dump;
  } finally {
    await client.end();
  }
}

/** The read tables, made from the events alone in a second database. */
async function rebuilt(store: EventStore): Promise<Record<string, string[]>> {
  const database = await testDatabase();
  const logger = silentLogger();
  const postgres = createPostgres({ url: database.url, logger });
  const hub = createHub(logger);
  const pubSub = {
    publish: (topic: string, message: unknown) => {
      hub.deliver({ topic, message });
    },
    subscribe: hub.subscribe,
    close: () => Promise.resolve(),
  };
  const write = postgres.writes;
  const leases = createLeases({ url: database.url, logger });
  const projectionStatus = createProjectionStatus({ store, write, pubSub, clock: systemClock });
  const runner = createRunner({
    ...{ store, write, leases, pubSub, logger, decode },
    clock: systemClock,
    views: createViews(),
  });
  try {
    const head = await store.head();
    runner.start();
    if (!(await projectionStatus.waitFor(head, 180_000)))
      throw new Error('the rebuild did not reach the end of the store');
    return await tables(database.superuserUrl);
  } finally {
    await runner.stop();
    projectionStatus.close();
    await postgres.close();
    await database.drop();
  }
}

export interface Claims {
  /** Texts of messages, replies and notes that were answered with 2xx. */
  readonly acknowledged: Iterable<string>;
  /** Texts whose answer never came, or was 503: in the store once, or not at all. */
  readonly unknown?: Iterable<string>;
  /** Texts that were answered with 4xx. */
  readonly refused?: Iterable<string>;
}

/**
 * Asserts all of it.
 * @param readTables URL of the live read database, as superuser
 */
export async function expectLedger(store: EventStore, readTables: string, claims: Claims): Promise<void> {
  const events = await allEvents(store);

  const revisions = new Map<string, bigint>();
  let position = '';
  for (const event of events) {
    expect(event.revision, `revisions of ${event.stream}`).to.equal(
      (revisions.get(event.stream) ?? -1n) + 1n,
    );
    revisions.set(event.stream, event.revision);
    expect(event.position > position, 'positions increase').to.equal(true);
    position = event.position;
  }

  const times = new Map<string, number>();
  for (const { data } of events) {
    const { content } = data as { content?: unknown };
    if (typeof content === 'string') times.set(content, (times.get(content) ?? 0) + 1);
  }
  const wrong = (texts: Iterable<string>, right: (n: number) => boolean) =>
    [...texts]
      .filter((text) => !right(times.get(text) ?? 0))
      .map((text) => `${text}: ${String(times.get(text) ?? 0)}`);
  expect(
    wrong(claims.acknowledged, (n) => n === 1),
    'acknowledged: exactly once',
  ).to.deep.equal([]);
  expect(
    wrong(claims.unknown ?? [], (n) => n <= 1),
    'unknown: once or not at all',
  ).to.deep.equal([]);
  expect(
    wrong(claims.refused ?? [], (n) => n === 0),
    'refused: not at all',
  ).to.deep.equal([]);

  // A channel may report on a message while we look: a late row comes, a wrong row stays wrong.
  for (let look = 1; ; look += 1) {
    const [live, fresh] = [await tables(readTables), await rebuilt(store)];
    expect(Object.keys(live)).to.deep.equal(Object.keys(fresh));
    const differing = Object.entries(fresh).flatMap(([name, rows]) => {
      const onlyLive = without(live[name] ?? [], rows);
      const onlyRebuilt = without(rows, live[name] ?? []);
      return onlyLive.length + onlyRebuilt.length === 0
        ? []
        : [{ table: `read.${name}`, onlyLive, onlyRebuilt }];
    });
    if (differing.length > 0 && look < LOOKS) {
      await delay(LOOK_AGAIN_MS);
      continue;
    }
    expect(differing, 'the read tables, as the events make them').to.deep.equal([]);
    return;
  }
}

function without(rows: readonly string[], others: readonly string[]): string[] {
  const there = new Set(others);
  return rows.filter((row) => !there.has(row));
}
