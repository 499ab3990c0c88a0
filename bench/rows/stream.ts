/** The live stream: 500 readers who all may see everything that happens, and how long until each has it. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Bench, quantile } from '../report/finding.ts';
import { type BenchProgram, startBenchProgram } from '../processes/program.ts';

const PEOPLE = 50;
const STREAMS = 500;
const PER_SECOND = 100;
const SECONDS = 10;
/** As Postgres spells a message; the ticket's preview holds the words too, but not so. */
const MARK = Buffer.from('"content" : "sent at ');
const DIGITS = 13;

interface Reader {
  readonly socket: Socket;
  /** Milliseconds from the customer's message to this reader, one for each message. */
  readonly late: number[];
}

/** Reads without keeping: a client must not be what is measured. */
async function reader(port: number, headers: Readonly<Record<string, string>>): Promise<Reader> {
  const socket = connect(port, '127.0.0.1');
  const late: number[] = [];
  const lines = Object.entries({ host: 'bench', ...headers }).map(([name, value]) => `${name}: ${value}`);
  socket.write(`GET /api/stream HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  let rest = Buffer.alloc(0);
  await new Promise<void>((resolve, reject) => {
    socket.once('error', reject);
    socket.on('data', (chunk) => {
      resolve();
      const now = Date.now();
      const all = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      for (;;) {
        const found = all.indexOf(MARK, at);
        if (found === -1 || found + MARK.length + DIGITS > all.length) {
          rest = Buffer.from(all.subarray(found === -1 ? Math.max(at, all.length - MARK.length) : found));
          return;
        }
        at = found + MARK.length + DIGITS;
        late.push(now - Number(all.toString('latin1', found + MARK.length, at)));
      }
    });
  });
  return { socket, late };
}

/** Sends one after the other over one connection, without waiting for answers. */
function sender(port: number) {
  const socket = connect(port, '127.0.0.1');
  let refused: string | undefined;
  socket.on('data', (chunk) => {
    refused ??= /HTTP\/1\.1 (?!200)\d{3}/.exec(chunk.toString('latin1'))?.[0];
  });
  return {
    send: (request: Buffer) => socket.write(request),
    check(): void {
      if (refused !== undefined) throw new Error(`a webhook was answered ${refused}`);
    },
    close: () => socket.destroy(),
  };
}

async function residentMiB({ port }: BenchProgram): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${String(port)}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\S+)/m.exec(text)?.[1] ?? Number.NaN) / 1024 / 1024;
}

/** One message each on tickets that are open already, at the pace of a busy team. */
function messages(program: BenchProgram, name: string, count: number): () => Buffer {
  let n = 0;
  return () =>
    program.webhook({
      user_id: `web_stream-${String((n += 1) % 200)}`,
      user_name: 'Budi Santoso',
      channel: 'web',
      division: 'sari',
      bot_id: 'sari',
      message: `sent at ${String(Date.now())}, ${String(count)}`,
      message_id: `${name}-${String(n)}`,
      timestamp: new Date().toISOString(),
      is_office_hours: true,
    });
}

export const stream: Bench = async ({ server, rounds, size, say, log }) => {
  const program = await startBenchProgram(server, 'bench_stream');
  const p95: number[] = [];
  const memory: number[] = [];
  const readers: Reader[] = [];
  const webhooks = sender(program.port);
  try {
    const people = await program.agents(PEOPLE, log);
    const idle = await residentMiB(program);
    for (let n = 0; n < STREAMS; n += 1) readers.push(await reader(program.port, people[n % PEOPLE] ?? {}));
    for (let round = 0; round <= rounds; round += 1) {
      say(`${String(STREAMS)} streams, round ${String(round)}`);
      for (const { late } of readers) late.length = 0;
      const count = Math.ceil(PER_SECOND * SECONDS * size);
      const next = messages(program, `round${String(round)}`, count);
      const began = performance.now();
      for (let n = 0; n < count; n += 1) {
        // In small steps: a message is signed when it is due, not before.
        await sleep(Math.max(0, began + (n * 1_000) / PER_SECOND - performance.now()));
        webhooks.send(next());
      }
      const deadline = performance.now() + 30_000;
      while (readers.some(({ late }) => late.length < count)) {
        webhooks.check();
        if (performance.now() > deadline) throw new Error('a reader did not get everything');
        await sleep(20);
      }
      // The first round opens the tickets.
      if (round === 0) continue;
      p95.push(
        quantile(
          readers.flatMap(({ late }) => late),
          0.95,
        ),
      );
      memory.push((await residentMiB(program)) - idle);
    }
  } finally {
    for (const { socket } of readers) socket.destroy();
    webhooks.close();
    await program.stop();
  }
  const what = `live stream, ${String(STREAMS)} readers of everything, ${String(PER_SECOND)} messages/s`;
  return [
    {
      what: `${what}: from the webhook to the reader, p95`,
      unit: 'ms',
      measured: p95,
      bar: { of: 'value', atMost: 250 },
    },
    { what: `${what}: memory of the process above its start, MiB`, unit: '', measured: memory },
  ];
};
