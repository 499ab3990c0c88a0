/** The program as a user starts it, on the bench's Postgres, with everything in one process by default. */
import { spawn } from 'node:child_process';
import { randomBytes, createHmac } from 'node:crypto';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { createBlindIndex } from '../../src/adapters/security/blind-index.ts';
import { systemClock, uuids } from '../../src/adapters/clock.ts';
import { createPasswords } from '../../src/adapters/security/passwords.ts';
import { createEventStoreDb } from '../../src/adapters/eventstoredb/index.ts';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { createCommands } from '../../src/commands/commands.ts';
import { PRIVILEGES } from '../../src/domain/staff/privileges.ts';
import { statement } from '../../src/engine/sql/statement.ts';
import type { EventStore, Logger } from '../../src/ports.ts';
import { request } from './load.ts';
import { type BenchServer, query } from './postgres.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PASSWORD = randomBytes(12).toString('hex');
const READY_WITHIN_MS = 240_000;
const WEBHOOK = '/api/webhook/external-bot';

const somePending = statement(
  null,
  () => sql<{ readonly pending: boolean }>`
    select exists (select from ops.webhook_inbox where state = 'pending') as pending`,
);

export interface BenchProgram {
  readonly port: number;
  readonly databaseUrl: string;
  /** Of the process that was started; it may have others below it. */
  readonly pid: number;
  /** A signed normalized webhook (docs/design/api.md#webhook). */
  webhook(body: object): Buffer;
  /**
   * Makes so many sales agents of the division sari and signs them in. @returns their headers
   * @param projected waits until read.users has them. Default: `settled`
   */
  agents(
    count: number,
    log: Logger,
    projected?: () => Promise<unknown>,
  ): Promise<readonly Readonly<Record<string, string>>[]>;
  /** Waits until every delivery is an event, and every event is in the views; not for a program that does neither. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function until(what: string, check: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!(await check())) {
    if (performance.now() > deadline) throw new Error(`not in time: ${what}`);
    await sleep(50);
  }
}

/**
 * @param env more variables; rate limits are raised, because few agents here do the work of many
 * @param nodeArgs e.g. `--cpu-prof`
 */
export async function startBenchProgram(
  server: BenchServer,
  database: string,
  env: Readonly<Record<string, string>> = {},
  nodeArgs: readonly string[] = (process.env.BENCH_NODE_ARGS ?? '').split(' ').filter((arg) => arg !== ''),
): Promise<BenchProgram> {
  const databaseUrl = await server.migrated(database);
  const port = await freePort();
  const secret = () => randomBytes(32).toString('hex');
  const secrets = {
    JWT_SECRET: secret(),
    BLIND_INDEX_KEY: secret(),
    MASTER_KEY: secret(),
    WHATSAPP_APP_SECRET: secret(),
    WHATSAPP_VERIFY_TOKEN: secret(),
    EXTERNAL_BOT_SECRET: secret(),
  };
  const logFile = join(server.folder, `${database}.log`);
  const out = openSync(logFile, 'a');
  const child = spawn(process.execPath, [...nodeArgs, '--import', 'tsx', join(ROOT, 'src/main.ts')], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      DATA_DIR: join(server.folder, database),
      PORT: String(port),
      RATE_LIMIT_PER_MINUTE: '1000000',
      LOGIN_LIMIT_PER_ADDRESS: '100000',
      ...secrets,
      ...env,
    },
    stdio: ['ignore', out, out],
  });
  const exited = once(child, 'exit');
  const readyz = async (): Promise<boolean> => {
    if (child.exitCode !== null) {
      throw new Error(`the program ended:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`);
    }
    const path = (env.RUN ?? 'projections').includes('projections') ? 'readyz' : 'healthz';
    const answer = await fetch(`http://127.0.0.1:${String(port)}/${path}`).catch(() => undefined);
    await answer?.text();
    return answer?.status === 200;
  };
  await until('ready', readyz);

  const signIn = async (email: string): Promise<Record<string, string>> => {
    const answer = await fetch(`http://127.0.0.1:${String(port)}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: PASSWORD }),
    });
    if (answer.status !== 200) throw new Error(`login: HTTP ${String(answer.status)}`);
    const { data } = (await answer.json()) as { data: { token: string } };
    return { authorization: `Bearer ${data.token}` };
  };

  const settled = () =>
    until('settled', async () => {
      if (!(env.RUN ?? 'jobs').includes('jobs')) return readyz();
      const [row] = await query(databaseUrl, somePending());
      return row?.pending === false && (await readyz());
    });

  return {
    port,
    databaseUrl,
    pid: child.pid ?? 0,
    webhook: (what) => {
      const body = JSON.stringify(what);
      const signature = createHmac('sha256', secrets.EXTERNAL_BOT_SECRET).update(body).digest('hex');
      return request('POST', WEBHOOK, { 'x-hub-signature-256': `sha256=${signature}` }, body);
    },
    agents: async (count, log, projected = settled) => {
      const store = await openBenchStore(databaseUrl, env.EVENTSTORE_URL, log);
      const emails = await registerAgents(store, secrets.BLIND_INDEX_KEY, count);
      await projected();
      return Promise.all(emails.map(signIn));
    },
    settled,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** @param eventStoreUrl of an EventStoreDB; undefined: the events are in the database */
export const openBenchStore = async (
  databaseUrl: string,
  eventStoreUrl: string | undefined,
  logger: Logger,
): Promise<EventStore> =>
  eventStoreUrl === undefined
    ? createPostgresEventStore({ connection: databaseUrl, logger })
    : createEventStoreDb({ connectionString: eventStoreUrl, logger });

/** Closes the store. */
async function registerAgents(store: EventStore, blindIndexKey: string, count: number) {
  const commands = createCommands({
    store,
    clock: systemClock,
    ids: uuids,
    passwords: await createPasswords(),
    blindIndex: createBlindIndex(blindIndexKey),
    observer: { appended: () => undefined, conflicted: () => undefined },
  });
  const caller = {
    id: 'bench',
    role: 'super_admin',
    division: 'all',
    privileges: new Set(PRIVILEGES),
  } as const;
  const actor = { kind: 'system', process: 'bench' } as const;
  const emails = Array.from({ length: count }, (_, n) => `agent${String(n)}@bench.saga`);
  try {
    await Promise.all(
      emails.map((email, n) =>
        commands.createUser(
          { caller, actor, requestId: uuids.next(), correlationId: uuids.next() },
          { name: `Agent ${String(n)}`, email, password: PASSWORD, role: 'sales_agent', division: 'sari' },
        ),
      ),
    );
  } finally {
    await store.close();
  }
  return emails;
}
