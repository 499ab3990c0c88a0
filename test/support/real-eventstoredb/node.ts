/**
 * A real EventStoreDB for tests, where somebody has one: EVENTSTORE_TEST_COMMAND starts a node in the foreground on
 * the folder {db} and the port {port}, EVENTSTORE_TEST_COMMAND_TLS one with {cert}, {key} and {ca} as well. Nothing of
 * the server is part of the project (docs/testing.md#a-real-eventstoredb).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../src/adapters/embedded-postgres/port.ts';
import { eventually } from '../eventually.ts';
import type { Certificates } from '../esdb-server/certificates.ts';

const START_MS = 60_000;
const STOP_MS = 20_000;

export interface RealNode {
  readonly port: number;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again, on the same folder and port. */
  restart(): Promise<void>;
  /** Its data folder. */
  db(): string;
  /** Ends it, and starts it on the same port with another data folder, which `fill` fills. */
  exchange(fill: (db: string) => Promise<void>): Promise<void>;
  /** SIGTERM; removes the folder. */
  stop(): Promise<void>;
}

/** @param command one of the two variables. @param certificates for the one with TLS */
export async function startRealNode(command: string, certificates?: Certificates): Promise<RealNode> {
  const folder = mkdtempSync(join(tmpdir(), 'saga-eventstoredb-'));
  const port = await freePort(undefined);
  let exchanges = 0;
  const db = (): string => join(folder, exchanges === 0 ? 'db' : `db-${String(exchanges)}`);
  const line = (): string => {
    const words: Readonly<Record<string, string | undefined>> = {
      db: db(),
      port: String(port),
      cert: certificates?.cert,
      key: certificates?.key,
      ca: certificates?.ca,
    };
    return command.replace(/\{(\w+)\}/g, (all, name: string) => words[name] ?? all);
  };
  let child: ChildProcess | undefined;

  async function start(): Promise<void> {
    const started = spawn('sh', ['-c', `exec ${line()}`], { stdio: 'ignore', env: withoutItsVariables() });
    child = started;
    await eventually(
      'the node is alive',
      async () => {
        if (started.exitCode !== null) throw new Error(`the node ended with ${String(started.exitCode)}`);
        return (await livenessOf(port, certificates !== undefined)) === 204;
      },
      START_MS,
    );
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const ending = child;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = once(ending, 'exit');
    ending.kill(signal);
    const hard = setTimeout(() => ending.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(hard);
  }

  await start();
  return {
    port,
    kill: () => end('SIGKILL'),
    restart: start,
    db,
    exchange: async (fill) => {
      await end('SIGTERM');
      exchanges += 1;
      await fill(db());
      await start();
    },
    stop: async () => {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The server takes every EVENTSTORE_... of its environment for an option of its own, and does not start. */
export const withoutItsVariables = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('EVENTSTORE_')));

/** The status of its /health/live; undefined: it does not answer. */
function livenessOf(port: number, tls: boolean): Promise<number | undefined> {
  return new Promise((resolve) => {
    const url = `${tls ? 'https' : 'http'}://127.0.0.1:${String(port)}/health/live`;
    const answered = (response: IncomingMessage): void => {
      response.resume();
      resolve(response.statusCode);
    };
    const options = { timeout: 2_000 };
    const asked = tls
      ? httpsGet(url, { ...options, rejectUnauthorized: false }, answered)
      : httpGet(url, options, answered);
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => {
      resolve(undefined);
    });
  });
}
