import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, statSync, truncateSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { SystemAccount } from './account.ts';
import { SUPERUSER } from './cluster.ts';
import { EmbeddedPostgresError } from './error.ts';
import { findPostmaster, type Postmaster } from './postmaster.ts';

const MAX_LOG_BYTES = 10 * 1024 * 1024;
/** Crash recovery after a kill under load may replay a gigabyte of log. */
const RECOVERY_PATIENCE_MS = 300_000;

/**
 * Loopback only. Durability stays at Postgres's defaults: fsync and synchronous_commit on
 * (docs/design/reliability.md#durability).
 */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  max_wal_size: '2GB',
  jit: 'off',
  // No customer data in the log: no DETAIL of a violated key, no text of statements.
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
};

/** Everything that a start of the server needs. */
export interface ServerPlan {
  readonly folder: string;
  readonly program: string;
  readonly account: SystemAccount | undefined;
  readonly logFile: string;
  readonly superuserPassword: string;
}

/** Is it the server of this folder, and does it accept our password? */
async function answers(plan: ServerPlan, port: number): Promise<boolean> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    user: SUPERUSER,
    password: plan.superuserPassword,
    database: 'postgres',
    connectionTimeoutMillis: 2_000,
    query_timeout: 2_000,
  });
  client.on('error', () => undefined); // the connection ends with the server: the caller asks again
  try {
    await client.connect();
    await client.query('select 1');
    return true;
  } catch (error) {
    return (error as { code?: string }).code === '53300'; // too many connections: busy, not dead
  } finally {
    await client.end().catch(() => undefined);
  }
}

function tail(file: string): string {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').slice(-5).join('\n') : '';
}

/**
 * Waits for the server that already runs on the folder, if any, to be ready.
 * @returns undefined when there is none (any more)
 * @throws EmbeddedPostgresError it runs but never answers
 */
export async function runningServer(plan: ServerPlan): Promise<Postmaster | undefined> {
  const started = performance.now();
  let readySince: number | undefined;
  for (;;) {
    const found = findPostmaster(plan.folder);
    if (!found) return undefined;
    const now = performance.now();
    if (found.status === 'ready') {
      readySince ??= now;
      if (await answers(plan, found.port)) return found;
      if (now - readySince > 15_000) {
        throw new EmbeddedPostgresError(
          `A Postgres server (process ${String(found.pid)}) holds ${plan.folder} but does not answer. ` +
            `Stop it (kill -INT ${String(found.pid)}) and start again. Its log: ${plan.logFile}`,
        );
      }
    } else if (now - started > RECOVERY_PATIENCE_MS) {
      throw new EmbeddedPostgresError(
        `Postgres (process ${String(found.pid)}) is still ${found.status} after 5 minutes. Its log: ${plan.logFile}`,
      );
    }
    await delay(10);
  }
}

/**
 * Starts a server of our own and waits until it answers.
 * @throws EmbeddedPostgresError it ended before it was ready, with the last lines of its log
 */
export async function spawnServer(plan: ServerPlan, port: number): Promise<Postmaster> {
  if (existsSync(plan.logFile) && statSync(plan.logFile).size > MAX_LOG_BYTES) truncateSync(plan.logFile);
  const log = openSync(plan.logFile, 'a', 0o600);
  const settings = Object.entries({ ...SETTINGS, port: String(port) });
  // A session of its own: Ctrl-C must reach us first, we stop Postgres after our own drain
  // (docs/design/architecture.md#embedded-postgres).
  const child = spawn(
    plan.program,
    ['-D', plan.folder, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    {
      cwd: '/',
      detached: true,
      env: { LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', log, log],
      ...plan.account,
    },
  );
  closeSync(log);
  child.unref();
  let failure: string | undefined;
  child.once('error', (error) => {
    failure = error.message;
  });
  child.once('exit', (code, signal) => {
    failure ??= `it ended with ${signal ?? `code ${String(code)}`}`;
  });
  for (;;) {
    if (failure !== undefined) {
      throw new EmbeddedPostgresError(`Postgres did not start: ${failure}.\n${tail(plan.logFile)}`);
    }
    const found = findPostmaster(plan.folder);
    if (found && found.pid === child.pid && found.status === 'ready' && (await answers(plan, port)))
      return found;
    await delay(10);
  }
}
