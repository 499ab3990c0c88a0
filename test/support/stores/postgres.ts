import { readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import {
  findPostmaster,
  isAlive,
  stopPostmaster,
} from '../../../src/adapters/embedded-postgres/postmaster.ts';
import {
  startEmbeddedPostgres,
  type EmbeddedPostgres,
} from '../../../src/adapters/embedded-postgres/start.ts';
import { migrate } from '../../../src/adapters/migrations.ts';
import { silentLogger } from '../observe/silent-logger.ts';

export interface TestDatabase {
  /** As the role that owns the database: no superuser, as in production. */
  readonly url: string;
  /** The same database as superuser: to terminate backends, to look past row-level security. */
  readonly superuserUrl: string;
  drop(): Promise<void>;
}

const TEMPLATE = 'saga_template';
const PREFIX = 'saga-test-';

let cluster: Promise<EmbeddedPostgres> | undefined;
let template: Promise<void> | undefined;
let counter = 0;

/** Servers and folders of test runs that were killed. */
async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    const pid = Number(name.slice(PREFIX.length));
    if (!name.startsWith(PREFIX) || !Number.isInteger(pid) || isAlive(pid)) continue;
    const folder = join(tmpdir(), name);
    const left = findPostmaster(join(folder, 'postgres', 'data'));
    if (left) await stopPostmaster(left.pid);
    rmSync(folder, { recursive: true, force: true });
  }
}

const runFolder = (): string => join(tmpdir(), `${PREFIX}${String(process.pid)}`);

/** One server for the whole mocha run, started by its first user. */
function testCluster(): Promise<EmbeddedPostgres> {
  cluster ??= sweep().then(() => startEmbeddedPostgres({ dataDir: runFolder(), logger: silentLogger() }));
  return cluster;
}

function withDatabase(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}

async function asSuperuser(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: (await testCluster()).superuserUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

async function newDatabase(from: string): Promise<TestDatabase> {
  const { url, superuserUrl } = await testCluster();
  counter += 1;
  const name = `test_${String(counter)}`;
  await asSuperuser(`CREATE DATABASE ${name} OWNER saga TEMPLATE ${from} STRATEGY file_copy`);
  return {
    url: withDatabase(url, name),
    superuserUrl: withDatabase(superuserUrl, name),
    drop: () => asSuperuser(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** A database of the caller's own with all migrations applied. */
export async function testDatabase(): Promise<TestDatabase> {
  template ??= (async () => {
    await asSuperuser(`CREATE DATABASE ${TEMPLATE} OWNER saga`);
    await migrate(withDatabase((await testCluster()).url, TEMPLATE), { logger: silentLogger() });
  })();
  await template;
  return newDatabase(TEMPLATE);
}

/** A database of the caller's own with nothing in it. */
export function emptyDatabase(): Promise<TestDatabase> {
  return newDatabase('template1');
}

/** For the root hook only. */
export async function stopTestCluster(): Promise<void> {
  if (!cluster) return;
  await (await cluster).stop();
  rmSync(runFolder(), { recursive: true, force: true });
}
