/** An event store that reads and writes only while it is the right one, and what waits for that. */
import { type EventBatch, type EventStore, type Leases, StoreChanged } from '../../ports.ts';
import type { StoreGuard } from './guard.ts';

/** The store as everybody but the tools of a restore uses it (docs/design/reliability.md#the-right-store). */
export function createGuardedStore(
  store: EventStore,
  guard: Pick<StoreGuard, 'pass' | 'problem' | 'untilRight' | 'changed' | 'knownId' | 'learn' | 'handled'>,
): EventStore {
  async function* subscribe(options: Parameters<EventStore['subscribe']>[0]): AsyncIterable<EventBatch> {
    await guard.untilRight(options.signal);
    if (options.signal.aborted) return;
    const changed = guard.changed();
    const signal = AbortSignal.any([options.signal, changed]);
    for await (const batch of store.subscribe({ ...options, signal })) {
      if (changed.aborted) break;
      yield batch;
      // Asked for more, so it was taken.
      guard.handled(batch.events);
    }
    const problem = guard.problem();
    if (problem && !options.signal.aborted) throw problem;
    // It came back so quickly that the reader has to begin again all the same: what was read last may be of the other one.
    if (changed.aborted && !options.signal.aborted)
      throw new StoreChanged('one event store', 'another one for a moment');
  }

  return {
    ...store,
    append: async (...args) => {
      await guard.pass(true);
      return store.append(...args);
    },
    read: async (...args) => {
      await guard.pass(false);
      return store.read(...args);
    },
    subscribe,
    storeId: async () => {
      const known = guard.knownId();
      if (known !== null) return known;
      // In an empty store it is written: not before it is known that nothing else is missing there.
      await guard.pass(false);
      const id = await store.storeId();
      guard.learn(id);
      return id;
    },
  };
}

/** Leases that are held only while the store is the right one: so projector and jobs stand still, wherever they run. */
export const createGuardedLeases = (
  leases: Leases,
  guard: Pick<StoreGuard, 'untilRight' | 'changed'>,
): Leases => ({
  hold: async (name, signal, work) => {
    while (!signal.aborted) {
      await guard.untilRight(signal);
      if (signal.aborted) return;
      await leases.hold(name, AbortSignal.any([signal, guard.changed()]), work);
    }
  },
});
