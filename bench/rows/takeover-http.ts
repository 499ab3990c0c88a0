/** Takeover as the dashboard does it: over HTTP, with token, schema, read-your-write and audit, tickets as they came in. */
import { sql } from 'kysely';
import { statement } from '../../src/engine/sql/statement.ts';
import { CRUD, crudLimit } from '../limits/crud-limit.ts';
import { type Bench, quantile } from '../report/finding.ts';
import { type Answers, load, request } from '../processes/load.ts';
import { CLIENTS } from '../limits/pgbench.ts';
import { query } from '../processes/postgres.ts';
import { type BenchProgram, startBenchProgram } from '../processes/program.ts';

const TICKETS = 10_000;
const AGENTS = 50;
const RACES = 200;

const storeHead = statement(
  null,
  () => sql<{ readonly head: string }>`select head::text as head from es.store`,
);
const openedAfter = statement(
  null,
  (position: string) => sql<{ readonly id: string }>`
    select data->>'ticketId' as id from es.events
     where position > ${position} and type = 'TicketOpened' order by position`,
);

type Headers = Readonly<Record<string, string>>;

/** One delivery each of so many customers. @param turn another one: they write again */
export const firstMessages = (
  program: Pick<BenchProgram, 'webhook'>,
  name: string,
  count: number,
  turn = '',
): readonly Buffer[] =>
  Array.from({ length: count }, (_, n) =>
    program.webhook({
      user_id: `web_${name}-${String(n)}`,
      user_name: 'Budi Santoso',
      channel: 'web',
      division: 'sari',
      bot_id: 'sari',
      message: 'Halo, mau tanya ongkir kargo dari Jakarta ke Batam untuk 250 kg',
      message_id: `${name}-${String(n)}${turn}`,
      timestamp: new Date().toISOString(),
      is_office_hours: true,
    }),
  );

/** Customers who write for the first time. @returns the ids of their tickets, FREE, in the order they opened */
async function customersWrite(program: BenchProgram, name: string, count: number): Promise<string[]> {
  const requests = firstMessages(program, name, count);
  const [before] = await query(program.databaseUrl, storeHead());
  expectAll(
    200,
    await load({ port: program.port, connections: CLIENTS, pace: { kind: 'closed' }, requests }),
  );
  await program.settled();
  const rows = await query(program.databaseUrl, openedAfter(before?.head ?? '0'));
  if (rows.length !== count) throw new Error(`${String(rows.length)} tickets of ${String(count)} customers`);
  return rows.map(({ id }) => id);
}

export function expectAll(status: number, { statuses }: Answers): void {
  const other = statuses.find((one) => one !== status);
  if (other !== undefined) throw new Error(`a request was answered ${String(other)}`);
}

export const takeOver = (ticketId: string, agent: Headers | undefined): Buffer =>
  request('POST', `/api/admin/ticket/${ticketId}/self-takeover`, { ...agent }, '{}');

/** The agents in turn take each ticket over. @returns takeovers per second */
export async function takeAllOver(
  program: BenchProgram,
  tickets: readonly string[],
  agents: readonly Headers[],
): Promise<number> {
  const requests = tickets.map((id, n) => takeOver(id, agents[n % agents.length]));
  const answers = await load({
    port: program.port,
    connections: CLIENTS,
    pace: { kind: 'closed' },
    requests,
  });
  expectAll(200, answers);
  await program.settled();
  return tickets.length / answers.seconds;
}

export const takeoverHttp: Bench = async ({ server, rounds, size, say, log }) => {
  const limitOnce = await crudLimit(server, 'bench_takeover_http_limit');
  const program = await startBenchProgram(server, 'bench_takeover_http');
  const measured: number[] = [];
  const limit: number[] = [];
  try {
    const agents = await program.agents(AGENTS, log);
    const round = async (name: string, count: number): Promise<number> => {
      const tickets = await customersWrite(program, name, count);
      return takeAllOver(program, tickets, agents);
    };
    await round('warm', TICKETS / 5);
    for (let n = 1; n <= rounds; n += 1) {
      say(`takeover over HTTP, round ${String(n)}`);
      limit.push(await limitOnce());
      measured.push(await round(`round${String(n)}`, TICKETS * size));
    }
  } finally {
    await program.stop();
  }
  return [
    {
      what: 'takeover over HTTP, 32 connections',
      unit: '/s',
      measured,
      limit: { what: CRUD, measured: limit },
      bar: { of: 'ratio', atLeast: 2.5 },
    },
  ];
};

/** 50 agents, one ticket, the same instant: how long until the last one has an answer, and how many got it? */
export const race: Bench = async ({ server, rounds, size, say, log }) => {
  const program = await startBenchProgram(server, 'bench_race');
  const p50: number[] = [];
  const p99: number[] = [];
  const winners: number[] = [];
  try {
    const agents = await program.agents(AGENTS, log);
    for (let n = 0; n <= rounds; n += 1) {
      say(n === 0 ? '50 agents race, warming up' : `50 agents race, round ${String(n)}`);
      const tickets = await customersWrite(program, `race${String(n)}`, RACES * size);
      const { statuses, milliseconds } = await load({
        port: program.port,
        connections: AGENTS,
        pace: { kind: 'volley', pauseMs: 10 },
        requests: tickets.flatMap((id) => agents.map((agent) => takeOver(id, agent))),
      });
      await program.settled();
      const races = tickets.map((_, at) => ({
        won: statuses.slice(at * AGENTS, (at + 1) * AGENTS).filter((status) => status === 200).length,
        lost: statuses.slice(at * AGENTS, (at + 1) * AGENTS).filter((status) => status === 409).length,
        last: Math.max(...milliseconds.slice(at * AGENTS, (at + 1) * AGENTS)),
      }));
      if (n === 0) continue;
      if (races.some(({ won, lost }) => won + lost !== AGENTS)) throw new Error('neither 200 nor 409');
      p50.push(
        quantile(
          races.map(({ last }) => last),
          0.5,
        ),
      );
      p99.push(
        quantile(
          races.map(({ last }) => last),
          0.99,
        ),
      );
      winners.push(Math.max(...races.map(({ won }) => won)));
    }
  } finally {
    await program.stop();
  }
  return [
    { what: '50 agents race for one ticket, all answered, p50', unit: 'ms', measured: p50 },
    {
      what: '50 agents race for one ticket, all answered, p99',
      unit: 'ms',
      measured: p99,
      bar: { of: 'value', atMost: 15 },
    },
    {
      what: 'most winners of one race',
      unit: '',
      measured: winners,
      bar: { of: 'value', atMost: 1 },
    },
  ];
};
