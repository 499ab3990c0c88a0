import { expect } from 'chai';
import { createEventStoreDb, type EventStoreDbOptions } from '../../../src/adapters/eventstoredb/index.ts';
import { createChainedEventStore } from '../../../src/adapters/hash-chain/chained-event-store.ts';
import { createWholeStreams } from '../../../src/engine/commands/whole-stream.ts';
import { type EventStore, START } from '../../../src/ports.ts';
import { cut } from '../../support/esdb-server/deletions.ts';
import { type EsdbServer, startEsdbServer } from '../../support/esdb-server/index.ts';
import { rawEvent } from '../../support/esdb-server/log.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { commandsOn, message } from '../../support/scenarios/commands.ts';
import { anEvent, follow, type Follower } from '../../support/scenarios/events.ts';

describe('what EventStoreDB is asked (protocol-level test server)', function () {
  this.timeout(90_000);
  let server: EsdbServer;
  let store: EventStore;
  let followers: Follower[];
  const said: string[] = [];

  const open = (options: Partial<EventStoreDbOptions> = {}): EventStore =>
    createEventStoreDb({
      connectionString: server.url,
      logger: { ...silentLogger(), warn: (_, words) => void said.push(words) },
      ...options,
    });
  const watch = (options: Parameters<typeof follow>[1]): Follower => {
    const follower = follow(store, options);
    followers.push(follower);
    return follower;
  };
  const many = (count: number) => Array.from({ length: count }, () => rawEvent('SomethingHappened', '{}'));
  const caughtUp = (follower: Follower): boolean => follower.batches.some((batch) => batch.caughtUp);

  beforeEach(async () => {
    server = await startEsdbServer();
    store = open();
    followers = [];
    said.length = 0;
  });
  afterEach(async () => {
    await Promise.all(followers.map((follower) => follower.stop()));
    await store.close();
    server.stop();
    for (const { failure } of followers) expect(failure).to.equal(undefined);
  });

  describe('by subscriptions', () => {
    it('hands each event to a process once, however many follow, each with what it asked for', async () => {
      await store.append('a-1', [anEvent(), anEvent()], { expected: 'none' });
      const all = [watch({ after: START }), watch({ after: START })];
      const some = ['a-', 'b-', 'c-'].map((prefix) => watch({ after: START, prefixes: [prefix] }));
      await eventually('all have caught up', () => [...all, ...some].every(caughtUp));
      await eventually('one subscription is left', () => server.subscribers() === 1);
      for (const stream of ['a-2', 'b-1', 'd-1', 'a-3'])
        await store.append(stream, [anEvent(), anEvent()], { expected: 'none' });
      const streamsOf = ({ events }: Follower) => events.map(({ stream }) => stream);
      const everything = ['a-1', 'a-2', 'b-1', 'd-1', 'a-3'].flatMap((stream) => [stream, stream]);
      await eventually('all have all', () => all.every(({ events }) => events.length === 10));
      for (const one of all) expect(streamsOf(one)).to.deep.equal(everything);
      expect(all[0]!.events.at(-1), 'parsed once').to.equal(all[1]!.events.at(-1));
      const head = await store.head();
      await eventually('checkpoints move without events', () =>
        some.every((follower) => follower.checkpoint() >= head),
      );
      expect(some.map(streamsOf)).to.deep.equal([
        everything.filter((stream) => stream.startsWith('a-')),
        ['b-1', 'b-1'],
        [],
      ]);
      expect(server.subscribers()).to.equal(1);
    });

    it('lets a reader fall behind what is in memory, without a gap and a repetition', async () => {
      await store.close();
      store = open({ keptEvents: 20 });
      const quick = watch({ after: START });
      await eventually('caught up', () => caughtUp(quick));
      const ending = new AbortController();
      const slow = store.subscribe({ after: START, signal: ending.signal })[Symbol.asyncIterator]();
      const seen: string[] = [];
      const take = async (): Promise<void> => {
        const { value, done } = await slow.next();
        if (done !== true) seen.push(...value.events.map(({ id }) => id));
      };
      await take();
      const first = anEvent();
      await store.append('s-0', [first], { expected: 'none' });
      while (seen.length === 0) await take();
      for (let n = 1; n <= 6; n += 1) server.inject(`s-${String(n)}`, ...many(20));
      await eventually('the quick one has them', () => quick.events.length === 121, 45_000);
      while (seen.length < 121) await take();
      ending.abort();
      await slow.return?.();
      expect(seen).to.deep.equal(quick.events.map(({ id }) => id));
    });

    it('lets the server go when nobody follows any more, also one who only stopped listening', async () => {
      const ending = new AbortController();
      const left = store.subscribe({ after: START, signal: ending.signal })[Symbol.asyncIterator]();
      await left.next();
      await store.append('a-1', [anEvent()], { expected: 'none' });
      await left.next();
      expect(server.subscribers()).to.equal(1);
      ending.abort();
      await eventually('it has ended', () => server.subscribers() === 0);
    });

    it('takes a long way through what it leaves out for no loss', async () => {
      await store.close();
      store = open({ watchdogMs: 100 });
      // So large a batch is for who reads a long way: it stays in a subscription of its own.
      const follower = watch({ after: START, prefixes: ['a-'], batchSize: 2_000 });
      await eventually('caught up', () => caughtUp(follower));
      server.inject('b-1', ...many(400));
      const head = await store.head();
      await eventually('it is at the end', () => follower.checkpoint() >= head, 45_000);
      expect(said).to.deep.equal([]);
    });
  });

  describe('by commands', () => {
    const got = (id: string) => ({ key: `web:${id}`, receivedAt: '2026-07-03T03:30:00.000Z' });
    let calls: string[];
    /** As the program puts them together, but for the encryption. */
    function counted(): EventStore {
      calls = [];
      return {
        ...store,
        read: (stream, options) => {
          calls.push(`read ${stream.split('-')[0] ?? ''}`);
          return store.read(stream, options);
        },
        append: (stream, events, options) => {
          calls.push(`append ${stream.split('-')[0] ?? ''}`);
          return store.append(stream, events, options);
        },
      };
    }
    const memory = { formerly: () => Promise.resolve(null), note: () => Promise.resolve() };
    const reception = () => commandsOn(createWholeStreams(createChainedEventStore(counted()), memory));

    it('reads nothing of a ticket that is made for a new customer, and no link of what it just wrote', async () => {
      const { receive } = reception();
      await receive(message('m1', { isOfficeHours: true }), got('m1'));
      expect(calls).to.deep.equal([
        ...['read customer', 'read identity'],
        ...['append customer', 'append ticket'],
        // Another message may have said meanwhile that this is a customer who was known already.
        ...['read identity', 'read customer'],
        'append conversation',
      ]);
      calls.length = 0;
      await receive(message('m2'), got('m2'));
      expect(calls).to.deep.equal(['read customer', 'read ticket', 'append conversation']);
    });

    it('asks for the metadata of new streams no more once it follows them, and hears of a stream that is cut', async () => {
      const { receive } = reception();
      const first = (n: number) => {
        const sender = { userId: `wa_628${String(n)}`, phone: `+628${String(n)}`, isOfficeHours: true };
        return receive(message(`m${String(n)}`, sender), got(`m${String(n)}`));
      };
      for (let n = 0; n < 40; n += 1) await first(n);
      await eventually('it follows', async () => {
        const before = server.reads.streams();
        await store.shortened!('customer-of-nobody');
        return server.reads.streams() === before;
      });
      const before = server.reads.streams();
      await first(1_000);
      // The customer and its link, before and after.
      expect(server.reads.streams() - before).to.equal(4);
      const stream = server.log.events.findLast((event) => event.stream.startsWith('customer-'))!.stream;
      cut(server, stream, 'soft delete');
      await eventually('it hears of it', async () => (await store.shortened!(stream)) === '$tb');
      server.kill();
      await server.restart();
      await eventually('and still knows', async () => (await store.shortened!(stream)) === '$tb');
    });
  });
});
