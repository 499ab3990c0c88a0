/** One event per append, 32 callers in one process, against one event per call of the plainest append function. */
import { systemClock, uuids } from '../../src/adapters/clock.ts';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { encode } from '../../src/domain/codec.ts';
import { ticketStream } from '../../src/domain/tickets/ticket.ts';
import type { EventStore } from '../../src/ports.ts';
import { TAKEN_OVER } from '../history/callers.ts';
import type { Bench } from '../report/finding.ts';
import { CLIENTS, pgbench, runSql } from '../limits/pgbench.ts';

export const SECONDS = 3;
/** Events to a stream, as in `pgbench/append.sql`. */
const EVENTS = 10n;

/** @returns appends per second */
export async function appendFor(store: EventStore, milliseconds: number): Promise<number> {
  const began = performance.now();
  let appends = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() - began < milliseconds) {
      const stream = ticketStream(uuids.next());
      for (let revision = -1n; revision < EVENTS - 1n; revision += 1n) {
        const { event, eventContext } = TAKEN_OVER(systemClock.now());
        await store.append(stream, [encode(event, uuids.next(), eventContext)], {
          expected: revision < 0n ? 'none' : revision,
        });
        appends += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, caller));
  return appends / ((performance.now() - began) / 1000);
}

export const append: Bench = async ({ server, rounds, say, log }) => {
  const limitUrl = await server.empty('bench_append_limit');
  await runSql(limitUrl, 'append-setup');
  const store = await createPostgresEventStore({
    connection: await server.migrated('bench_append'),
    logger: log,
  });
  const measured: number[] = [];
  const limit: number[] = [];
  try {
    await appendFor(store, 1_000); // plans, pages, compiled code
    for (let round = 1; round <= rounds; round += 1) {
      say(`append, round ${String(round)}`);
      const variables = { run: round };
      limit.push(await pgbench(limitUrl, 'append', { protocol: 'prepared', seconds: SECONDS, variables }));
      measured.push(await appendFor(store, SECONDS * 1000));
    }
  } finally {
    await store.close();
  }
  return [
    {
      what: 'append, 32 callers in one process',
      unit: '/s',
      measured,
      limit: { what: 'plain append function, pgbench, 32 clients, prepared', measured: limit },
      bar: { of: 'ratio', atLeast: 1.5 },
    },
  ];
};
