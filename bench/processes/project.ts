/** Runs the real projector over a store until it has caught up. */
import { createPostgres } from '../../src/adapters/postgres/index.ts';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { systemClock } from '../../src/adapters/clock.ts';
import { decode } from '../../src/domain/codec.ts';
import type { PubSub, Leases, Logger } from '../../src/ports.ts';
import { createProjectionStatus } from '../../src/engine/projections/projection-status.ts';
import { createRunner } from '../../src/engine/projections/runner.ts';
import type { View } from '../../src/engine/projections/view.ts';

const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (fields, message) => {
    console.warn(message, fields);
  },
  error: (fields, message) => {
    console.error(message, fields);
  },
};

/** One process, so no messages and no rivals. */
const nobodyElse: PubSub = {
  publish: () => undefined,
  subscribe: () => () => undefined,
  close: () => Promise.resolve(),
};
const alone: Leases = { hold: (_name, signal, work) => work({ epoch: 1n, signal }) };

/** @returns seconds from the first event to the last one in every view */
export async function projectUntilCaughtUp(url: string, views: readonly View[]): Promise<number> {
  const store = await createPostgresEventStore({ connection: url, logger: quiet });
  const { writes: write, close } = createPostgres({ url, logger: quiet });
  const parts = { store, write, pubSub: nobodyElse, clock: systemClock, logger: quiet };
  const projectionStatus = createProjectionStatus({ ...parts, pollMs: 50 });
  const runner = createRunner({ ...parts, leases: alone, views, decode });
  const head = await store.head();
  const began = performance.now();
  runner.start();
  try {
    // The checkpoints exist only after the first look.
    while ((await projectionStatus.status()).length < views.length) await projectionStatus.waitFor(head, 50);
    if (!(await projectionStatus.waitFor(head, 3_600_000))) throw new Error('a view stopped');
    return (performance.now() - began) / 1000;
  } finally {
    await runner.stop();
    projectionStatus.close();
    await Promise.all([store.close(), close()]);
  }
}
