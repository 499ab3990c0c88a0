import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { BEGINNING, follow as followLink, type Place } from '../../src/adapters/hash-chain/follow.ts';
import { type EventStore, type NewEvent, VersionConflict } from '../../src/ports.ts';
import { anEvent, follow } from '../support/scenarios/events.ts';
import { eventually } from '../support/eventually.ts';

export interface ChainHarness {
  readonly store: EventStore;
  /** The same data without the decorator. The suite closes it. */
  raw(): Promise<EventStore>;
  secondClient(): Promise<EventStore>;
  stop(): Promise<void>;
}

/** The chain is whole after every kind of append, also with several writers. */
export function hashChainContract(name: string, createHarness: () => Promise<ChainHarness>): void {
  describe(`hash chain on ${name}`, () => {
    let harness: ChainHarness;
    let raw: EventStore;
    let second: EventStore;
    let stream: string;

    before(async function () {
      this.timeout(60_000);
      harness = await createHarness();
      raw = await harness.raw();
      second = await harness.secondClient();
    });
    after(async () => {
      await Promise.all([raw.close(), second.close()]);
      await harness.stop();
    });
    beforeEach(() => {
      stream = `chain-${randomUUID()}`;
    });

    /** @returns what is wrong with the stream, event by event */
    async function problems(): Promise<string[]> {
      let place: Place = BEGINNING;
      const found: string[] = [];
      for (const event of await raw.read(stream)) {
        const next = followLink(place, event, true);
        if (next.problem) found.push(`${String(event.revision)}: ${next.problem}`);
        place = next.place;
      }
      return found;
    }
    /** The same id as `event`, and other bytes: what a command makes that is given again. */
    const again = (event: NewEvent): NewEvent => ({ ...anEvent({ n: 2 }), id: event.id });

    it('holds over appends of one and many events, by one client and by two in turn', async () => {
      await harness.store.append(stream, [anEvent(), anEvent()], { expected: 'none' });
      await harness.store.append(stream, [anEvent()], { expected: 1n });
      await second.append(stream, [anEvent(), anEvent()], { expected: 2n });
      await harness.store.append(stream, [anEvent()], { expected: 4n });
      expect(await problems()).to.deep.equal([]);
      expect(await raw.read(stream)).to.have.length(6);
    });

    it('holds after a repetition whose stored bytes are those of the first sending', async () => {
      const [first, next] = [anEvent(), anEvent()];
      await second.append(stream, [first], { expected: 'none' });
      await harness.store.append(stream, [again(first)], { expected: 'none' });
      await second.append(stream, [next], { expected: 0n });
      await harness.store.append(stream, [again(next)], { expected: 0n });
      await harness.store.append(stream, [anEvent()], { expected: 1n });
      expect(await raw.read(stream)).to.have.length(3);
      expect(await problems()).to.deep.equal([]);
    });

    it('holds when one request is sent with different bytes by many at the same time', async () => {
      for (let revision = -1n; revision < 5n; revision += 1n) {
        const event = anEvent();
        const expected = revision < 0n ? ('none' as const) : revision;
        await Promise.all(
          Array.from({ length: 6 }, (_, n) =>
            (n % 2 ? second : harness.store).append(stream, [again(event)], { expected }),
          ),
        );
      }
      expect(await raw.read(stream)).to.have.length(6);
      expect(await problems()).to.deep.equal([]);
    });

    it('holds when many race with one expectation, and when nobody expects anything', async () => {
      await harness.store.append(stream, [anEvent()], { expected: 'none' });
      const racing = Array.from({ length: 10 }, (_, n) =>
        (n % 2 ? second : harness.store).append(stream, [anEvent()], { expected: 0n }),
      );
      const won = (await Promise.allSettled(racing)).filter((each) => each.status === 'fulfilled');
      expect(won).to.have.length(1);
      const anywhere = Array.from({ length: 10 }, (_, n) =>
        (n % 2 ? second : harness.store).append(stream, [anEvent(), anEvent()], { expected: 'any' }),
      );
      await Promise.all(anywhere);
      expect(await raw.read(stream)).to.have.length(22);
      expect(await problems()).to.deep.equal([]);
    });

    it('knows a repetition that expects nothing, and refuses half of one', async () => {
      const events = [anEvent(), anEvent()] as const;
      const first = await harness.store.append(stream, events, { expected: 'any' });
      await harness.store.append(stream, [anEvent()], { expected: 'any' });
      const repeated = await second.append(stream, events.map(again), { expected: 'any' });
      expect(repeated).to.deep.include({ revision: first.revision, position: first.position });
      const half = harness.store.append(stream, [again(events[1]), anEvent()], { expected: 'any' });
      expect(await half.catch((error: unknown) => error)).to.be.instanceOf(VersionConflict);
      expect(await raw.read(stream)).to.have.length(3);
      expect(await problems()).to.deep.equal([]);
    });

    it('holds over every kind of JSON', async () => {
      const odd: Record<string, unknown> = {
        z: 1,
        10: 'ten',
        9: 'nine',
        undefined: undefined,
        nothing: null,
        list: [undefined, -0, 1e21, 1e-7, 0.1 + 0.2, Number.MAX_SAFE_INTEGER],
        date: new Date('2026-11-20T03:00:00Z'),
        words: 'ya\u0000\u2028\ud83d 🚚 "\\ é',
        nested: { b: { toJSON: () => ({ 2: 'b', 1: 'a' }) }, a: {} },
      };
      Object.defineProperty(odd, '__proto__', { value: { own: true }, enumerable: true });
      const events = [anEvent(odd), anEvent([]), anEvent('text'), anEvent(0)];
      await harness.store.append(stream, events, { expected: 'none' });
      expect(await problems()).to.deep.equal([]);
    });

    it('begins in a stream that has events without a hash, and holds the last of them', async () => {
      await raw.append(stream, [anEvent(), anEvent()], { expected: 'none' });
      await harness.store.append(stream, [anEvent()], { expected: 1n });
      const [first, last, hashed] = await raw.read(stream);
      if (!first || !last || !hashed) throw new Error('three events were appended');
      const place = follow3(first, last);
      expect(followLink(place, hashed, false).problem).to.equal(null);
      const changed = { ...last, data: { n: 7 } };
      expect(followLink(follow3(first, changed), hashed, false).problem).to.match(/does not match/);
    });

    const follow3 = (...events: Awaited<ReturnType<EventStore['read']>>): Place =>
      events.reduce((place, event) => followLink(place, event, false).place, BEGINNING);

    it('reads nothing for an append whose stream it has seen', async () => {
      const follower = follow(harness.store, { after: await harness.store.head() });
      try {
        const done = await harness.store.append(stream, [anEvent()], { expected: 'none' });
        await second.append(stream, [anEvent()], { expected: 0n });
        await eventually('both passed by', () =>
          Promise.resolve(
            follower.events.filter((event) => event.stream === stream).length === 2 || undefined,
          ),
        );
        expect(done.revision).to.equal(0n);
        await harness.store.append(stream, [anEvent()], { expected: 1n });
      } finally {
        await follower.stop();
      }
      expect(await problems()).to.deep.equal([]);
    });
  });
}
