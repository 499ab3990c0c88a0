/**
 * What the product is compared with: the backend as its PRD prescribes it, and the same in Express by a careful team. Both keep
 * the PRD's tables and no events; each uses both cores.
 */
import { execFile, spawn } from 'node:child_process';
import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { SignJWT } from 'jose';
import { statement, write } from '../../src/engine/sql/statement.ts';
import { request } from '../processes/load.ts';
import { type BenchServer, query } from '../processes/postgres.ts';
import { type BenchProgram, freePort } from '../processes/program.ts';

const fileOf = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
/** Debian's: the packages of the PRD's stack are installed for this one. */
const PYTHON = '/usr/bin/python3';
const READY_WITHIN_MS = 30_000;

export type PeerName = 'PRD stack' | 'Express CRUD';

/** A peer answers when all is done: nothing works behind it. */
export type Peer = Pick<
  BenchProgram,
  'port' | 'databaseUrl' | 'pid' | 'webhook' | 'agents' | 'settled' | 'stop'
>;

const newAgents = statement(
  null,
  (ids: readonly string[]) => sql<Record<string, never>>`
    insert into users (id, name, email, role, division)
    select id, 'Agent', id::text || '@bench.saga', 'sales_agent', 'sari' from unnest(${ids}::uuid[]) as id`,
);

const commandOf = (name: PeerName, port: number): readonly [string, ...string[]] =>
  name === 'PRD stack'
    ? [
        PYTHON,
        ...[
          '-m',
          'uvicorn',
          'app:app',
          '--app-dir',
          fileOf('prd'),
          '--host',
          '127.0.0.1',
          '--port',
          String(port),
        ],
        ...[
          '--workers',
          '2',
          '--loop',
          'uvloop',
          '--http',
          'httptools',
          '--no-access-log',
          '--log-level',
          'warning',
        ],
      ]
    : [process.execPath, fileOf('express/server.mjs')];

/** @throws Error with what to install */
export async function assertPrdStack(): Promise<string> {
  const modules = 'fastapi, sqlalchemy, asyncpg, uvicorn, uvloop, httptools, jwt';
  const versions =
    'f"FastAPI {fastapi.__version__}, SQLAlchemy {sqlalchemy.__version__}, uvicorn {uvicorn.__version__}"';
  const { stdout } = await promisify(execFile)(PYTHON, ['-c', `import ${modules}; print(${versions})`]).catch(
    () => {
      const packages = modules.split(', ').map((one) => `python3-${one}`);
      throw new Error(
        `The PRD's stack is measured with Debian's packages: apt-get install ${packages.join(' ')}`,
      );
    },
  );
  return stdout.trim();
}

export async function startPeer(server: BenchServer, name: PeerName, database: string): Promise<Peer> {
  const databaseUrl = await server.empty(database);
  await query(databaseUrl, write(null, readFileSync(fileOf('schema.sql'), 'utf8')));
  const port = await freePort();
  const secrets = {
    JWT_SECRET: randomBytes(32).toString('hex'),
    EXTERNAL_BOT_SECRET: randomBytes(32).toString('hex'),
  };
  const logFile = join(server.folder, `${database}.log`);
  const out = openSync(logFile, 'a');
  const [command, ...args] = commandOf(name, port);
  const url =
    name === 'PRD stack' ? databaseUrl.replace(/^postgres(ql)?:/, 'postgresql+asyncpg:') : databaseUrl;
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, PORT: String(port), DATABASE_URL: url, ...secrets },
    stdio: ['ignore', out, out],
  });
  const exited = once(child, 'exit');
  const deadline = performance.now() + READY_WITHIN_MS;
  for (;;) {
    // An unknown address: it answers 404 when it is there.
    const answer = await fetch(`http://127.0.0.1:${String(port)}/`).catch(() => undefined);
    if (answer) break;
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`${name} does not start:\n${readFileSync(logFile, 'utf8').slice(-2_000)}`);
    await sleep(50);
  }
  return {
    port,
    databaseUrl,
    pid: child.pid ?? 0,
    webhook: (what) => {
      const body = JSON.stringify(what);
      const signature = createHmac('sha256', secrets.EXTERNAL_BOT_SECRET).update(body).digest('hex');
      return request(
        'POST',
        '/api/webhook/external-bot',
        { 'x-hub-signature-256': `sha256=${signature}` },
        body,
      );
    },
    agents: async (count) => {
      const ids = Array.from({ length: count }, () => randomUUID());
      await query(databaseUrl, newAgents(ids));
      const key = new TextEncoder().encode(secrets.JWT_SECRET);
      return Promise.all(
        ids.map(async (id) => {
          const token = new SignJWT({ role: 'sales_agent', division: 'sari' })
            .setProtectedHeader({ alg: 'HS256' })
            .setSubject(id)
            .setExpirationTime('8h');
          return { authorization: `Bearer ${await token.sign(key)}` };
        }),
      );
    },
    settled: () => Promise.resolve(),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
