import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import pg from 'pg';
import { UnsafeEventStore } from '../../../src/adapters/postgres-event-store/durability.ts';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import type { EventStore } from '../../../src/ports.ts';
import { START, StoreUnavailable, VersionConflict } from '../../../src/ports.ts';
import { eventually } from '../../support/eventually.ts';
import { anEvent, follow } from '../../support/scenarios/events.ts';
import type { TestDatabase } from '../../support/stores/postgres.ts';
import { emptyDatabase, testDatabase } from '../../support/stores/postgres.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import type { TcpProxy } from '../../support/stores/tcp-proxy.ts';
import { tcpProxy } from '../../support/stores/tcp-proxy.ts';

describe('postgres event store under faults', () => {
  let database: TestDatabase;
  let admin: pg.Client;
  const toClose: (() => Promise<unknown>)[] = [];

  beforeEach(async () => {
    database = await testDatabase();
    admin = new pg.Client({ connectionString: database.superuserUrl });
    await admin.connect();
  });
  afterEach(async () => {
    for (const close of toClose.splice(0).reverse()) await close();
    await admin.end();
    await database.drop();
  });

  async function open(
    url = database.url,
    options: Partial<Parameters<typeof createPostgresEventStore>[0]> = {},
  ): Promise<EventStore> {
    const store = await createPostgresEventStore({ connection: url, logger: silentLogger(), ...options });
    toClose.push(() => store.close());
    return store;
  }

  async function throughProxy(): Promise<{ proxy: TcpProxy; url: string }> {
    const url = new URL(database.url);
    const proxy = await tcpProxy({ host: url.hostname, port: Number(url.port) });
    toClose.push(() => proxy.close());
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    return { proxy, url: url.toString() };
  }

  const failureOf = (attempt: Promise<unknown>): Promise<unknown> =>
    attempt.then(
      () => undefined,
      (error: unknown) => error,
    );

  it('loses nothing and doubles nothing when its backends are killed under 16 writers', async function () {
    this.timeout(60_000);
    const stores = [await open(), await open()];
    const follower = follow(stores[0]!, { after: START, batchSize: 50 });
    const acknowledged = new Set<string>();
    const unknown = new Set<string>();
    let running = true;

    const writers = Array.from({ length: 16 }, async (_, writer) => {
      const store = stores[writer % 2]!;
      const stream = `ledger-${String(writer)}`;
      let revision: bigint | 'none' = 'none';
      while (running) {
        const event = anEvent({ writer });
        try {
          ({ revision } = await store.append(stream, [event], { expected: revision }));
          acknowledged.add(event.id);
        } catch (error) {
          expect(error).to.be.instanceOf(StoreUnavailable);
          unknown.add(event.id);
          const last = (await store.read(stream, { direction: 'backwards', limit: 1 })).at(0);
          revision = last?.revision ?? 'none';
        }
      }
    });
    for (let kill = 0; kill < 8; kill += 1) {
      const before = acknowledged.size;
      await eventually('some more appends', () => acknowledged.size > before + 50);
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid()`,
      );
    }
    running = false;
    await Promise.all(writers);

    const { rows } = await admin.query<{
      position: string;
      stream: string;
      revision: string;
      event_id: string;
    }>('select position, stream, revision, event_id from es.events order by position');
    const stored = rows.map((row) => row.event_id);
    expect(new Set(stored).size, 'nothing twice').to.equal(stored.length);
    for (const id of acknowledged) expect(stored, 'nothing lost').to.include(id);
    for (const id of stored)
      expect(acknowledged.has(id) || unknown.has(id), 'nothing invented').to.equal(true);
    expect(rows.map((row) => Number(row.position))).to.deep.equal(rows.map((_, index) => index + 1));
    const next = new Map<string, number>();
    for (const row of rows) {
      expect(Number(row.revision)).to.equal(next.get(row.stream) ?? 0);
      next.set(row.stream, Number(row.revision) + 1);
    }
    await eventually('the follower has all', () => follower.events.length >= rows.length);
    expect(follower.events.map((event) => event.id)).to.deep.equal(stored);
    await follower.stop();
  });

  it('answers once the reply of a commit was lost: the same append again is a repetition', async () => {
    const { proxy, url } = await throughProxy();
    const store = await open(url);
    await store.append('lost', [anEvent()], { expected: 'none' });
    const one = anEvent();
    const any = anEvent();
    proxy.loseReplies(true);
    const appended = Promise.all([
      store.append('lost', [one], { expected: 0n }),
      store.append('lost-any', [any], { expected: 'any' }),
    ]);
    await eventually('both are committed', async () => {
      const { rows } = await admin.query('select 1 from es.events where event_id = any ($1)', [
        [one.id, any.id],
      ]);
      return rows.length === 2;
    });
    proxy.loseReplies(false);
    proxy.cut();
    const [first, second] = await appended;
    expect([first.revision, second.revision]).to.deep.equal([1n, 0n]);
    expect((await admin.query('select 1 from es.events')).rows).to.have.length(3);
  });

  it('ends every call in time when the server is a black hole, and goes on when it is back', async () => {
    const { proxy, url } = await throughProxy();
    const store = await open(url, { appendBudgetMs: 600, readTimeoutMs: 600 });
    const follower = follow(store, { after: START });
    await store.append('hole', [anEvent()], { expected: 'none' });
    await store.read('hole');
    proxy.blackHole(true);
    const begun = performance.now();
    const failures = await Promise.all([
      failureOf(store.append('hole', [anEvent()], { expected: 0n })),
      failureOf(store.read('hole')),
      failureOf(store.head()),
    ]);
    for (const failure of failures) expect(failure).to.be.instanceOf(StoreUnavailable);
    expect(performance.now() - begun).to.be.below(4_000);
    proxy.blackHole(false);
    proxy.cut();
    await eventually('appends work again', () =>
      store.append('healed', [anEvent()], { expected: 'any' }).catch((error: unknown) => {
        if (!(error instanceof StoreUnavailable)) throw error;
      }),
    );
    await eventually('the follower goes on', () =>
      follower.events.some((event) => event.stream === 'healed'),
    );
    await follower.stop();
  });

  it('does not wait for a blocked commit lock longer than its budget', async () => {
    const store = await open(database.url, { appendBudgetMs: 500 });
    await admin.query('begin');
    await admin.query('select 1 from es.store for update');
    const event = anEvent();
    const begun = performance.now();
    expect(await failureOf(store.append('blocked', [event], { expected: 'none' }))).to.be.instanceOf(
      StoreUnavailable,
    );
    expect(performance.now() - begun).to.be.below(1_500);
    await admin.query('rollback');
    await store.append('blocked', [event], { expected: 'none' });
    expect(await store.read('blocked')).to.have.length(1);
  });

  it('lets the neighbours of a refused append through', async () => {
    const store = await open();
    const known = [anEvent(), anEvent()];
    const first = await store.append('known', known, { expected: 'none' });
    const results = await Promise.allSettled([
      ...Array.from({ length: 5 }, () =>
        store.append(`good-${randomUUID()}`, [anEvent()], { expected: 'none' }),
      ),
      store.append('known', known, { expected: 'any' }), // repeated without saying so
      store.append('known', [known[0]!, anEvent()], { expected: 'any' }), // half known
    ]);
    expect(results.slice(0, 5).every((result) => result.status === 'fulfilled')).to.equal(true);
    const [repeated, half] = results.slice(5);
    expect(repeated).to.deep.equal({ status: 'fulfilled', value: { ...first, written: false } });
    expect(half?.status === 'rejected' && half.reason).to.be.instanceOf(VersionConflict);
    const { rows } = await admin.query<{ gapless: boolean }>(
      'select max(position) = count(*) and max(position) = (select head from es.store) as gapless from es.events',
    );
    expect(rows[0]?.gapless).to.equal(true);
  });

  for (const [setting, value] of [
    ['synchronous_commit', 'off'],
    ['default_transaction_isolation', "'repeatable read'"],
  ]) {
    it(`refuses to start where ${String(setting)} is ${String(value)}`, async () => {
      const name = new URL(database.url).pathname.slice(1);
      await admin.query(`alter database ${name} set ${String(setting)} = ${String(value)}`);
      const error = await failureOf(open());
      expect(error).to.be.instanceOf(UnsafeEventStore);
      expect((error as Error).message).to.include(setting);
    });
  }

  it('closes in time although the server does not answer any more', async () => {
    const { proxy, url } = await throughProxy();
    const store = await createPostgresEventStore({ connection: url, logger: silentLogger() });
    const follower = follow(store, { after: START });
    await eventually('the follower is there', () => follower.batches.length > 0);
    proxy.blackHole(true);
    const begun = performance.now();
    await store.close();
    expect(performance.now() - begun).to.be.below(3_000);
    await follower.stop();
  });

  it('refuses a database that is not migrated, and tells one that is not there apart', async () => {
    const empty = await emptyDatabase();
    toClose.push(() => empty.drop());
    expect(await failureOf(open(empty.url))).to.be.instanceOf(UnsafeEventStore);
    expect(await failureOf(open('postgres://saga@127.0.0.1:1/saga'))).to.be.instanceOf(StoreUnavailable);
  });

  it('keeps history as it is, whoever asks', async () => {
    const store = await open();
    await store.append('history', [anEvent()], { expected: 'none' });
    for (const change of [
      'update es.events set type = type',
      'delete from es.events',
      'truncate es.events',
    ]) {
      expect(String(await failureOf(admin.query(change)))).to.include('append-only');
    }
  });

  it('never logs what an event holds', async () => {
    const logger = silentLogger();
    const store = await open(database.url, { logger, appendBudgetMs: 200 });
    await admin.query('begin');
    await admin.query('select 1 from es.store for update');
    await failureOf(store.append('private', [anEvent({ phone: '+628123456789' })], { expected: 'none' }));
    await admin.query('rollback');
    expect(logger.lines).not.to.deep.equal([]);
    expect(JSON.stringify(logger.lines)).not.to.include('628123456789');
  });
});
