import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { bare } from '../../src/adapters/hash-chain/link.ts';
import { START } from '../../src/ports.ts';
import { anEvent, someMetadata } from '../support/scenarios/events.ts';
import type { EventStoreHarness } from './event-store.ts';

export function readContract(get: () => EventStoreHarness): void {
  describe('read', () => {
    const name = `contract-${randomUUID()}`;
    const events = Array.from({ length: 25 }, (_, n) => anEvent({ n }));

    before(async () => {
      await get().store.append(name, events, { expected: 'none' });
    });

    const numbers = async (
      options: Parameters<ReturnType<typeof get>['store']['read']>[1],
    ): Promise<number[]> =>
      (await get().store.read(name, options)).map((event) => (event.data as { n: number }).n);

    it('gives an unknown stream as an empty list', async () => {
      expect(await get().store.read(`contract-${randomUUID()}`)).to.deep.equal([]);
      expect(await get().store.read(`contract-${randomUUID()}`, { direction: 'backwards' })).to.deep.equal(
        [],
      );
    });

    it('reads forwards and backwards, from a revision on, in pages', async () => {
      expect(await numbers({})).to.deep.equal(events.map((_, n) => n));
      expect(await numbers({ direction: 'backwards', limit: 3 })).to.deep.equal([24, 23, 22]);
      expect(await numbers({ from: 23n })).to.deep.equal([23, 24]);
      expect(await numbers({ from: 10n, limit: 2 })).to.deep.equal([10, 11]);
      expect(await numbers({ from: 2n, direction: 'backwards' })).to.deep.equal([2, 1, 0]);
      expect(await numbers({ from: 25n })).to.deep.equal([]);
    });

    it('answers many who ask at once, each with their own stream, beginning and number', async () => {
      const other = `contract-${randomUUID()}`;
      await get().store.append(other, [anEvent({ n: 100 })], { expected: 'none' });
      const asked = Array.from({ length: 150 }, (_, n) => ({
        stream: [name, other, `contract-nobody-${String(n)}`][n % 3] ?? name,
        options: { from: BigInt(n % 24), limit: 1 + (n % 5) },
      }));
      const answers = await Promise.all(
        asked.map(({ stream, options }) => get().store.read(stream, options)),
      );
      const whole: Readonly<Record<string, number[]>> = { [name]: events.map((_, n) => n), [other]: [100] };
      answers.forEach((answer, n) => {
        const { stream, options } = asked[n]!;
        const from = Number(options.from);
        expect(
          answer.map((event) => (event.data as { n: number }).n),
          `${String(n)}: ${stream}`,
        ).to.deep.equal((whole[stream] ?? []).slice(from, from + options.limit));
      });
    });

    it('gives back every part of an event', async () => {
      const [stored] = await get().store.read(name, { limit: 1 });
      // A chained store adds the hash to what it was given.
      const metadata = bare(stored?.metadata);
      expect({ ...stored, metadata }).to.deep.include({
        id: events[0]?.id,
        stream: name,
        revision: 0n,
        type: 'SomethingHappened',
        data: { n: 0 },
        metadata: someMetadata(events[0]?.id ?? ''),
      });
      expect(stored?.position).to.be.a('string').and.not.equal(START);
    });

    it('keeps unicode, zero bytes, odd keys and 256 KiB as they are', async () => {
      const { store } = get();
      const stream = `contract-ünïcode-${randomUUID()}`;
      const data = {
        words: 'Terima kasih 🙏🏽 \u0000 \u2028 \\ " ${x} العربية',
        empty: '',
        nothing: null,
        numbers: [0, -1.5, 1e21, Number.MAX_SAFE_INTEGER],
        deep: { a: [{ b: [] }] },
        'key with "quotes" {and} , commas': true,
      };
      const large = { text: 'é'.repeat(128 * 1024) };
      const list = ['not', 'an', 'object'];
      await store.append(stream, [anEvent(data), anEvent(large), anEvent(list)], { expected: 'none' });
      const read = await store.read(stream);
      expect(read.map((event) => event.data)).to.deep.equal([data, large, list]);
      expect(read[0]?.stream).to.equal(stream);
    });

    it('counts the events after a position; a position after the last event says nothing', async () => {
      const { store } = get();
      const stream = `contract-${randomUUID()}`;
      const { position } = await store.append(stream, [anEvent()], { expected: 'none' });
      expect(await store.behind(position)).to.equal(0);
      const { position: last } = await store.append(stream, [anEvent(), anEvent(), anEvent()], {
        expected: 0n,
      });
      expect(await store.behind(position)).to.equal(3);
      expect(await store.behind('')).to.be.at.least(4);
      const after = last.replace(/^\d{6}/, '000009');
      expect(await store.behind(after)).to.equal(0);
    });

    it('gives the head and the same store id to every client', async () => {
      const { store } = get();
      const { position } = await store.append(`contract-${randomUUID()}`, [anEvent()], { expected: 'none' });
      expect((await store.head()) >= position).to.equal(true);
      const other = await get().secondClient();
      try {
        const [id, same] = await Promise.all([store.storeId(), other.storeId()]);
        expect(id)
          .to.match(/^[0-9a-f-]{36}$/)
          .and.equal(same);
      } finally {
        await other.close();
      }
    });
  });
}
