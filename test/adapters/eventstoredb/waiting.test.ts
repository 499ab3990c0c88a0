/** How long callers wait, and how quiet a quiet store is (docs/design/reliability.md#callers-wait-five-seconds). */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { createEventStoreDb, type EventStoreDbOptions } from '../../../src/adapters/eventstoredb/index.ts';
import { withPatience } from '../../../src/engine/jobs/patience.ts';
import { type EventStore, StoreUnavailable } from '../../../src/ports.ts';
import { type EsdbCluster, startEsdbCluster } from '../../support/esdb-server/cluster.ts';
import { type EsdbServer, startEsdbServer } from '../../support/esdb-server/index.ts';
import { rawEvent } from '../../support/esdb-server/log.ts';
import { type PlainServer, plainServers } from '../../support/real-eventstoredb/servers.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { anEvent, follow } from '../../support/scenarios/events.ts';

const failureOf = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => undefined,
    (error: unknown) => error,
  );

for (const { name, start } of plainServers()) {
  describe(`a quiet EventStoreDB: ${name}`, function () {
    this.timeout(90_000);
    let server: PlainServer;
    let store: EventStore;
    const logger = silentLogger();

    before(async () => {
      server = await start();
      store = createEventStoreDb({ connectionString: server.url, logger, watchdogMs: 200 });
    });
    after(async () => {
      await store.close();
      await server.stop();
    });

    it('a filtered subscription that has had everything is no lost one, however many events of others follow', async () => {
      const ours = follow(store, { after: '', prefixes: ['ticket-'] });
      await store.append('ticket-1', [anEvent()], { expected: 'none' });
      await eventually('the event', () => ours.events.length === 1);
      // Fewer than between two checkpoints.
      const others = Array.from({ length: 20 }, () => anEvent());
      const { position } = await store.append('customer-1', others, { expected: 'none' });
      await eventually(
        'its checkpoint is at the end, although the server says nothing',
        () => ours.checkpoint() >= position,
      );
      await delay(1_500);
      expect(logger.lines.filter(({ message }) => message.includes('lost'))).to.deep.equal([]);
      await store.append('ticket-1', [anEvent()], { expected: 0n });
      await eventually('the next event', () => ours.events.length === 2);
      await ours.stop();
    });

    it('a place with prepare 0 has the event of that commit behind it', async () => {
      const events = [anEvent(), anEvent(), anEvent()];
      await store.append('ticket-places', events, { expected: 'none' });
      const [, second] = await store.read('ticket-places');
      const place = `${second?.position.split('-')[0] ?? ''}-${'0'.repeat(20)}`;
      const rest = follow(store, { after: place, prefixes: ['ticket-places'] });
      await eventually('the rest', () => rest.batches.some(({ caughtUp }) => caughtUp));
      await rest.stop();
      expect(rest.events.map(({ id }) => id)).to.deep.equal([events[2]?.id]);
    });

    it('eighteen who ask for the end at once get it', async () => {
      const { position } = await store.append('ticket-2', [anEvent()], { expected: 'none' });
      const heads = await Promise.all(Array.from({ length: 18 }, () => store.head()));
      expect([...new Set(heads)]).to.deep.equal([position]);
    });

    it('who asks after an append gets an end that is no older', async () => {
      for (let n = 0; n < 20; n += 1) {
        const running = store.head();
        const { position } = await store.append(`ticket-head-${String(n)}`, [anEvent()], {
          expected: 'none',
        });
        expect((await store.head()) >= position).to.equal(true);
        await running;
      }
    });

    it('closing in the middle of everything says nothing that would worry anybody', async () => {
      const quiet = silentLogger();
      const closing = createEventStoreDb({ connectionString: server.url, logger: quiet, watchdogMs: 100 });
      const followers = ['ticket-', 'customer-', 'user-', 'staff-'].map((prefix) =>
        follow(closing, { after: '', prefixes: [prefix] }),
      );
      await eventually('it has begun', () => followers[0]?.events.length !== 0);
      const reads = Array.from({ length: 20 }, (_, n) =>
        failureOf(n % 2 === 0 ? closing.head() : closing.read('ticket-1')),
      );
      await closing.close();
      await Promise.all([...reads, ...followers.map((one) => one.stop())]);
      expect(quiet.lines.filter(({ level }) => level === 'warn' || level === 'error')).to.deep.equal([]);
    });
  });
}

