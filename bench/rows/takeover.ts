/** Takeover at the store: load, decide, append, by the product's own command; 32 callers in one process. */
import { systemClock, uuids } from '../../src/adapters/clock.ts';
import { createChainedEventStore } from '../../src/adapters/hash-chain/chained-event-store.ts';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { createCommandHandler, createStateCache } from '../../src/engine/commands/command-handler.ts';
import { selfTakeover } from '../../src/commands/tickets/self-takeover.ts';
import { ticket } from '../../src/domain/tickets/ticket.ts';
import type { EventStore } from '../../src/ports.ts';
import { agent } from '../history/callers.ts';
import { CRUD, crudLimit } from '../limits/crud-limit.ts';
import { type Bench, type Finding, median } from '../report/finding.ts';
import { openTickets, talk } from '../history/free-tickets.ts';
import { CLIENTS } from '../limits/pgbench.ts';

const WARM = 24_000;
const COLD = 12_000;
const observer = { appended: () => undefined, conflicted: () => undefined };

/** The takeover command of a process that keeps `statesKept` states in memory. */
function takeoversWith(store: EventStore, statesKept: number) {
  const handler = createCommandHandler({ store, ids: uuids, cache: createStateCache(statesKept), observer });
  const takeOver = selfTakeover({ handler, clock: systemClock });
  return {
    /** Loads the states into memory, as in the process that opened the tickets. */
    warm: (tickets: readonly string[]) =>
      inParallel(tickets, async (id) => {
        await handler.load(ticket, id);
      }),
    takeOver: (id: string, caller = agent(1)) =>
      takeOver({ caller, requestId: uuids.next(), correlationId: uuids.next() }, id),
  };
}

async function inParallel(tickets: readonly string[], work: (id: string) => Promise<unknown>): Promise<void> {
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let id = tickets[next++]; id !== undefined; id = tickets[next++]) await work(id);
  };
  await Promise.all(Array.from({ length: CLIENTS }, caller));
}

/** @returns takeovers per second */
async function measure(
  tickets: readonly string[],
  takeOver: (id: string) => Promise<unknown>,
): Promise<number> {
  const began = performance.now();
  await inParallel(tickets, takeOver);
  return tickets.length / ((performance.now() - began) / 1000);
}

export const takeover: Bench = async ({ server, rounds, size, say, log }) => {
  const limitOnce = await crudLimit(server, 'bench_takeover_limit');
  const connection = await server.migrated('bench_takeover');
  const store = createChainedEventStore(await createPostgresEventStore({ connection, logger: log }));
  const limit: number[] = [];
  const warm: number[] = [];
  const cold: number[] = [];
  try {
    for (let round = 0; round <= rounds; round += 1) {
      say(
        round === 0 ? 'takeover at the store, warming up' : `takeover at the store, round ${String(round)}`,
      );
      const inMemory = takeoversWith(store, 100_000);
      const forgetful = takeoversWith(store, 1);
      const known = await openTickets(store, WARM * (round === 0 ? 0.1 : size));
      const unknown = await openTickets(store, COLD * (round === 0 ? 0.1 : size));
      await inMemory.warm(known);
      const limited = round === 0 ? 0 : await limitOnce();
      const fast = await measure(known, inMemory.takeOver);
      const slow = await measure(unknown, forgetful.takeOver);
      if (round === 0) continue;
      limit.push(limited);
      warm.push(fast);
      cold.push(slow);
    }
  } finally {
    await store.close();
  }
  const against = { what: CRUD, measured: limit };
  const row = (what: string, measured: number[], atLeast: number): Finding => ({
    what,
    unit: '/s',
    measured,
    limit: against,
    bar: { of: 'ratio', atLeast },
  });
  return [
    row('takeover at the store, states in memory', warm, 4),
    row('takeover at the store, cold caches', cold, 2),
  ];
};

/** Messages of a short and of a very long talk. */
const SHORT = 4;
const LONG = 1_000;

/** Does a takeover cost more when the talk is long? One caller, cold caches, short and long in turns. */
export const growth: Bench = async ({ server, rounds, size, say, log }) => {
  const connection = await server.migrated('bench_growth');
  const store = createChainedEventStore(await createPostgresEventStore({ connection, logger: log }));
  const perRound = Math.ceil(40 * size);
  const short: number[] = [];
  const long: number[] = [];
  const timed = async (id: string): Promise<number> => {
    const began = performance.now();
    await takeoversWith(store, 1).takeOver(id);
    return performance.now() - began;
  };
  try {
    const many = await openTickets(store, 500);
    await measure(many, takeoversWith(store, 1).takeOver);
    for (let round = 1; round <= rounds; round += 1) {
      say(`takeover of long talks, round ${String(round)}`);
      const brief = await openTickets(store, perRound);
      const lengthy = await openTickets(store, perRound);
      await talk(store, brief, SHORT);
      await talk(store, lengthy, LONG);
      const times: { readonly short: number[]; readonly long: number[] } = { short: [], long: [] };
      for (let n = 0; n < perRound; n += 1) {
        times.short.push(await timed(brief[n] ?? ''));
        times.long.push(await timed(lengthy[n] ?? ''));
      }
      short.push(median(times.short));
      long.push(median(times.long));
    }
  } finally {
    await store.close();
  }
  return [
    {
      what: `takeover after ${String(LONG)} messages`,
      unit: 'ms',
      measured: long,
      limit: { what: `takeover after ${String(SHORT)} messages`, measured: short },
      bar: { of: 'ratio', atMost: 1.2 },
    },
  ];
};
