import { status } from '@grpc/grpc-js';
import { expect } from 'chai';
import type { EventStoreDbOptions } from '../../../src/adapters/eventstoredb/index.ts';
import { createEventStoreDb } from '../../../src/adapters/eventstoredb/index.ts';
import type { EventStore } from '../../../src/ports.ts';
import { EventTooLarge, START, StoreUnavailable } from '../../../src/ports.ts';
import type { EsdbServer } from '../../support/esdb-server/index.ts';
import { startEsdbServer } from '../../support/esdb-server/index.ts';
import { rawEvent } from '../../support/esdb-server/log.ts';
import { eventually } from '../../support/eventually.ts';
import type { Follower } from '../../support/scenarios/events.ts';
import { anEvent, follow } from '../../support/scenarios/events.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

describe('EventStoreDB event store under faults (protocol-level test server)', () => {
  let server: EsdbServer;
  let store: EventStore;
  let followers: Follower[];

  const open = (options: Partial<EventStoreDbOptions> = {}): EventStore =>
    createEventStoreDb({
      connectionString: server.url,
      logger: silentLogger(),
      appendTimeoutMs: 200,
      appendBudgetMs: 800,
      readTimeoutMs: 600,
      watchdogMs: 300,
      ...options,
    });

  beforeEach(async () => {
    server = await startEsdbServer();
    store = open();
    followers = [];
  });
  afterEach(async () => {
    await Promise.all(followers.map((follower) => follower.stop()));
    await store.close();
    server.stop();
    for (const follower of followers) expect(follower.failure).to.equal(undefined);
    expect(server.batchAppends(), 'BatchAppend must not be used').to.equal(0);
  });

  const failureOf = (attempt: Promise<unknown>): Promise<unknown> =>
    attempt.then(
      () => undefined,
      (error: unknown) => error,
    );

  function watch(): Follower {
    const follower = follow(store, { after: START });
    followers.push(follower);
    return follower;
  }

  /** No event twice, none missing, in the order of the log. */
  function expectLedger(follower: Follower): void {
    expect(follower.events.map((event) => event.id)).to.deep.equal(
      server.log.events.map((event) => event.id),
    );
  }

  for (const as of ['unavailable', 'silence'] as const) {
    it(`writes once when the reply of a stored append is lost (${as})`, async () => {
      server.faults.loseReplies = { left: 2, as };
      const { revision } = await store.append('lost', [anEvent(), anEvent()], { expected: 'none' });
      expect(revision).to.equal(1n);
      expect(server.log.stream('lost')).to.have.length(2);
    });
  }

  for (const code of [
    'CANCELLED',
    'UNKNOWN',
    'DEADLINE_EXCEEDED',
    'ABORTED',
    'INTERNAL',
    'UNAVAILABLE',
  ] as const) {
    it(`tries again after ${code}`, async () => {
      server.faults.refuseAppends = { left: 2, code: status[code] };
      await store.append('again', [anEvent()], { expected: 'none' });
      expect(server.log.stream('again')).to.have.length(1);
    });
  }

  it('does not try again what is refused for good', async () => {
    server.faults.refuseAppends = { left: 1, code: status.PERMISSION_DENIED };
    expect(await failureOf(store.append('denied', [anEvent()], { expected: 'none' }))).to.be.instanceOf(
      Error,
    );
    expect(server.log.events).to.deep.equal([]);
  });

  it("names the server's own size limit", async () => {
    server.faults.maxAppendBytes = 1_000;
    const attempt = store.append('large', [anEvent('x'.repeat(2_000))], { expected: 'none' });
    expect(await failureOf(attempt)).to.be.instanceOf(EventTooLarge);
  });

  it('replaces the client once when all subscriptions are lost together', async () => {
    const logger = silentLogger();
    const many = open({ logger });
    try {
      const all = Array.from({ length: 12 }, () => follow(many, { after: START }));
      await many.append('ticket-1', [anEvent()], { expected: 'none' });
      await eventually('all of them follow', () => all.every(({ events }) => events.length === 1));
      server.endSubscriptions('slow-consumer');
      await many.append('ticket-1', [anEvent()], { expected: 0n });
      await eventually('all of them go on', () => all.every(({ events }) => events.length === 2));
      expect(
        logger.lines.filter(({ message }) => message === 'event store client is replaced').length,
      ).to.be.at.most(1);
      await Promise.all(all.map((one) => one.stop()));
    } finally {
      await many.close();
    }
  });

  it('ends every call in time when nobody listens, and needs no restart later', async () => {
    server.kill();
    const begun = performance.now();
    const failures = await Promise.all([
      failureOf(store.append('refused', [anEvent()], { expected: 'none' })),
      failureOf(store.read('refused')),
      failureOf(store.head()),
      failureOf(store.storeId()),
    ]);
    for (const failure of failures) expect(failure).to.be.instanceOf(StoreUnavailable);
    expect(performance.now() - begun).to.be.below(3_000);
    await server.restart();
    await eventually('appends work', () =>
      store.append('refused', [anEvent()], { expected: 'any' }).catch(() => undefined),
    );
  });

  it('ends every call in time when the server never answers', async () => {
    server.faults.blackHole = true;
    const begun = performance.now();
    const failures = await Promise.all([
      failureOf(store.append('hole', [anEvent()], { expected: 'none' })),
      failureOf(store.read('hole')),
      failureOf(store.head()),
    ]);
    for (const failure of failures) expect(failure).to.be.instanceOf(StoreUnavailable);
    expect(performance.now() - begun).to.be.below(3_000);
    server.faults.blackHole = false;
    await store.append('hole', [anEvent()], { expected: 'any' });
  });

  it('does not depend on the features call', async () => {
    server.faults.featuresFail = true;
    const follower = watch();
    await store.append('features', [anEvent()], { expected: 'none' });
    await eventually('the event', () => follower.events.length === 1);
  });

  it('notices a subscription that fell silent while the store went on', async () => {
    const follower = watch();
    await store.append('before', [anEvent()], { expected: 'none' });
    await eventually('the first event', () => follower.events.length === 1);
    server.faults.blackHole = true;
    server.inject('meanwhile', rawEvent('Unnoticed', '{}'));
    server.faults.blackHole = false;
    await eventually('the event of the meantime', () => follower.events.length === 2);
    expectLedger(follower);
  });

  for (const how of ['ok', 'slow-consumer'] as const) {
    it(`subscribes again when the server ends the call (${how})`, async () => {
      const follower = watch();
      for (let round = 1; round <= 3; round += 1) {
        await store.append('rounds', [anEvent()], { expected: 'any' });
        await eventually('the event of this round', () => follower.events.length === round);
        server.endSubscriptions(how);
      }
      await store.append('rounds', [anEvent()], { expected: 'any' });
      await eventually('the last event', () => follower.events.length === 4);
      expectLedger(follower);
    });
  }

  it('loses nothing and doubles nothing on a server that comes and goes', async function () {
    this.timeout(30_000);
    const follower = watch();
    const acknowledged = new Set<string>();
    const unknown = new Set<string>();
    let running = true;
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      const stream = `flap-${String(writer)}`;
      let revision: bigint | 'none' = 'none';
      while (running) {
        const event = anEvent({ writer });
        try {
          ({ revision } = await store.append(stream, [event], { expected: revision }));
          acknowledged.add(event.id);
        } catch (error) {
          expect(error).to.be.instanceOf(StoreUnavailable);
          unknown.add(event.id);
          const last = server.log.stream(stream).at(-1);
          revision = last ? last.revision : 'none';
        }
      }
    });
    for (let flap = 0; flap < 4; flap += 1) {
      const before = acknowledged.size;
      await eventually('some more appends', () => acknowledged.size > before + 40);
      server.kill();
      await eventually('somebody notices', () => server.subscribers() === 0);
      await server.restart();
    }
    running = false;
    await Promise.all(writers);
    const stored = server.log.events.map((event) => event.id);
    expect(new Set(stored).size).to.equal(stored.length);
    for (const id of acknowledged) expect(stored).to.include(id);
    for (const id of stored) expect(acknowledged.has(id) || unknown.has(id)).to.equal(true);
    await eventually('the follower has all', () => follower.events.length >= stored.length, 15_000);
    expectLedger(follower);
  });

  it("leaves out the server's own events, also from the head", async () => {
    expect(await store.head()).to.equal(START);
    await store.storeId();
    expect(await store.head(), 'the stream of the store id does not count').to.equal(START);
    const { position } = await store.append('ours', [anEvent()], { expected: 'none' });
    server.inject(
      '$stats-127.0.0.1:2113',
      ...Array.from({ length: 200 }, () => rawEvent('$statsCollected', '{}')),
    );
    expect(await store.head()).to.equal(position);
    server.inject('$stats-127.0.0.1:2113', rawEvent('$statsCollected', '{}'));
    expect(await store.head()).to.equal(position);
    const follower = watch();
    await eventually('caught up', () => follower.batches.some((batch) => batch.caughtUp));
    expect(follower.events.map((event) => event.stream)).to.deep.equal(['ours']);
    expect(follower.checkpoint() >= position).to.equal(true);
  });

  it('keeps one store id whoever asks first', async () => {
    const others = Array.from({ length: 5 }, () => open());
    const ids = await Promise.all([store, ...others].map((each) => each.storeId()));
    expect(new Set(ids).size).to.equal(1);
    await Promise.all(others.map((each) => each.close()));
  });
});
