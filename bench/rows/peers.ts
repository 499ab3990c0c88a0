/**
 * The product next to what its users would have instead, in one run: the stack that the PRD prescribes, and Express with pg
 * (docs/design/performance.md#peers). The product does all of its work: events, encryption, every view, live streams.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { statement } from '../../src/engine/sql/statement.ts';
import { CLIENTS } from '../limits/pgbench.ts';
import { assertPrdStack, type Peer, type PeerName, startPeer } from '../peers/peers.ts';
import { type BenchServer, query } from '../processes/postgres.ts';
import { processorSeconds } from '../processes/processor-time.ts';
import { startBenchProgram } from '../processes/program.ts';
import { assertWrk, wrk } from '../processes/wrk.ts';
import type { Bench, Finding, Setting } from '../report/finding.ts';
import { firstMessages, takeOver } from './takeover-http.ts';

const NEW_CUSTOMERS = 4_000;
const DELIVERIES = 12_000;
/** Few: hashing their passwords keeps a processor busy. */
const AGENTS = 8;
/** A share of a round: enough for the compiler of a program to know its hot paths, also where the rounds themselves are short. */
const WARM_SIZE = 0.5;
const INBOX_WITHIN_MS = 120_000;

/** The tables of one side: what it keeps of customers, messages and takeovers. */
interface Side {
  readonly program: Peer;
  readonly free: string;
  readonly ticketIds: string;
  readonly taken: string;
  readonly messages: string;
  readonly agents: readonly Readonly<Record<string, string>>[];
  /** Expected so far. */
  customers: number;
  said: number;
}

type Work = 'customers' | 'takeovers' | 'webhooks';

/** Of one kind of work. */
interface Figure {
  readonly perSecond: number;
  /** Milliseconds of processor time for each, until all work behind the answers is done too. */
  readonly program: number;
  readonly postgres: number;
  readonly generator: number;
}

type Figures = Readonly<Record<Work, Figure>>;

const PRODUCT = 'saga';
const PEERS: readonly PeerName[] = ['PRD stack', 'Express CRUD'];

const ids = (text: string) => statement(null, () => sql<{ readonly id: string }>`${sql.raw(text)}`)();
const count = (text: string) => statement(null, () => sql<{ readonly n: number }>`${sql.raw(text)}`)();

const OF_THE_PRODUCT = {
  free: `select count(*)::int as n from read.tickets where assigned_to is null`,
  ticketIds: `select id::text as id from read.tickets where assigned_to is null order by created_at`,
  taken: `select count(*)::int as n from read.tickets where assigned_to is not null`,
  messages: `select count(*)::int as n from read.messages_l1`,
};
const OF_A_PEER = {
  free: `select count(*)::int as n from tickets where queue_status = 'free'`,
  ticketIds: `select id::text as id from tickets where queue_status = 'free' order by created_at`,
  taken: `select count(*)::int as n from audit_log`,
  messages: `select count(*)::int as n from messages_l1`,
};

async function numberOf({ program }: Side, text: string): Promise<number> {
  const [row] = await query(program.databaseUrl, count(text));
  return row?.n ?? Number.NaN;
}

/** Runs the work, waits until nothing goes on behind it, and says what it took of whom. */
async function timed(
  { program }: Side,
  { pid }: BenchServer,
  count: number,
  work: () => Promise<{ readonly seconds: number; readonly cpuSeconds: number }>,
): Promise<Figure> {
  const before = [processorSeconds(program.pid), processorSeconds(pid())] as const;
  const { seconds, cpuSeconds } = await work();
  await program.settled();
  const each = (now: number, then: number): number => ((now - then) * 1000) / count;
  return {
    perSecond: count / seconds,
    program: each(processorSeconds(program.pid), before[0]),
    postgres: each(processorSeconds(pid()), before[1]),
    generator: each(cpuSeconds, 0),
  };
}

