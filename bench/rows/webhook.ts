/** Webhooks over HTTP: signature, schema, stored durably, answered; the ingester and the projector work behind them. */
import { CRUD, crudLimit } from '../limits/crud-limit.ts';
import { type Bench, quantile } from '../report/finding.ts';
import { load } from '../processes/load.ts';
import { CLIENTS } from '../limits/pgbench.ts';
import { type BenchProgram, startBenchProgram } from '../processes/program.ts';
import { expectAll } from './takeover-http.ts';

const DELIVERIES = 20_000;
/** Customers who write again and again. */
const CUSTOMERS = 1_000;
/** Meta's peak for one number (docs/design/performance.md#metas-peak), and for how long. */
const PEAK = { perSecond: 3_300, seconds: 5, connections: 256 };

function deliveries(program: BenchProgram, name: string, count: number): Buffer[] {
  const timestamp = new Date().toISOString();
  return Array.from({ length: count }, (_, n) =>
    program.webhook({
      user_id: `web_bench-${String(n % CUSTOMERS)}`,
      user_name: 'Siti Rahma',
      channel: 'web',
      division: 'sari',
      bot_id: 'sari',
      message: `Bisa kirim motor dari Bandung ke Medan minggu depan? ${String(n)}`,
      message_id: `${name}-${String(n)}`,
      timestamp,
      is_office_hours: true,
    }),
  );
}

/** @returns deliveries per second, each answered 200 */
export async function closedLoop(program: BenchProgram, name: string, count: number): Promise<number> {
  const answers = await load({
    port: program.port,
    connections: CLIENTS,
    pace: { kind: 'closed' },
    requests: deliveries(program, name, count),
  });
  expectAll(200, answers);
  await program.settled();
  return count / answers.seconds;
}

/** @returns p99 in ms at Meta's peak */
async function atPeak(program: BenchProgram, name: string): Promise<number> {
  const { perSecond, seconds, connections } = PEAK;
  const answers = await load({
    port: program.port,
    connections,
    pace: { kind: 'open', perSecond },
    requests: deliveries(program, name, perSecond * seconds),
  });
  expectAll(200, answers);
  await program.settled();
  return quantile(answers.milliseconds, 0.99);
}

export const webhook: Bench = async ({ server, rounds, size, say }) => {
  const limitOnce = await crudLimit(server, 'bench_webhook_limit');
  const whole = await startBenchProgram(server, 'bench_webhook');
  const apiOnly = await startBenchProgram(server, 'bench_webhook_api', { RUN: 'api' });
  const all: number[] = [];
  const alone: number[] = [];
  const limit: number[] = [];
  const p99: number[] = [];
  const p99Alone: number[] = [];
  try {
    await closedLoop(whole, 'warm', DELIVERIES / 4);
    await closedLoop(apiOnly, 'warm', DELIVERIES / 4);
    for (let n = 1; n <= rounds; n += 1) {
      say(`webhook over HTTP, round ${String(n)}`);
      limit.push(await limitOnce());
      all.push(await closedLoop(whole, `round${String(n)}`, DELIVERIES * size));
      alone.push(await closedLoop(apiOnly, `round${String(n)}`, DELIVERIES * size));
      p99.push(await atPeak(whole, `peak${String(n)}`));
      p99Alone.push(await atPeak(apiOnly, `peak${String(n)}`));
    }
  } finally {
    await Promise.all([whole.stop(), apiOnly.stop()]);
  }
  const against = { what: CRUD, measured: limit };
  const peak = `webhook at ${String(PEAK.perSecond)}/s, p99`;
  const soon = { of: 'value', atMost: 10 } as const;
  return [
    {
      what: 'webhook over HTTP, 32 connections, everything in one process',
      unit: '/s',
      measured: all,
      limit: against,
      bar: { of: 'ratio', atLeast: 2.5 },
    },
    { what: '... a process with RUN=api', unit: '/s', measured: alone, limit: against },
    { what: `${peak}, everything in one process`, unit: 'ms', measured: p99, bar: soon },
    { what: '... a process with RUN=api', unit: 'ms', measured: p99Alone },
  ];
};
