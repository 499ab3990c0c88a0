/** Webhooks over HTTP: signature, schema, stored durably, answered; the ingester and the projector work behind them. */
import { CRUD, crudLimit } from './crud-limit.ts';
import { type Bench, quantile } from './finding.ts';
import { load } from './load.ts';
import { CLIENTS } from './pgbench.ts';
import { type BenchProgram, startBenchProgram } from './program.ts';
import { expectAll } from './takeover-http.ts';

const DELIVERIES = 20_000;
/** Customers who write again and again. */
const CUSTOMERS = 1_000;
/** Meta's peak for one number (performance.md 6), and for how long. */
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

export const webhook: Bench = async ({ server, rounds, size, say }) => {
  const limitOnce = await crudLimit(server, 'bench_webhook_limit');
  const program = await startBenchProgram(server, 'bench_webhook');
  const { port } = program;
  const measured: number[] = [];
  const limit: number[] = [];
  const p99: number[] = [];
  try {
    const closed = async (name: string, count: number): Promise<number> => {
      const requests = deliveries(program, name, count);
      const answers = await load({ port, connections: CLIENTS, pace: { kind: 'closed' }, requests });
      expectAll(200, answers);
      await program.settled();
      return count / answers.seconds;
    };
    await closed('warm', DELIVERIES / 5);
    for (let n = 1; n <= rounds; n += 1) {
      say(`webhook over HTTP, round ${String(n)}`);
      limit.push(await limitOnce());
      measured.push(await closed(`round${String(n)}`, DELIVERIES * size));
      const { perSecond, seconds, connections } = PEAK;
      const requests = deliveries(program, `peak${String(n)}`, perSecond * seconds);
      const answers = await load({ port, connections, pace: { kind: 'open', perSecond }, requests });
      expectAll(200, answers);
      p99.push(quantile(answers.milliseconds, 0.99));
      await program.settled();
    }
  } finally {
    await program.stop();
  }
  return [
    {
      what: 'webhook over HTTP, 32 connections',
      unit: '/s',
      measured,
      limit: { what: CRUD, measured: limit },
      bar: { of: 'ratio', atLeast: 2.5 },
    },
    {
      what: `webhook at ${String(PEAK.perSecond)}/s, p99`,
      unit: 'ms',
      measured: p99,
      bar: { of: 'value', atMost: 10 },
    },
  ];
};
