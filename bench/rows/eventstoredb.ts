/**
 * EventStoreDB against the Postgres store: the same program and the same work, side by side in one run
 * (docs/design/performance.md#eventstoredb). EVENTSTORE_TEST_COMMAND starts the node, as for `npm run test:eventstoredb`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { startRealNode } from '../../test/support/real-eventstoredb/node.ts';
import { createPostgres } from '../../src/adapters/postgres/index.ts';
import { createBulk } from '../../src/adapters/postgres/bulk.ts';
import { decode } from '../../src/domain/codec.ts';
import { FULL_SPEED } from '../../src/engine/projections/rebuild/pace.ts';
import { rebuildViews } from '../../src/engine/projections/rebuild/rebuild.ts';
import { statement } from '../../src/engine/sql/statement.ts';
import { createViews } from '../../src/projections/views.ts';
import { CLIENTS } from '../limits/pgbench.ts';
import { load } from '../processes/load.ts';
import { query } from '../processes/postgres.ts';
import { type BenchProgram, openBenchStore, startBenchProgram } from '../processes/program.ts';
import type { Bench, Finding, Setting } from '../report/finding.ts';
import { expectAll, firstMessages, takeAllOver } from './takeover-http.ts';
import { closedLoop } from './webhook.ts';

const NEW_CUSTOMERS = 1_500;
const DELIVERIES = 6_000;
/** Few: hashing their passwords keeps a processor busy. */
const AGENTS = 8;
const INBOX_WITHIN_MS = 120_000;
/** Pairs of rebuilds per round: one takes seconds, and the machine's mood changes. */
const REBUILDS = 2;

type Headers = Readonly<Record<string, string>>;

interface Side {
  readonly program: BenchProgram;
  readonly eventStoreUrl: string | undefined;
  readonly agents: readonly Headers[];
}

/** Events, deliveries, customers or takeovers per second. */
interface Figures {
  readonly webhooks: number;
  readonly customers: number;
  readonly takeovers: number;
}

const ticketsOf = statement(
  null,
  (customers: string) => sql<{ readonly id: string }>`
    select id::text as id from read.tickets where card->>'customer_name' = ${customers} order by created_at`,
);

/** @returns the ids of their tickets, and new customers per second from the first delivery to the last ticket in the inbox */
async function customersUntilInbox(
  { program }: Side,
  name: string,
  count: number,
): Promise<{ readonly tickets: readonly string[]; readonly perSecond: number }> {
  const requests = firstMessages(program, name, count);
  const known = new Set((await query(program.databaseUrl, ticketsOf('Budi Santoso'))).map(({ id }) => id));
  const began = performance.now();
  expectAll(
    200,
    await load({ port: program.port, connections: CLIENTS, pace: { kind: 'closed' }, requests }),
  );
  for (;;) {
    const all = await query(program.databaseUrl, ticketsOf('Budi Santoso'));
    const tickets = all.map(({ id }) => id).filter((id) => !known.has(id));
    const seconds = (performance.now() - began) / 1000;
    if (tickets.length === count) return { tickets, perSecond: count / seconds };
    if (seconds * 1000 > INBOX_WITHIN_MS)
      throw new Error(`${String(tickets.length)} tickets of ${String(count)} customers`);
    await sleep(50);
  }
}

async function measure(side: Side, name: string, size: number): Promise<Figures> {
  const webhooks = await closedLoop(side.program, name, Math.round(DELIVERIES * size));
  const { tickets, perSecond } = await customersUntilInbox(side, name, Math.round(NEW_CUSTOMERS * size));
  await side.program.settled();
  return { webhooks, customers: perSecond, takeovers: await takeAllOver(side.program, tickets, side.agents) };
}