/** Each of so many customers writes once. @returns seconds from the first delivery until the last stands in the inbox */
async function newCustomers(side: Side, name: string, size: number, folder: string) {
  const { program } = side;
  const requests = firstMessages(program, name, size);
  const began = performance.now();
  const { cpuSeconds } = await wrk({ port: program.port, connections: CLIENTS, requests, folder });
  for (;;) {
    const found = await numberOf(side, side.free);
    const seconds = (performance.now() - began) / 1000;
    if (found === size) return { seconds, cpuSeconds };
    if (seconds * 1000 > INBOX_WITHIN_MS)
      throw new Error(`${String(found)} tickets of ${String(size)} customers`);
    await sleep(20);
  }
}

async function measure(side: Side, name: string, size: number, server: BenchServer): Promise<Figures> {
  const { program, agents } = side;
  const { folder } = server;
  const send = (requests: readonly Buffer[]) =>
    wrk({ port: program.port, connections: CLIENTS, requests, folder });
  const count = Math.round(NEW_CUSTOMERS * size);
  const customers = await timed(side, server, count, () => newCustomers(side, name, count, folder));
  const tickets = await query(program.databaseUrl, ids(side.ticketIds));
  const takeovers = await timed(side, server, count, () =>
    send(tickets.map(({ id }, n) => takeOver(id, agents[n % agents.length]))),
  );
  const again = Math.round(DELIVERIES * size);
  // Those of this round write again.
  const more = Array.from({ length: Math.ceil(again / count) }, (_, turn) =>
    firstMessages(program, name, count, `again-${String(turn)}`),
  ).flat();
  const webhooks = await timed(side, server, again, () => send(more.slice(0, again)));
  side.customers += count;
  side.said += count + again;
  const found = [await numberOf(side, side.taken), await numberOf(side, side.messages)];
  if (found[0] !== side.customers || found[1] !== side.said)
    throw new Error(
      `${found.join(' takeovers and messages, ')} instead of ${String(side.customers)}, ${String(side.said)}`,
    );
  return { customers, takeovers, webhooks };
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

const sentenceOf = (figures: Figures): string =>
  Object.entries(figures)
    .map(
      ([work, { perSecond, program, postgres, generator }]) =>
        `${perSecond.toFixed(0)} ${work}/s (ms of processor time: program ${program.toFixed(2)}, Postgres ` +
        `${postgres.toFixed(2)}, generator ${generator.toFixed(2)})`,
    )
    .join('; ');

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
      say(`${name}, warming up: ${sentenceOf(await measure(side, 'warm', WARM_SIZE, server))}`);
    }
    for (let n = 1; n <= rounds; n += 1)
      for (const [name, side] of sides) {
        const figures = await measure(side, `round${String(n)}`, size, server);
        measured.set(name, [...(measured.get(name) ?? []), figures]);
        say(`${name}, round ${String(n)}: ${sentenceOf(figures)}`);
      }
  } finally {
    for (const { program } of sides.values()) await program.stop();
  }
  const of = (name: string, figure: (figures: Figures) => number): readonly number[] =>
    (measured.get(name) ?? []).map(figure);
  const perSecond = (what: string, work: Work, peer: PeerName, atLeast: number): Finding => ({
    what: `${what} / ${peer}`,
    unit: '/s',
    measured: of(PRODUCT, (figures) => figures[work].perSecond),
    limit: { what: peer, measured: of(peer, (figures) => figures[work].perSecond) },
    bar: { of: 'ratio', atLeast },
  });
  const processorTime = (what: string, work: Work, peer: PeerName): Finding => ({
    what: `... processor time of one, program and Postgres / ${peer}: ${what}`,
    unit: 'ms',
    measured: of(PRODUCT, (figures) => figures[work].program + figures[work].postgres),
    limit: { what: peer, measured: of(peer, (figures) => figures[work].program + figures[work].postgres) },
  });
  const rows = (what: string, work: Work, bars: Readonly<Record<PeerName, number>>): Finding[] =>
    PEERS.flatMap((peer) => [perSecond(what, work, peer, bars[peer]), processorTime(what, work, peer)]);
  return [
    ...rows('takeover over HTTP', 'takeovers', { 'PRD stack': 8, 'Express CRUD': 2.5 }),
    ...rows('webhook answered', 'webhooks', { 'PRD stack': 8, 'Express CRUD': 2.5 }),
    ...rows('new customers until they stand in the inbox', 'customers', {
      'PRD stack': 4,
      'Express CRUD': 2,
    }),
  ];
};
