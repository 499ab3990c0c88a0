/**
 * The product next to what its users would have instead, in one run: the stack that the PRD prescribes, and Express with pg
 * (docs/design/performance.md#peers). The product does all of its work: events, encryption, every view, live streams.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { statement } from '../../src/engine/sql/statement.ts';
import { CLIENTS } from '../limits/pgbench.ts';
import { assertPrdStack, type Peer, type PeerName, startPeer } from '../peers/peers.ts';
import { query } from '../processes/postgres.ts';
import { startBenchProgram } from '../processes/program.ts';
import { assertWrk, wrk } from '../processes/wrk.ts';
import type { Bench, Finding, Setting } from '../report/finding.ts';
import { firstMessages, takeOver } from './takeover-http.ts';

const NEW_CUSTOMERS = 4_000;
const DELIVERIES = 12_000;
/** Few: hashing their passwords keeps a processor busy. */
const AGENTS = 8;
const INBOX_WITHIN_MS = 120_000;

/** The tables of one side: what it keeps of customers, messages and takeovers. */
interface Side {
  readonly program: Peer;
  readonly ticketIds: string;
  readonly taken: string;
  readonly messages: string;
  readonly agents: readonly Readonly<Record<string, string>>[];
  /** Expected so far. */
  customers: number;
  said: number;
}

interface Figures {
  /** Customers, deliveries and takeovers a second. */
  readonly customers: number;
  readonly webhooks: number;
  readonly takeovers: number;
}

const PRODUCT = 'saga';
const PEERS: readonly PeerName[] = ['PRD stack', 'Express CRUD'];

const ids = (text: string) => statement(null, () => sql<{ readonly id: string }>`${sql.raw(text)}`)();
const count = (text: string) => statement(null, () => sql<{ readonly n: number }>`${sql.raw(text)}`)();

const OF_THE_PRODUCT = {
  ticketIds: `select id::text as id from read.tickets where assigned_to is null order by created_at`,
  taken: `select count(*)::int as n from read.tickets where assigned_to is not null`,
  messages: `select count(*)::int as n from read.messages_l1`,
};
const OF_A_PEER = {
  ticketIds: `select id::text as id from tickets where queue_status = 'free' order by created_at`,
  taken: `select count(*)::int as n from audit_log`,
  messages: `select count(*)::int as n from messages_l1`,
};

async function numberOf({ program }: Side, text: string): Promise<number> {
  const [row] = await query(program.databaseUrl, count(text));
  return row?.n ?? Number.NaN;
}

/** From the first delivery until the last of them stands in the inbox. @returns their tickets, and customers a second */
async function newCustomers(side: Side, name: string, size: number, folder: string) {
  const { program } = side;
  const requests = firstMessages(program, name, size);
  const began = performance.now();
  await wrk({ port: program.port, connections: CLIENTS, requests, folder });
  for (;;) {
    const tickets = await query(program.databaseUrl, ids(side.ticketIds));
    const seconds = (performance.now() - began) / 1000;
    if (tickets.length === size) return { tickets: tickets.map(({ id }) => id), perSecond: size / seconds };
    if (seconds * 1000 > INBOX_WITHIN_MS)
      throw new Error(`${String(tickets.length)} tickets of ${String(size)} customers`);
    await sleep(20);
  }
}

async function measure(side: Side, name: string, size: number, folder: string): Promise<Figures> {
  const { program, agents } = side;
  const customers = Math.round(NEW_CUSTOMERS * size);
  const { tickets, perSecond } = await newCustomers(side, name, customers, folder);
  await program.settled();
  const takeovers = await wrk({
    port: program.port,
    connections: CLIENTS,
    requests: tickets.map((id, n) => takeOver(id, agents[n % agents.length])),
    folder,
  });
  await program.settled();
  const again = Math.round(DELIVERIES * size);
  // Those of this round write again.
  const more = Array.from({ length: Math.ceil(again / customers) }, (_, turn) =>
    firstMessages(program, name, customers, `again-${String(turn)}`),
  ).flat();
  const requests = more.slice(0, again);
  const webhooks = await wrk({ port: program.port, connections: CLIENTS, requests, folder });
  await program.settled();
  side.customers += customers;
  side.said += customers + again;
  const found = [await numberOf(side, side.taken), await numberOf(side, side.messages)];
  if (found[0] !== side.customers || found[1] !== side.said)
    throw new Error(
      `${found.join(' takeovers and messages, ')} instead of ${String(side.customers)}, ${String(side.said)}`,
    );
  return {
    customers: perSecond,
    takeovers: tickets.length / takeovers.seconds,
    webhooks: again / webhooks.seconds,
  };
}

async function open(name: string, { server, log }: Setting): Promise<Side> {
  const isProduct = name === PRODUCT;
  const database = `bench_peers_${name.toLowerCase().replace(/\W/g, '_')}`;
  const program = isProduct
    ? await startBenchProgram(server, database)
    : await startPeer(server, name as PeerName, database);
  const agents = await program.agents(AGENTS, log);
  return { program, ...(isProduct ? OF_THE_PRODUCT : OF_A_PEER), agents, customers: 0, said: 0 };
}

export const peers: Bench = async (setting) => {
  const { server, rounds, size, say } = setting;
  await assertWrk();
  say(await assertPrdStack());
  const measured = new Map<string, Figures[]>();
  const sides = new Map<string, Side>();
  try {
    for (const name of [PRODUCT, ...PEERS]) {
      const side = await open(name, setting);
      sides.set(name, side);
      await measure(side, 'warm', size / 4, server.folder);
    }
    for (let n = 1; n <= rounds; n += 1)
      for (const [name, side] of sides) {
        const figures = await measure(side, `round${String(n)}`, size, server.folder);
        measured.set(name, [...(measured.get(name) ?? []), figures]);
        const { customers, takeovers, webhooks } = figures;
        say(
          `${name}, round ${String(n)}: ${customers.toFixed(0)} new customers, ${takeovers.toFixed(0)} takeovers, ` +
            `${webhooks.toFixed(0)} webhooks a second`,
        );
      }
  } finally {
    for (const { program } of sides.values()) await program.stop();
  }
  const row = (what: string, of: keyof Figures, peer: PeerName, atLeast: number): Finding => ({
    what: `${what} / ${peer}`,
    unit: '/s',
    measured: (measured.get(PRODUCT) ?? []).map((figures) => figures[of]),
    limit: { what: peer, measured: (measured.get(peer) ?? []).map((figures) => figures[of]) },
    bar: { of: 'ratio', atLeast },
  });
  return [
    row('takeover over HTTP', 'takeovers', 'PRD stack', 8),
    row('takeover over HTTP', 'takeovers', 'Express CRUD', 2.5),
    row('webhook answered', 'webhooks', 'PRD stack', 8),
    row('webhook answered', 'webhooks', 'Express CRUD', 2.5),
    row('new customers until they stand in the inbox', 'customers', 'PRD stack', 4),
    row('new customers until they stand in the inbox', 'customers', 'Express CRUD', 2),
  ];
};
