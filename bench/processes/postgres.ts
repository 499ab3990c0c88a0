/** A Postgres of the bench's own: the embedded one as the product starts it, in a temporary folder, gone afterwards. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import pg from 'pg';
import { startEmbeddedPostgres } from '../../src/adapters/embedded-postgres/start.ts';
import { migrate } from '../../src/adapters/migrations.ts';
import { rowsOf } from '../../src/adapters/postgres/rows-of.ts';
import { statement, write } from '../../src/engine/sql/statement.ts';
import type { Logger, Statement } from '../../src/ports.ts';

export interface BenchServer {
  /** As initdb left them and as a durable server has them; read from the server itself. */
  readonly settings: Readonly<Record<string, string>>;
  /** Folder for other files of a bench; deleted with the server. */
  readonly folder: string;
  /** A new, empty database. @returns its address as the role that owns it, no superuser */
  empty(name: string): Promise<string>;
  /** A database with the product's tables: a new one, or the one of this name as it was left. */
  migrated(name: string): Promise<string>;
  drop(name: string): Promise<void>;
  /** Of the server; its connections are processes below it. */
  pid(): number;
  stop(): Promise<void>;
}

const TOLD = ['server_version', 'fsync', 'synchronous_commit', 'full_page_writes', 'shared_buffers'];

const settings = statement(
  null,
  (names: readonly string[]) => sql<{ readonly name: string; readonly value: string }>`
    select name, current_setting(name) as value from unnest(${names}::text[]) as name`,
);

async function settingsOf(superuserUrl: string): Promise<Record<string, string>> {
  const rows = await query(superuserUrl, settings(TOLD));
  const found = Object.fromEntries(rows.map(({ name, value }) => [name, value]));
  // Figures of a server that may lose what it acknowledged would compare with nothing.
  if (found.fsync !== 'on' || found.synchronous_commit !== 'on') {
    throw new Error('the bench wants a durable server: fsync and synchronous_commit must be on');
  }
  return found;
}

/** One statement on a connection of its own. */
export async function query<Row extends object>(url: string, asked: Statement<Row>): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await rowsOf(client, asked);
  } finally {
    await client.end();
  }
}

export async function startBenchServer(logger: Logger): Promise<BenchServer> {
  const folder = mkdtempSync(join(tmpdir(), 'saga-bench-'));
  // As root, Postgres runs under an account that must be able to enter.
  chmodSync(folder, 0o755);
  const server = await startEmbeddedPostgres({ dataDir: folder, logger });
  const within = (name: string): string => {
    const url = new URL(server.url);
    url.pathname = `/${name}`;
    return url.toString();
  };
  const made = new Set<string>();
  const empty = async (name: string): Promise<string> => {
    await query(server.superuserUrl, write(null, `create database ${name} owner saga`));
    made.add(name);
    return within(name);
  };
  return {
    settings: await settingsOf(server.superuserUrl),
    folder,
    empty,
    migrated: async (name) => {
      if (made.has(name)) return within(name);
      const url = await empty(name);
      await migrate(url, { logger });
      return url;
    },
    drop: async (name) => {
      await query(server.superuserUrl, write(null, `drop database if exists ${name} with (force)`));
      made.delete(name);
    },
    pid: () => server.pid(),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
