/**
 * The load, in a process of its own so that it shares no event loop with the program. Requests are bytes made
 * before, answers are looked at no further than their status: what is measured is the program, not this.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/**
 * `closed`: each connection sends its next request when it has its answer. `open`: so many a second, whatever the
 * answers do; latency counts from the moment a request was due. `volley`: `connections` requests at the same
 * instant, then a pause, then the next ones.
 */
export type Pace =
  | { readonly kind: 'closed' }
  | { readonly kind: 'open'; readonly perSecond: number }
  | { readonly kind: 'volley'; readonly pauseMs: number };

export interface Load {
  readonly port: number;
  readonly connections: number;
  readonly pace: Pace;
  /** Whole HTTP/1.1 requests, keep-alive. */
  readonly requests: readonly Buffer[];
}

export interface Answers {
  readonly seconds: number;
  /** Per request, in their order. */
  readonly statuses: readonly number[];
  readonly milliseconds: readonly number[];
}

/** Runs the load in a child process. @throws Error when a connection breaks */
export async function load(what: Load): Promise<Answers> {
  const child = fork(fileURLToPath(import.meta.url), ['--load'], {
    serialization: 'advanced',
    execArgv: ['--import', 'tsx'],
  });
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the load process ended with ${String(code)}`);
  });
  child.send(what);
  const [answers] = (await Promise.race([once(child, 'message'), ended])) as [Answers];
  ended.catch(() => undefined);
  child.disconnect();
  return answers;
}

/** @returns bytes of one request to 127.0.0.1 */
export function request(
  method: 'GET' | 'POST',
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Buffer {
  const lines = Object.entries({
    host: '127.0.0.1',
    ...headers,
    ...(method === 'POST' && {
      'content-type': 'application/json',
      'content-length': String(Buffer.byteLength(body)),
    }),
  }).map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
}

interface Connection {
  /** One at a time. @returns the status */
  ask(bytes: Buffer): Promise<number>;
  close(): void;
}

const HEAD_END = Buffer.from('\r\n\r\n');
const NO_BODY = new Set([204, 304]);

async function open(port: number): Promise<Connection> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  let pending: { resolve: (status: number) => void; reject: (error: Error) => void } | undefined;
  let received: Buffer = Buffer.alloc(0);
  const fail = (error: Error): void => {
    pending?.reject(error);
    pending = undefined;
  };
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const end = received.indexOf(HEAD_END);
    if (end < 0) return;
    const head = received.toString('latin1', 0, end);
    const status = Number(head.slice(9, 12));
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? (NO_BODY.has(status) ? 0 : NaN));
    if (Number.isNaN(length)) {
      fail(new Error('an answer without content-length'));
      return;
    }
    if (received.length < end + HEAD_END.length + length) return;
    received = Buffer.alloc(0);
    pending?.resolve(status);
  });
  socket.on('error', fail);
  socket.on('close', () => {
    fail(new Error('the program closed a connection'));
  });
  return {
    ask: (bytes) =>
      new Promise((resolve, reject) => {
        pending = { resolve, reject };
        socket.write(bytes);
      }),
    close: () => socket.destroy(),
  };
}

async function run({ port, connections, pace, requests }: Load): Promise<Answers> {
  const all = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const statuses = new Array<number>(requests.length).fill(0);
  const milliseconds = new Array<number>(requests.length).fill(Number.NaN);
  const ask = async (connection: Connection, index: number, due: number): Promise<void> => {
    statuses[index] = await connection.ask(requests[index] as Buffer);
    milliseconds[index] = performance.now() - due;
  };
  const began = performance.now();
  if (pace.kind === 'closed') {
    let next = 0;
    const client = async (connection: Connection): Promise<void> => {
      while (next < requests.length) await ask(connection, next++, performance.now());
    };
    await Promise.all(all.map(client));
  } else if (pace.kind === 'volley') {
    for (let first = 0; first < requests.length; first += connections) {
      const due = performance.now();
      await Promise.all(all.map((connection, n) => ask(connection, first + n, due)));
      await sleep(pace.pauseMs);
    }
  } else {
    await openLoop(all, requests.length, pace.perSecond, ask);
  }
  const seconds = (performance.now() - began) / 1000;
  for (const connection of all) connection.close();
  return { seconds, statuses, milliseconds };
}

/** What is due while every connection waits for an answer waits too, and its wait counts. */
async function openLoop(
  all: readonly Connection[],
  count: number,
  perSecond: number,
  ask: (connection: Connection, index: number, due: number) => Promise<void>,
): Promise<void> {
  const free = [...all];
  const began = performance.now();
  const dueAt = (index: number): number => began + (index / perSecond) * 1000;
  let next = 0;
  await new Promise<void>((resolve, reject) => {
    let answered = 0;
    const sendDue = (): void => {
      const now = performance.now();
      while (next < count && dueAt(next) <= now) {
        const connection = free.pop();
        if (!connection) return;
        ask(connection, next, dueAt(next)).then(() => {
          answered += 1;
          free.push(connection);
          if (answered === count) resolve();
          else sendDue();
        }, reject);
        next += 1;
      }
    };
    const timer = setInterval(() => {
      sendDue();
      if (next >= count) clearInterval(timer);
    }, 1);
  });
}

if (process.argv[2] === '--load') {
  process.once('message', (what: Load) => {
    run(what).then(
      (answers) => process.send?.(answers),
      (error: unknown) => {
        console.error(error);
        process.exitCode = 1;
        process.disconnect();
      },
    );
  });
}