/** @returns events per second */
async function rebuildAll({ program, eventStoreUrl }: Side, log: Setting['log']): Promise<number> {
  const url = program.databaseUrl;
  const store = await openBenchStore(url, eventStoreUrl, log);
  const { writes, close } = createPostgres({ url, logger: log });
  let events = 0;
  try {
    const began = performance.now();
    await rebuildViews(
      {
        store,
        bulk: createBulk({ url, logger: log }),
        write: writes,
        decode,
        pace: FULL_SPEED,
        onProgress: (progress) => {
          if (progress.step === 'reading') events = Math.max(events, progress.done);
        },
        signal: new AbortController().signal,
      },
      createViews(),
    );
    return events / ((performance.now() - began) / 1000);
  } finally {
    await Promise.all([store.close(), close()]);
  }
}

export const eventstoredb: Bench = async ({ server, rounds, size, log, say }) => {
  const command = process.env.EVENTSTORE_TEST_COMMAND ?? '';
  if (command === '') {
    say('no EventStoreDB: EVENTSTORE_TEST_COMMAND is not set (docs/testing.md#a-real-eventstoredb)');
    return [];
  }
  const node = await startRealNode(command);
  const sides: Side[] = [];
  try {
    const eventStoreUrl = `esdb://127.0.0.1:${String(node.port)}?tls=false`;
    for (const [name, url] of [
      ['bench_store_postgres', undefined],
      ['bench_store_eventstoredb', eventStoreUrl],
    ] as const) {
      const program = await startBenchProgram(server, name, { ...(url && { EVENTSTORE_URL: url }) });
      sides.push({ program, eventStoreUrl: url, agents: [] });
    }
    const [first, second] = sides as [Side, Side];
    const postgres = { ...first, agents: await first.program.agents(AGENTS, log) };
    const esdb = { ...second, agents: await second.program.agents(AGENTS, log) };
    for (const side of [postgres, esdb]) await measure(side, 'warm', size / 3);
    const measured: { readonly esdb: Figures; readonly postgres: Figures }[] = [];
    for (let n = 1; n <= rounds; n += 1) {
      say(`EventStoreDB beside the Postgres store, round ${String(n)}`);
      const name = `round${String(n)}`;
      const before = await measure(postgres, name, size);
      const pair = { postgres: before, esdb: await measure(esdb, name, size) };
      measured.push(pair);
      say(
        `... ${JSON.stringify(pair, (_, value: unknown) => (typeof value === 'number' ? Math.round(value) : value))}`,
      );
    }
    for (const { program } of sides.splice(0)) await program.stop();
    const rebuilt: { readonly esdb: number; readonly postgres: number }[] = [];
    for (let n = 1; n <= rounds * REBUILDS; n += 1) {
      say(`rebuild of all views, pair ${String(n)}`);
      const before = await rebuildAll(postgres, log);
      const pair = { postgres: before, esdb: await rebuildAll(esdb, log) };
      rebuilt.push(pair);
      say(`... ${pair.esdb.toFixed(0)} and ${pair.postgres.toFixed(0)} events per second`);
    }
    return findingsOf(measured, rebuilt);
  } finally {
    for (const { program } of sides) await program.stop();
    await node.stop();
  }
};

function findingsOf(
  measured: readonly { readonly esdb: Figures; readonly postgres: Figures }[],
  rebuilt: readonly { readonly esdb: number; readonly postgres: number }[],
): readonly Finding[] {
  const row = (
    what: string,
    bar: number,
    pairs: readonly { readonly esdb: number; readonly postgres: number }[],
  ): Finding => ({
    what: `EventStoreDB: ${what}`,
    unit: '/s',
    measured: pairs.map(({ esdb }) => esdb),
    limit: { what: 'the same on the Postgres store', measured: pairs.map(({ postgres }) => postgres) },
    bar: { of: 'ratio', atLeast: bar },
  });
  const of = (name: keyof Figures) =>
    measured.map(({ esdb, postgres }) => ({ esdb: esdb[name], postgres: postgres[name] }));
  return [
    row('rebuild of all views', 0.9, rebuilt),
    row('takeover over HTTP, 32 connections', 0.75, of('takeovers')),
    row('webhooks accepted, 32 connections', 0.7, of('webhooks')),
    row('1,500 new customers until all stand in the inbox', 0.6, of('customers')),
  ];
}
