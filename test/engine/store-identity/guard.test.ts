import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import { noteAnchor, pruneAnchors, readAnchors } from '../../../src/engine/store-identity/anchors.ts';
import { endChange, openChange, recordChange } from '../../../src/engine/store-identity/changed-store.ts';
import { createStoreGuard, type StoreGuard } from '../../../src/engine/store-identity/guard.ts';
import { createGuardedLeases, createGuardedStore } from '../../../src/engine/store-identity/guarded-store.ts';
import { type EventStore, type PubSub, StoreChanged, StoreUnavailable } from '../../../src/ports.ts';
import { rawEvent } from '../../support/esdb-server/log.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { rejection } from '../../support/rejection.ts';
import { anEvent, follow } from '../../support/scenarios/events.ts';
import { testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';
import {
  type SwappableStore,
  swappableEventStoreDb,
  swappablePostgres,
} from '../../support/stores/swappable-stores.ts';
import { unchecked } from '../../support/stores/unchecked.ts';

/** A process: its guard, and the store as everything in it uses it. */
interface Process {
  readonly guard: StoreGuard;
  readonly store: EventStore;
  readonly log: ReturnType<typeof silentLogger>;
  readonly told: string[];
  stop(): Promise<void>;
}

const noMessages: Pick<PubSub, 'publish' | 'subscribe'> = {
  publish: () => undefined,
  subscribe: () => () => undefined,
};

for (const [name, begin] of [
  ['Postgres', swappablePostgres],
  ['EventStoreDB', swappableEventStoreDb],
] as const)
  describe(`the right store or none: ${name}`, function () {
    this.timeout(60_000);
    let tables: TestDatabase;
    let postgres: Postgres;
    let its: SwappableStore;
    const processes: Process[] = [];

    beforeEach(async () => {
      tables = await testDatabase();
      postgres = createPostgres({ url: tables.url, logger: silentLogger(), poolSize: 4 });
      its = await begin();
    });
    afterEach(async () => {
      for (const process of processes.splice(0)) await process.stop();
      await its.close();
      await postgres.close();
      await tables.drop();
    });

    async function process(everyMs = 60_000, pubSub = noMessages): Promise<Process> {
      const log = silentLogger();
      const guard = createStoreGuard({ database: postgres.writes, logger: log, everyMs, patienceMs: 2_000 });
      const raw = await its.open(guard.verify);
      const told: string[] = [];
      guard.connect({
        pubSub,
        changed: (id) => {
          told.push(id);
          return Promise.resolve();
        },
      });
      guard.start(raw);
      let isOver = false;
      const made: Process = {
        guard,
        log,
        told,
        store: createGuardedStore(raw, guard),
        stop: async () => {
          if (isOver) return;
          isOver = true;
          await guard.close();
          await raw.close();
        },
      };
      processes.push(made);
      return made;
    }

    const append = (store: EventStore, count = 1) =>
      store.append(
        `ticket-${randomUUID()}`,
        Array.from({ length: count }, () => anEvent()),
        {
          expected: 'none',
        },
      );
    const changeOnRecord = () => openChange(postgres.writes);
    const lastAnchor = async () => (await readAnchors(postgres.writes, 1))[0];

    /** Events that a reader has taken, so that the newest is on record; and the reader. */
    async function history(of: Process, count = 5) {
      await of.store.storeId();
      const reader = follow(of.store, { after: '' });
      for (let n = 0; n < count; n += 1) await append(of.store);
      await isAnchored(of);
      return reader;
    }
    const isAnchored = async (of: Process) => {
      const head = await of.store.head();
      await eventually('the newest event is an anchor', async () => (await lastAnchor())?.position === head);
    };

    it('notices an older copy under a running process: nothing is written, all stands still, and the right one is good again', async () => {
      const running = await process();
      const reader = await history(running);
      const older = await its.copy();
      for (let n = 0; n < 5; n += 1) await append(running.store);
      await isAnchored(running);
      const right = await its.copy();
      const before = await its.eventIds();
      await older('broken');

      const refusals = await Promise.all(Array.from({ length: 5 }, () => rejection(append(running.store))));
      for (const refusal of refusals) expect(refusal).to.be.instanceOf(StoreUnavailable);
      await eventually('it is known', () => running.guard.problem());
      expect(await rejection(append(running.store))).to.be.instanceOf(StoreChanged);
      expect(await rejection(running.store.read('ticket-any'))).to.be.instanceOf(StoreChanged);
      expect(await its.eventIds()).to.deep.equal(before.slice(0, 5));
      const change = await changeOnRecord();
      expect(change?.expected).to.include(before[9]);
      expect(change?.found).to.include('older copy');
      await eventually('the reader was sent away', () => reader.failure);
      expect(reader.failure).to.be.instanceOf(StoreChanged);

      await right('broken');
      await eventually('it is let in again', () => running.guard.problem() === null, 20_000);
      await append(running.store);
      expect(await changeOnRecord()).to.equal(null);
      expect(running.told).to.deep.equal([change?.id]);
      expect((await its.eventIds()).slice(0, 10)).to.deep.equal(before);
    });

    it('keeps to it in every process and after a restart, also when the older copy has grown past what was known', async () => {
      const running = await process();
      await history(running);
      const older = await its.copy();
      for (let n = 0; n < 3; n += 1) await append(running.store);
      await isAnchored(running);
      await running.stop();
      await older('broken');
      // Something that knows no guard: another program, or a version before this one.
      const foreign = await its.open();
      for (let n = 0; n < 20; n += 1) await append(foreign);
      await foreign.close();

      const again = await process();
      expect(await rejection(append(again.store))).to.be.instanceOf(StoreChanged);
      const other = await process();
      expect(await rejection(append(other.store))).to.be.instanceOf(StoreChanged);
      expect([...again.told, ...other.told], 'one of them tells').to.have.length(1);
      expect(await its.eventIds()).to.have.length(5 + 20);
    });

    it('writes nothing into an empty store, not even its id', async () => {
      const running = await process();
      await history(running);
      await its.empty('broken');
      const refusals = await Promise.all([
        rejection(append(running.store)),
        rejection(append(running.store, 3)),
      ]);
      for (const refusal of refusals) expect(refusal).to.be.instanceOf(StoreUnavailable);
      await eventually('it is known', () => running.guard.problem());
      expect(await its.eventIds()).to.deep.equal([]);
      const again = await process();
      expect(await rejection(append(again.store))).to.be.instanceOf(StoreChanged);
      await again.store.storeId();
      expect(await its.eventIds()).to.deep.equal([]);
      if ('server' in its)
        expect((its as Awaited<ReturnType<typeof swappableEventStoreDb>>).server.log.events).to.have.length(
          0,
        );
    });

    it('finds an exchange under open connections: at the next look', async () => {
      const running = await process(200);
      await history(running);
      const older = await its.copy();
      await append(running.store, 3);
      await isAnchored(running);
      await older('open');
      await eventually('it is known', () => running.guard.problem());
      expect(await rejection(append(running.store))).to.be.instanceOf(StoreChanged);
    });

    it('keeps the anchor that tells it, when the exchanged store goes on before anybody looks', async () => {
      const running = await process();
      await history(running);
      const older = await its.copy();
      await append(running.store, 3);
      await isAnchored(running);
      const anchor = await lastAnchor();
      await older('open');
      await append(running.store, 8);
      await eventually('it is known', () => running.guard.problem());
      expect((await lastAnchor())?.eventId).to.equal(anchor?.eventId);
    });

    it('does not take a restore for right, whatever it looks like, until it is accepted', async () => {
      const running = await process();
      await history(running);
      await running.stop();
      await recordChange(postgres.writes, { expected: 'it', found: 'a restore', mustAccept: true });
      const again = await process();
      expect(await rejection(append(again.store))).to.be.instanceOf(StoreChanged);
      expect((await changeOnRecord())?.found).to.equal('a restore');
      expect(again.told, 'the restore is told by who does it').to.deep.equal([]);
      await endChange(postgres.writes, 'accepted');
      expect(await rejection(append(again.store)), 'what it knows is from before').to.be.instanceOf(
        StoreChanged,
      );
      const fresh = await process();
      await append(fresh.store);
    });

    it('lets a process that knew the store before an accept do nothing any more', async () => {
      const running = await process(100);
      await history(running);
      await recordChange(postgres.writes, { expected: 'it', found: 'another', mustAccept: true });
      await endChange(postgres.writes, 'accepted');
      // A look between the two sees the change first, and the accept at the next one.
      await eventually('it asks for a restart', () =>
        running.guard.problem()?.message.includes('start this process again'),
      );
    });

    it('lets as many callers wait as there are, without a word of a leak', async () => {
      const warned: string[] = [];
      const listen = ({ name: what }: Error): void => void warned.push(what);
      globalThis.process.on('warning', listen);
      try {
        const guard = createStoreGuard({
          database: postgres.writes,
          logger: silentLogger(),
          patienceMs: 200,
        });
        const refusals = Array.from({ length: 30 }, () => rejection(guard.pass(true)));
        for (const refusal of await Promise.all(refusals)) expect(refusal).to.be.instanceOf(StoreUnavailable);
        await guard.close();
        expect(warned).to.deep.equal([]);
      } finally {
        globalThis.process.off('warning', listen);
      }
    });

    it('holds leases only while the store is right', async () => {
      const running = await process();
      await history(running);
      const right = await its.copy();
      const held: string[] = [];
      const stopping = new AbortController();
      const leases = createGuardedLeases(
        {
          hold: async (_name, signal, work) => {
            held.push('held');
            await work({ epoch: 1n, signal });
          },
        },
        running.guard,
      );
      const holding = leases.hold('of a test', stopping.signal, ({ signal }) => {
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            held.push('given back');
            resolve();
          });
        });
      });
      await eventually('it is held', () => held.length === 1);
      await its.empty('broken');
      await eventually('it is given back', () => held.length === 2, 20_000);
      await right('broken');
      await eventually('it is held again', () => held.length === 3, 20_000);
      stopping.abort();
      await holding;
      expect(held).to.deep.equal(['held', 'given back', 'held', 'given back']);
    });

    it('keeps the newest anchor, one a minute, and one an hour of what is older than a day', async () => {
      const running = await process();
      await history(running);
      const storeId = await running.store.storeId();
      const at = (n: number) => ({
        storeId,
        position: `0${String(n)}`,
        eventId: randomUUID(),
        stream: 'ticket-x',
        revision: 0n,
        at: '2026-07-03T03:00:00.000Z',
      });
      await postgres.writes.query(unchecked({ text: 'delete from ops.store_anchors', values: [] }));
      for (let n = 0; n < 6; n += 1) await noteAnchor(postgres.writes, at(n), n % 2 === 0);
      const positions = async () => (await readAnchors(postgres.writes, 100)).map(({ position }) => position);
      expect(await positions()).to.deep.equal(['05', '04', '02', '00']);
      await postgres.writes.query(
        unchecked({ text: `update ops.store_anchors set noted_at = '2026-07-03T03:10:00Z'`, values: [] }),
      );
      await pruneAnchors(postgres.writes);
      expect(await positions(), 'the first one of the hour, and the newest').to.deep.equal(['05', '00']);
    });
  });

