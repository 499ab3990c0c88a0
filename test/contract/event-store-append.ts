import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { AppendResult, ExpectedRevision } from '../../src/ports.ts';
import { EventTooLarge, InvalidEvent, START, VersionConflict } from '../../src/ports.ts';
import { anEvent } from '../support/scenarios/events.ts';
import type { EventStoreHarness } from './event-store.ts';

const placeOf = ({ revision, position }: AppendResult) => ({ revision, position });

export function appendContract(get: () => EventStoreHarness): void {
  const stream = (): string => `contract-${randomUUID()}`;

  async function conflict(attempt: Promise<unknown>): Promise<VersionConflict> {
    const error: unknown = await attempt.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).to.be.instanceOf(VersionConflict);
    return error as VersionConflict;
  }

  describe('append', () => {
    it('writes none, one and three events and returns the last revision', async () => {
      const { store } = get();
      const name = stream();
      expect(await store.append(name, [], { expected: 'none' })).to.deep.equal({
        revision: -1n,
        position: START,
      });
      const one = await store.append(name, [anEvent()], { expected: 'none' });
      expect(one.revision).to.equal(0n);
      const three = await store.append(name, [anEvent(), anEvent(), anEvent()], { expected: 0n });
      expect(three.revision).to.equal(3n);
      expect(three.position > one.position).to.equal(true);
      expect(await store.append(name, [], { expected: 3n })).to.deep.equal({ revision: 3n, position: START });
      await conflict(store.append(name, [], { expected: 1n }));
      expect((await store.read(name)).map((event) => event.revision)).to.deep.equal([0n, 1n, 2n, 3n]);
    });

    const table: { there: number; expected: ExpectedRevision; holds: boolean }[] = [
      { there: 0, expected: 'none', holds: true },
      { there: 0, expected: 'any', holds: true },
      { there: 0, expected: 0n, holds: false },
      { there: 2, expected: 'none', holds: false },
      { there: 2, expected: 'any', holds: true },
      { there: 2, expected: 0n, holds: false },
      { there: 2, expected: 1n, holds: true },
      { there: 2, expected: 2n, holds: false },
    ];
    for (const { there, expected, holds } of table) {
      it(`${holds ? 'accepts' : 'refuses'} ${String(expected)} on a stream of ${String(there)}`, async () => {
        const { store } = get();
        const name = stream();
        if (there > 0) await store.append(name, [anEvent(), anEvent()], { expected: 'none' });
        const attempt = store.append(name, [anEvent()], { expected });
        if (holds) {
          expect((await attempt).revision).to.equal(BigInt(there));
        } else {
          const error = await conflict(attempt);
          expect(error.actual).to.equal(BigInt(there) - 1n);
          expect(error.expected).to.equal(expected);
          expect(await store.read(name)).to.have.length(there);
        }
      });
    }

    it('lets exactly one of 20 parallel appends with one expectation win, over two clients', async () => {
      const { store } = get();
      const other = await get().secondClient();
      try {
        const name = stream();
        await store.append(name, [anEvent()], { expected: 'none' });
        const attempts = Array.from({ length: 20 }, (_, n) =>
          (n % 2 === 0 ? store : other).append(name, [anEvent(), anEvent()], { expected: 0n }),
        );
        const settled = await Promise.allSettled(attempts);
        const lost = settled
          .filter((each) => each.status === 'rejected')
          .map((each) => each.reason as unknown);
        expect(lost).to.have.length(19);
        for (const reason of lost) {
          expect(reason).to.be.instanceOf(VersionConflict);
          expect((reason as VersionConflict).actual).to.equal(2n);
        }
        expect(await store.read(name)).to.have.length(3);
      } finally {
        await other.close();
      }
    });

    it('lets parallel appends with different expectations on one stream each have their own answer', async () => {
      const { store } = get();
      const name = stream();
      await store.append(name, [anEvent()], { expected: 'none' });
      const settled = await Promise.allSettled([
        store.append(name, [anEvent()], { expected: 'none' }),
        store.append(name, [anEvent()], { expected: 'any' }),
        store.append(name, [anEvent()], { expected: 'any' }),
        store.append(name, [anEvent()], { expected: 7n }),
      ]);
      expect(settled.map((each) => each.status)).to.deep.equal([
        'rejected',
        'fulfilled',
        'fulfilled',
        'rejected',
      ]);
      expect((await store.read(name)).map((event) => event.revision)).to.deep.equal([0n, 1n, 2n]);
    });

    for (const expected of ['none', 0n] as const) {
      it(`gives a repetition (same ids, same expectation ${String(expected)}) its first answer`, async () => {
        const { store } = get();
        const name = stream();
        if (expected === 0n) await store.append(name, [anEvent()], { expected: 'none' });
        const events = [anEvent(), anEvent()];
        const first = await store.append(name, events, { expected });
        await store.append(name, [anEvent()], { expected: first.revision });
        const again = await store.append(name, events, { expected });
        expect(placeOf(again)).to.deep.equal(placeOf(first));
        const both = await Promise.all([
          store.append(name, events, { expected }),
          store.append(name, events, { expected }),
        ]);
        expect(both.map(placeOf)).to.deep.equal([placeOf(first), placeOf(first)]);
        expect((await store.read(name)).filter((event) => event.id === events[0]?.id)).to.have.length(1);
      });
    }

    it('writes a request that is sent twice at the same time once', async () => {
      const { store } = get();
      const name = stream();
      const events = [anEvent()];
      const results = await Promise.all(
        Array.from({ length: 5 }, () => store.append(name, events, { expected: 'none' })),
      );
      expect(new Set(results.map((result) => result.position)).size).to.equal(1);
      expect(await store.read(name)).to.have.length(1);
    });

    it('refuses ids that are known only in part', async () => {
      const { store } = get();
      const name = stream();
      const [first, second] = [anEvent(), anEvent()];
      await store.append(name, [first, second], { expected: 'none' });
      await conflict(store.append(name, [first, anEvent()], { expected: 'none' }));
      expect(await store.read(name)).to.have.length(2);
    });

    it('refuses what JSON cannot hold, before it leaves the house', async () => {
      const { store } = get();
      const name = stream();
      const cycle: Record<string, unknown> = {};
      cycle['self'] = cycle;
      for (const data of [{ n: 1n }, cycle, undefined]) {
        // anEvent would fill in undefined
        const event = { ...anEvent(), data };
        const error: unknown = await store
          .append(name, [event], { expected: 'any' })
          .catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(InvalidEvent);
      }
      expect(await store.read(name)).to.deep.equal([]);
    });

    it('refuses an event or an append that is too large, and writes nothing of it', async () => {
      const { store } = get();
      const name = stream();
      const half = 'x'.repeat(400 * 1024);
      const attempts = [[anEvent('x'.repeat(512 * 1024))], [anEvent(half), anEvent(half), anEvent(half)]];
      for (const events of attempts) {
        const error: unknown = await store
          .append(name, events, { expected: 'any' })
          .catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(EventTooLarge);
      }
      expect(await store.read(name)).to.deep.equal([]);
    });

    it('takes a thousand events at once and refuses ten thousand', async () => {
      const { store } = get();
      const name = stream();
      const many = (count: number) => Array.from({ length: count }, (_, n) => anEvent({ n }));
      expect((await store.append(name, many(1_000), { expected: 'none' })).revision).to.equal(999n);
      const error: unknown = await store
        .append(name, many(10_000), { expected: 'any' })
        .catch((reason: unknown) => reason);
      expect(error).to.be.instanceOf(EventTooLarge);
    });

    it('refuses numbers that are no revision, instead of taking them for none or any', async () => {
      const { store } = get();
      const name = stream();
      for (const expected of [-1n, -2n, 2n ** 63n]) {
        const error: unknown = await store
          .append(name, [anEvent()], { expected })
          .catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(InvalidEvent);
      }
      const error = await conflict(store.append(name, [anEvent()], { expected: 2n ** 63n - 1n }));
      expect(error.actual).to.equal(-1n);
    });

    it('refuses stream names that the stores keep for themselves', async () => {
      const { store } = get();
      for (const name of ['', '$settings', 'a\0b']) {
        const error: unknown = await store
          .append(name, [anEvent()], { expected: 'any' })
          .catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(InvalidEvent);
      }
    });
  });
}
