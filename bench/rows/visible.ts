/** From the moment an event is due until every view shows it: 4,000 appends a second, whatever the answers do. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createPostgres } from '../../src/adapters/postgres/index.ts';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { decode } from '../../src/domain/codec.ts';
import type { EventStore, PubSub, Position } from '../../src/ports.ts';
import { PROJECTION_STATUS_TOPIC } from '../../src/engine/projections/projection-status.ts';
import { createRunner } from '../../src/engine/projections/runner.ts';
import { createViews } from '../../src/projections/views.ts';
import { type Bench, quantile } from '../report/finding.ts';
import { type Appended, ticketHistory } from '../history/ticket-history.ts';

const PER_SECOND = 4_000;
const SECONDS = 5;
const WARM_SECONDS = 2;
/** A step of the clock: so many events are due at once. */
const STEP_MS = 5;
const PATIENCE_MS = 30_000;

/** Hears how far the views are; there is no other process. */
function ownProgress(): { readonly pubSub: PubSub; onMove(listener: (all: Position) => void): void } {
  let listen: (all: Position) => void = () => undefined;
  return {
    pubSub: {
      publish: (topic, message) => {
        if (topic !== PROJECTION_STATUS_TOPIC) return;
        const { positions } = message as { positions: Readonly<Record<string, Position>> };
        listen(Object.values(positions).reduce((low, one) => (one < low ? one : low)));
      },
      subscribe: () => () => undefined,
      close: () => Promise.resolve(),
    },
    onMove: (listener) => {
      listen = listener;
    },
  };
}

interface Waiting {
  readonly position: Position;
  readonly due: number;
}

/** Appends in the order of each stream; the streams do not wait for each other. */
function appender(store: EventStore) {
  const last = new Map<string, Promise<unknown>>();
  return (one: Appended): Promise<Position> => {
    const appended = Promise.resolve(last.get(one.stream)).then(() =>
      store.append(one.stream, [one.event], {
        expected: one.revision === 0 ? 'none' : BigInt(one.revision - 1),
      }),
    );
    last.set(one.stream, appended);
    return appended.then(({ position }) => position);
  };
}

export const visible: Bench = async ({ server, rounds, size, say, log }) => {
  const url = await server.migrated('bench_visible');
  const store = await createPostgresEventStore({ connection: url, logger: log });
  const { writes: write, close } = createPostgres({ url, logger: log });
  const progress = ownProgress();
  const runner = createRunner({
    store,
    write,
    leases: { hold: (_name, signal, work) => work({ epoch: 1n, signal }) },
    pubSub: progress.pubSub,
    logger: log,
    views: createViews(),
    decode,
  });
  let waiting: Waiting[] = [];
  let reached: Position = '';
  let times: number[] = [];
  progress.onMove((all) => {
    reached = all;
    const now = performance.now();
    for (const { position, due } of waiting) if (position <= all) times.push(now - due);
    waiting = waiting.filter(({ position }) => position > all);
  });
  const append = appender(store);
  const events = ticketHistory({ tickets: 1_000_000, until: Date.now() })[Symbol.iterator]();

  async function openLoop(seconds: number): Promise<readonly number[]> {
    times = [];
    const began = performance.now();
    const count = PER_SECOND * seconds;
    const appends: Promise<void>[] = [];
    for (let n = 0; n < count; n += 1) {
      const due = began + Math.floor((n * 1_000) / PER_SECOND / STEP_MS) * STEP_MS;
      if (due > performance.now()) await sleep(due - performance.now());
      const { value } = events.next();
      if (!value) throw new Error('the made-up history is too short');
      appends.push(
        append(value).then((position) => {
          if (position <= reached) times.push(performance.now() - due);
          else waiting.push({ position, due });
        }),
      );
    }
    await Promise.all(appends);
    const deadline = performance.now() + PATIENCE_MS;
    while (times.length < count) {
      if (performance.now() > deadline) throw new Error('the views did not catch up');
      await sleep(STEP_MS);
    }
    return times;
  }

  const p50: number[] = [];
  const p99: number[] = [];
  runner.start();
  try {
    await openLoop(WARM_SECONDS);
    for (let round = 1; round <= rounds; round += 1) {
      say(`append to visible, round ${String(round)}`);
      const measured = await openLoop(SECONDS * size);
      p50.push(quantile(measured, 0.5));
      p99.push(quantile(measured, 0.99));
    }
  } finally {
    await runner.stop();
    await Promise.all([store.close(), close()]);
  }
  const what = `append to visible in every view, ${PER_SECOND.toLocaleString('en')} events/s`;
  return [
    { what: `${what}, p50`, unit: 'ms', measured: p50, bar: { of: 'value', atMost: 3 } },
    { what: `${what}, p99`, unit: 'ms', measured: p99, bar: { of: 'value', atMost: 10 } },
  ];
};
