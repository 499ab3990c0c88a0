/** The Postgres of a test run: one server, with a template database that has all migrations. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import {
  findPostmaster,
  isAlive,
  stopPostmaster,
} from '../../../src/adapters/embedded-postgres/postmaster.ts';
import { startEmbeddedPostgres } from '../../../src/adapters/embedded-postgres/start.ts';
import { migrate } from '../../../src/adapters/migrations.ts';
import { silentLogger } from '../observe/silent-logger.ts';
import { scratch } from './scratch.ts';

export interface TestServer {
  /** As the role that owns the databases: no superuser, as in production. */
  readonly url: string;
  readonly superuserUrl: string;
}

export interface OwnedTestServer extends TestServer {
  /** Stops it and deletes its folder. */
  stop(): Promise<void>;
}

/** A database with all migrations; others are copied from it. */
export const TEMPLATE = 'saga_template';
const PREFIX = 'saga-test-';

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}

/** Runs statements one after another, each in a transaction of its own. */
export async function asSuperuser(server: TestServer, ...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: server.superuserUrl });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

/** Removes servers and folders of test runs that were killed. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(scratch())) {
    const pid = Number(name.slice(PREFIX.length));
    if (!name.startsWith(PREFIX) || !Number.isInteger(pid) || isAlive(pid)) continue;
    const folder = join(scratch(), name);
    const left = findPostmaster(join(folder, 'postgres', 'data'));
    if (left) await stopPostmaster(left.pid);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Starts the server and makes the template. Takes about three seconds. */
export async function startTestServer(): Promise<OwnedTestServer> {
  await sweep();
  const dataDir = join(scratch(), `${PREFIX}${String(process.pid)}`);
  const server = await startEmbeddedPostgres({ dataDir, logger: silentLogger() });
  await asSuperuser(
    server,
    // The tests connect some ten thousand times; each time both sides would hash the password 4096 times.
    'SET scram_iterations = 1',
    ...[server.url, server.superuserUrl].map((url) => {
      const { username, password } = new URL(url);
      return `ALTER ROLE ${username} PASSWORD '${password}'`;
    }),
    `CREATE DATABASE ${TEMPLATE} OWNER saga`,
  );
  await migrate(withDatabase(server.url, TEMPLATE), {
    logger: silentLogger(),
    ownerUrl: withDatabase(server.superuserUrl, TEMPLATE),
  });
  return {
    url: server.url,
    superuserUrl: server.superuserUrl,
    stop: async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