describe('the right store or none: what a server of EventStoreDB writes by itself', function () {
  this.timeout(60_000);

  it('changes nothing: a scavenge, metadata, links and statistics after the last event of ours', async () => {
    const its = await swappableEventStoreDb();
    const tables = await testDatabase();
    const postgres = createPostgres({ url: tables.url, logger: silentLogger(), poolSize: 4 });
    const guard = createStoreGuard({ database: postgres.writes, logger: silentLogger(), everyMs: 100 });
    const raw = await its.open(guard.verify);
    guard.start(raw);
    const store = createGuardedStore(raw, guard);
    try {
      await store.storeId();
      const reader = follow(store, { after: '' });
      await store.append('ticket-1', [anEvent()], { expected: 'none' });
      for (const stream of ['$scavenges-1', '$$ticket-1', '$ce-ticket', '$stats-127.0.0.1:2113', '$settings'])
        its.server.inject(
          stream,
          ...Array.from({ length: 40 }, () => rawEvent(`$of-${stream.slice(1, 4)}`, '{}')),
        );
      await eventually(
        'the reader has been given all of it',
        () => reader.checkpoint() > (reader.events.at(-1)?.position ?? '~'),
      );
      await store.append('ticket-2', [anEvent()], { expected: 'none' });
      await eventually('another look', () => reader.events.length === 2);
      expect(guard.problem()).to.equal(null);
      expect(await store.behind(reader.checkpoint())).to.equal(0);
      await reader.stop();
    } finally {
      await guard.close();
      await raw.close();
      await postgres.close();
      await its.close();
      await tables.drop();
    }
  });
});
