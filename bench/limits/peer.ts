/**
 * The peer: another event store for Postgres and Node, @event-driven-io/emmett-postgresql, in a folder and a process
 * of its own, doing the same appends on the same server. No part of the product depends on it.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { systemClock, uuids } from '../../src/adapters/clock.ts';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { encode } from '../../src/domain/codec.ts';
import { appendFor, SECONDS } from '../rows/append.ts';
import { TAKEN_OVER } from '../history/callers.ts';
import type { Bench } from '../report/finding.ts';
import { CLIENTS } from './pgbench.ts';

const FOLDER = fileURLToPath(new URL('../peers/emmett/', import.meta.url));

async function install(): Promise<void> {
  if (existsSync(`${FOLDER}node_modules`)) return;
  await promisify(execFile)('npm', ['ci', '--no-progress', '--no-audit'], { cwd: FOLDER });
}

interface Peer {
  /** @returns appends per second */
  measure(): Promise<number>;
  stop(): Promise<void>;
}

async function startPeer(url: string): Promise<Peer> {
  const { event, eventContext } = TAKEN_OVER(systemClock.now());
  const sample = JSON.stringify(encode(event, uuids.next(), eventContext));
  const child = spawn(process.execPath, ['append.mjs', url, String(CLIENTS), sample], {
    cwd: FOLDER,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { value, done } = await lines.next();
    if (done === true) throw new Error('emmett-postgresql ended before it answered');
    return value;
  };
  await next();
  return {
    measure: async () => {
      child.stdin.write(`${String(SECONDS * 1000)}\n`);
      return Number(await next());
    },
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}

export const peer: Bench = async ({ server, rounds, say, log }) => {
  await install();
  const peer = await startPeer(await server.empty('bench_peer_emmett'));
  const store = await createPostgresEventStore({
    connection: await server.migrated('bench_peer'),
    logger: log,
  });
  const measured: number[] = [];
  const limit: number[] = [];
  try {
    await appendFor(store, 1_000); // plans, pages, compiled code
    for (let round = 1; round <= rounds; round += 1) {
      say(`append next to emmett-postgresql, round ${String(round)}`);
      limit.push(await peer.measure());
      measured.push(await appendFor(store, SECONDS * 1000));
    }
  } finally {
    await store.close();
    await peer.stop();
  }
  return [
    {
      what: 'append, 32 callers in one process, next to a peer',
      unit: '/s',
      measured,
      limit: { what: 'the same appends by @event-driven-io/emmett-postgresql 0.42.0', measured: limit },
    },
  ];
};
