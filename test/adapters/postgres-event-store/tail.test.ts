import { expect } from 'chai';
import { createTail, type TailRead } from '../../../src/adapters/postgres-event-store/tail.ts';
import { positionOf } from '../../../src/adapters/postgres-event-store/rows.ts';
import type { StoredEvent } from '../../../src/ports.ts';

const event = (position: bigint): StoredEvent => ({
  id: String(position),
  stream: 'ticket-1',
  revision: position - 1n,
  position: positionOf(position),
  type: 'TicketTagged',
  data: {},
  metadata: {},
});

/** A store of so many events, whose answers come when the test lets them. */
function aStore(head: bigint) {
  const waiting: (() => void)[] = [];
  const store = { head, rings: 0, looks: 0 };
  const tail = createTail({ ticket: () => store.rings }, (from, limit) => {
    store.looks += 1;
    const at = store.head;
    const count = Math.max(0, Math.min(limit, Number(at - from)));
    const events = Array.from({ length: count }, (_, n) => event(from + BigInt(n) + 1n));
    return new Promise<TailRead>((resolve) => {
      waiting.push(() => {
        resolve({ events, head: at });
      });
    });
  });
  /** Answers looks until `asked` has its answer. */
  const answered = async <T>(asked: Promise<T>): Promise<T> => {
    let done = false;
    const finished = asked.finally(() => (done = true));
    while (!done) {
      waiting.shift()?.();
      await new Promise(setImmediate);
    }
    return finished;
  };
  return { store, tail, answered };
}

const positions = (look: TailRead | undefined) => look?.events.map(({ id }) => Number(id));

describe('the shared tail of the postgres event store', () => {
  it('looks once for everybody who was woken by the same append', async () => {
    const { store, tail, answered } = aStore(10n);
    await answered(tail.after(10n, 500, 0));
    store.head = 12n;
    store.rings = 1;
    store.looks = 0;
    const found = await answered(Promise.all([1, 2, 3, 4].map(() => tail.after(10n, 500, 1))));
    expect(found.map(positions)).to.deep.equal(Array(4).fill([11, 12]));
    expect(store.looks).to.equal(1);
  });

  it('does not take a look that began before the append for an answer', async () => {
    const { store, tail, answered } = aStore(10n);
    const early = tail.after(10n, 500, 0);
    store.head = 11n;
    store.rings = 1;
    const late = tail.after(10n, 500, 1);
    expect(positions(await answered(early))).to.deep.equal([]);
    expect(positions(await answered(late))).to.deep.equal([11]);
  });

  it('looks again for who has everything and asks without having been woken: wake-ups get lost', async () => {
    const { store, tail, answered } = aStore(10n);
    await answered(tail.after(10n, 500, 0));
    store.head = 11n;
    expect(positions(await answered(tail.after(10n, 500, 0)))).to.deep.equal([11]);
  });

  it('hands out in portions, and tells who is too far behind to read the store', async () => {
    const { tail, answered } = aStore(1_000n);
    expect(positions(await answered(tail.after(0n, 3, 0)))).to.deep.equal([1, 2, 3]);
    expect(positions(await answered(tail.after(499n, 3, 0)))).to.deep.equal([500]);
    expect(positions(await answered(tail.after(500n, 2, 0)))).to.deep.equal([501, 502]);
    expect(await answered(tail.after(499n, 3, 0))).to.equal(undefined);
  });

  it('remembers nothing of a store that ends before it did', async () => {
    const { store, tail, answered } = aStore(10n);
    await answered(tail.after(8n, 500, 0));
    store.head = 5n;
    store.rings = 1;
    expect(await answered(tail.after(10n, 500, 1))).to.equal(undefined);
    expect(await answered(tail.after(8n, 500, 1))).to.equal(undefined);
  });
});
