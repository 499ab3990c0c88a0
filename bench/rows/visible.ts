/**
 * From the moment an event is due until every view shows it, whatever the answers do; and how long the event loop of a process
 * that does all of it keeps others waiting.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPostgres } from '../../src/adapters/postgres/index.ts';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { decode } from '../../src/domain/codec.ts';
import type { EventStore, PubSub, Position } from '../../src/ports.ts';
import { PROJECTION_STATUS_TOPIC } from '../../src/engine/projections/projection-status.ts';
import { createRunner } from '../../src/engine/projections/runner.ts';
import { createViews } from '../../src/projections/views.ts';
import { type Bench, type Finding, quantile } from '../report/finding.ts';
import { type Appended, ticketHistory } from '../history/ticket-history.ts';

/** Appends a second, with what is asked of them in milliseconds. */
const PACES = [
  { perSecond: 300, p50: 3, p99: 10 },
  { perSecond: 4_000, p50: 8, p99: 30 },
] as const;
const LOOP_DELAY_MS = 5;
const SECONDS = 5;
const WARM_SECONDS = 2;
/** A step of the clock: so many events are due at once. */
const STEP_MS = 5;
const LOOK_MS = 1;
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

  async function openLoop(perSecond: number, seconds: number): Promise<readonly number[]> {
    times = [];
    const began = performance.now();
    const count = Math.round(perSecond * seconds);
    const appends: Promise<void>[] = [];
    for (let n = 0; n < count; n += 1) {
      const due = began + Math.floor((n * 1_000) / perSecond / STEP_MS) * STEP_MS;
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

  const findings = PACES.flatMap(({ perSecond, p50, p99 }) => {
    const what = `append to visible in every view, ${perSecond.toLocaleString('en')} events/s`;
    return [
      { perSecond, share: 0.5, what: `${what}, p50`, atMost: p50, measured: [] as number[] },
      { perSecond, share: 0.99, what: `${what}, p99`, atMost: p99, measured: [] as number[] },
    ];
  });
  const fastest = Math.max(...PACES.map(({ perSecond }) => perSecond));
  const delays: number[] = [];
  runner.start();
  try {
    await openLoop(fastest, WARM_SECONDS);
    for (let round = 1; round <= rounds; round += 1) {
      say(`append to visible, round ${String(round)}`);
      for (const { perSecond } of PACES) {
        const loop = monitorEventLoopDelay({ resolution: LOOK_MS });
        loop.enable();
        const measured = await openLoop(perSecond, SECONDS * size);
        loop.disable();
        for (const row of findings)
          if (row.perSecond === perSecond) row.measured.push(quantile(measured, row.share));
        // It measures from one look to the next.
        if (perSecond === fastest) delays.push(loop.percentile(99) / 1e6 - LOOK_MS);
      }
    }
  } finally {
    await runner.stop();
    await Promise.all([store.close(), close()]);
  }
  return [
    ...findings.map(({ what, measured, atMost }): Finding => ({
      what,
      unit: 'ms',
      measured,
      bar: { of: 'value', atMost },
    })),
    {
      what: `event-loop delay of the process that appends and projects ${fastest.toLocaleString('en')} events/s, p99`,
      unit: 'ms',
      measured: delays,
      bar: { of: 'value', atMost: LOOP_DELAY_MS },
    },
  ];
};