describe('waiting for EventStoreDB (protocol-level test server)', function () {
  this.timeout(60_000);
  let server: EsdbServer;
  let store: EventStore;
  const open = (options: Partial<EventStoreDbOptions> = {}): EventStore =>
    createEventStoreDb({ connectionString: server.url, logger: silentLogger(), ...options });

  beforeEach(async () => {
    server = await startEsdbServer();
    store = open();
  });
  afterEach(async () => {
    await store.close();
    server.stop();
  });

  it('the steps of one caller together wait as long as the caller does, not each on its own', async () => {
    server.faults.blackHole = true;
    const began = performance.now();
    const failures = await withPatience(async () => {
      const found: unknown[] = [];
      for (let step = 0; step < 3; step += 1) {
        found.push(await failureOf(store.read('ticket-1')));
        found.push(await failureOf(store.append('ticket-1', [anEvent()], { expected: 'none' })));
        found.push(await failureOf(store.head()));
      }
      return found;
    }, 1_000);
    expect(performance.now() - began).to.be.within(900, 2_000);
    for (const failure of failures) expect(failure).to.be.instanceOf(StoreUnavailable);
  });

  it('a store that answers gives the time again: a long read of many pages is not cut', async () => {
    await store.append('ticket-1', [anEvent()], { expected: 'none' });
    await withPatience(async () => {
      for (let page = 0; page < 10; page += 1) {
        expect(await store.read('ticket-1')).to.have.length(1);
        await delay(50);
      }
    }, 300);
  });

  it('what a caller began goes on in the background with the time-outs of its own', async () => {
    server.faults.blackHole = true;
    let later: Promise<unknown> | undefined;
    await withPatience(() => {
      later = delay(200).then(() => store.append('ticket-1', [anEvent()], { expected: 'none' }));
      return Promise.resolve();
    }, 100);
    await delay(400);
    server.faults.blackHole = false;
    await later;
    expect(server.log.stream('ticket-1')).to.have.length(1);
  });

  it('says that it is silent', async () => {
    server.faults.blackHole = true;
    const failure = await failureOf(withPatience(() => store.read('ticket-1'), 500));
    expect((failure as StoreUnavailable).because).to.include('does not answer');
  });

  it('one search for the end serves all who wait for it', async () => {
    server.inject('$stats', ...Array.from({ length: 500 }, () => rawEvent('$statsCollected', '{}')));
    await Promise.all(Array.from({ length: 18 }, () => store.head()));
    // 500 events of the server are eight pages of 64; the second search stops where the first began.
    expect(server.reads.all()).to.be.lessThan(12);
  });

  it('events that a filter does not let through move its checkpoint to the last of them at once', async () => {
    const follower = follow(store, { after: '', prefixes: ['ticket-'] });
    await eventually('it caught up', () => follower.batches.some(({ caughtUp }) => caughtUp));
    const { position } = await store.append(
      'customer-1',
      Array.from({ length: 32 }, () => anEvent()),
      { expected: 'none' },
    );
    await eventually('the checkpoint', () => follower.checkpoint() >= position, 5_000);
    expect(follower.checkpoint()).to.equal(position);
    await follower.stop();
  });

  it('an append that is sent again while the first is under way is written once, and answered', async () => {
    server.faults.slowAppends = { left: 1, ms: 500 };
    const impatient = open({ appendTimeoutMs: 200, appendBudgetMs: 3_000 });
    try {
      const { revision } = await impatient.append('ticket-1', [anEvent()], { expected: 'none' });
      expect(revision).to.equal(0n);
      expect(server.log.stream('ticket-1')).to.have.length(1);
    } finally {
      await impatient.close();
    }
  });
});

describe('a cluster of EventStoreDB (protocol-level test server)', function () {
  this.timeout(60_000);
  let cluster: EsdbCluster;
  let store: EventStore;

  beforeEach(async () => {
    cluster = await startEsdbCluster();
    store = createEventStoreDb({ connectionString: cluster.url, logger: silentLogger() });
  });
  afterEach(async () => {
    await store.close();
    cluster.stop();
  });

  it('follows the leader: a follower refuses, and names it', async () => {
    await store.append('ticket-1', [anEvent()], { expected: 'none' });
    const follower = follow(store, { after: '' });
    await eventually('the event', () => follower.events.length === 1);
    for (const [round, leader] of [1, 2, 0].entries()) {
      cluster.elect(leader);
      const began = performance.now();
      await store.append('ticket-1', [anEvent()], { expected: BigInt(round) });
      expect(performance.now() - began).to.be.lessThan(5_000);
      await eventually('the event of this round', () => follower.events.length === round + 2);
    }
    await follower.stop();
    expect(cluster.log.stream('ticket-1')).to.have.length(4);
  });

  it('the leader dies: another one takes the append within the budget', async () => {
    await store.append('ticket-1', [anEvent()], { expected: 'none' });
    cluster.kill(0);
    cluster.elect(null);
    const appending = store.append('ticket-1', [anEvent()], { expected: 0n });
    await delay(500);
    cluster.elect(1);
    await appending;
    expect(cluster.log.stream('ticket-1')).to.have.length(2);
  });

  it('a node that is silent is not waited for by who looks for the leader', async () => {
    cluster.pause(0, true);
    cluster.elect(1);
    const stores = Array.from({ length: 12 }, () =>
      createEventStoreDb({ connectionString: cluster.url, logger: silentLogger() }),
    );
    try {
      const times = await Promise.all(
        stores.map(async (one, n) => {
          const began = performance.now();
          await one.append(`ticket-${String(n)}`, [anEvent()], { expected: 'none' });
          return performance.now() - began;
        }),
      );
      expect(Math.max(...times)).to.be.lessThan(4_500);
    } finally {
      await Promise.all(stores.map((one) => one.close()));
    }
  });

  it('a subscription that found no leader ends when it is told to', async () => {
    cluster.pause(0, true);
    cluster.elect(null);
    const followers = Array.from({ length: 6 }, () => follow(store, { after: '' }));
    await delay(1_000);
    const began = performance.now();
    await Promise.all(followers.map((one) => one.stop()));
    expect(performance.now() - began).to.be.lessThan(3_000);
    cluster.pause(0, false);
  });

  it('without a leader a caller hears so, in less than five seconds', async () => {
    await store.append('ticket-1', [anEvent()], { expected: 'none' });
    cluster.elect(null);
    const began = performance.now();
    const failure = await failureOf(
      withPatience(async () => {
        await failureOf(store.read('ticket-1'));
        await store.append('ticket-1', [anEvent()], { expected: 0n });
      }),
    );
    expect(performance.now() - began).to.be.lessThan(5_000);
    expect((failure as StoreUnavailable).because).to.include('no leader');
  });
});
