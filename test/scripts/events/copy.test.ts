/** `npm run events:copy`: both ways between a real Postgres store and the protocol-level EventStoreDB server. */
import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { CannotCopy, compareEvents, copyEvents } from '../../../scripts/events/copy.ts';
import { createEventStoreDb } from '../../../src/adapters/eventstoredb/index.ts';
import { audit } from '../../../src/adapters/hash-chain/audit.ts';
import { createChainedEventStore } from '../../../src/adapters/hash-chain/chained-event-store.ts';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import { type EventStore, type NewEvent, START } from '../../../src/ports.ts';
import { startEsdbServer } from '../../support/esdb-server/index.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { rejection } from '../../support/rejection.ts';
import { testDatabase } from '../../support/stores/postgres.ts';

interface Place {
  readonly store: EventStore;
  stop(): Promise<void>;
}

async function onPostgres(): Promise<Place> {
  const database = await testDatabase();
  const store = await createPostgresEventStore({ connection: database.url, logger: silentLogger() });
  return {
    store,
    stop: async () => {
      await store.close();
      await database.drop();
    },
  };
}

async function onEventStoreDb(): Promise<Place> {
  const server = await startEsdbServer();
  const store = createEventStoreDb({ connectionString: server.url, logger: silentLogger() });
  return {
    store,
    stop: async () => {
      await store.close();
      server.stop();
    },
  };
}

function event(text: string): NewEvent {
  const id = randomUUID();
  return {
    id,
    type: text.length % 2 === 0 ? 'Even' : 'Odd',
    data: { text, nothing: null, list: [1, { b: 2, a: 1 }] },
    metadata: {
      actor: { kind: 'system', process: 'test' },
      correlationId: id,
      causationId: id,
      requestId: id,
      at: '2026-11-30T00:00:00.000Z',
      schemaVersion: 1,
    },
  };
}

const signal = new AbortController().signal;

/** Three streams, their events between each other; some appends of several events. */
async function fill(raw: EventStore): Promise<void> {
  const store = createChainedEventStore(raw);
  const revisions = new Map<string, bigint>();
  for (let i = 0; i < 60; i += 1) {
    const stream = `ticket-${String((i * i) % 3)}`;
    const at = revisions.get(stream);
    const events = Array.from({ length: 1 + (i % 3) }, (_, n) => event(`${String(i)} ${'x'.repeat(n)} é`));
    const { revision } = await store.append(stream, events, { expected: at ?? 'none' });
    revisions.set(stream, revision);
  }
}

for (const [name, openFrom, openTo] of [
  ['Postgres to EventStoreDB', onPostgres, onEventStoreDb],
  ['EventStoreDB to Postgres', onEventStoreDb, onPostgres],
] as const)
  describe(`copying events, ${name}`, () => {
    let from: Place;
    let to: Place;
    beforeEach(async () => {
      [from, to] = [await openFrom(), await openTo()];
      await fill(from.store);
    });
    afterEach(async () => {
      await from.stop();
      await to.stop();
    });

    const copy = (over: Partial<Parameters<typeof copyEvents>[0]> = {}) =>
      copyEvents({ from: from.store, to: to.store, signal, ...over });

    it('keeps ids, order, revisions, contents and the chain of hashes', async () => {
      const { found, copied, countsByType } = await copy();
      expect([found, copied]).to.deep.equal([0, 120]);
      expect([...countsByType.values()].reduce((sum, n) => sum + n)).to.equal(120);
      expect(await compareEvents({ from: from.store, to: to.store, signal })).to.equal(120);
      const { events, broken, streams } = await audit(to.store, { signal });
      expect({ events, broken, streams }).to.deep.equal({ events: 120, broken: [], streams: 2 });
    });

    it('goes on where it was interrupted, and does nothing the second time', async () => {
      let left = 7;
      const failing = {
        ...to.store,
        append: (...args: Parameters<EventStore['append']>) =>
          (left -= 1) < 0 ? Promise.reject(new Error('gone')) : to.store.append(...args),
      };
      expect(await rejection(copy({ to: failing }))).to.have.property('message', 'gone');
      const second = await copy();
      expect(second.found).to.be.greaterThan(0);
      expect(second.found + second.copied).to.equal(120);
      expect(await copy()).to.include({ found: 120, copied: 0 });
      expect(await compareEvents({ from: from.store, to: to.store, signal })).to.equal(120);
    });

    it('knows where a position of the source is in the target', async () => {
      const all = [];
      for await (const batch of from.store.subscribe({ after: START, signal })) {
        all.push(...batch.events);
        if (all.length === 120) break;
      }
      const asked = [all[0], all[41], all[119]].flatMap((one) => (one ? [one] : []));
      const { positions } = await copy({ positions: [START, ...asked.map(({ position }) => position)] });
      expect(positions.get(START)).to.equal(START);
      for (const { position, stream, revision } of asked) {
        const [there] = await to.store.read(stream, { from: revision, limit: 1 });
        expect(positions.get(position)).to.equal(there?.position);
      }
    });

    it('refuses a target that holds other events, and one that holds more', async () => {
      await to.store.append('ticket-9', [event('a stranger')], { expected: 'none' });
      const error = await rejection(copy());
      expect(error).to.be.instanceOf(CannotCopy);
      expect(error).to.have.property('message').that.includes('ticket-9@0');
    });

    it('refuses a target that was written to after the copy', async () => {
      await copy();
      await to.store.append('ticket-9', [event('later')], { expected: 'none' });
      expect(await rejection(copy()))
        .to.have.property('message')
        .that.includes('The target holds more than the source: ticket-9@0');
      const differing = compareEvents({ from: from.store, to: to.store, signal });
      expect(await rejection(differing)).to.be.instanceOf(CannotCopy);
    });
  });
