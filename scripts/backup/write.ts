/** Writes a backup: every table under one snapshot, so that it is one moment, while the program goes on. */
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { sql } from 'kysely';
import pg from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { statement } from '../../src/engine/sql/statement.ts';
import { rowsOf } from '../../src/adapters/postgres/rows-of.ts';
import { syncFolder, syncTree } from '../../src/adapters/files/durable.ts';
import {
  type Manifest,
  MANIFEST,
  type Part,
  PARTS,
  placeOf,
  sha256Of,
  SIGNATURE,
  type TableFile,
} from './folder.ts';
import type { BackupKey } from './seal.ts';

/** Without personal data, or encrypted. Everything else that is not named here goes to the personal part. */
const KEPT_LONG: ReadonlySet<string> = new Set(['ops.job_checkpoints', 'ops.schedule']);
/**
 * Made again after a restore: read tables and their checkpoints come from the events, and leases are only of now. A
 * session that was ended after the backup must not work again, so everybody signs in again.
 */
const NOT_KEPT: ReadonlySet<string> = new Set(
  'ops.projections ops.projection_parked ops.leases ops.challenges ops.sessions ops.refresh_tokens ops.push_subscriptions ops.push_claims'.split(
    ' ',
  ),
);

const partOf = (table: string): Part | null => {
  if (table.startsWith('es.') || KEPT_LONG.has(table)) return 'events';
  return NOT_KEPT.has(table) ? null : 'personal';
};

export interface WriteOptions {
  readonly databaseUrl: string;
  /** Where the two folders go; each must not be there yet. */
  readonly folders: Readonly<Record<Part, string>>;
  readonly filesDir: string;
  readonly key: Pick<BackupKey, 'sign' | 'seal'>;
  readonly fingerprints: Readonly<Record<string, readonly string[]>>;
  /** Of the event store: EventStoreDB's are not in this database. */
  readonly storeId: string;
  readonly head: string;
}

const tablesWithColumns = statement(
  null,
  () =>
    sql<{
      readonly table: string;
      readonly columns: readonly string[];
    }>`select n.nspname || '.' || c.relname as table,
            array(select a.attname::text from pg_attribute a where a.attrelid = c.oid and a.attnum > 0
                   and not a.attisdropped and a.attgenerated = '' order by a.attnum) as columns
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('es', 'ops') and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
);

const migrationNames = statement(
  null,
  () => sql<{ readonly name: string }>`select name from public.saga_migrations order by name`,
);

const serverVersion = statement(
  null,
  () => sql<{ readonly version: string }>`select current_setting('server_version') as version`,
);

const lastValues = statement(
  null,
  () =>
    sql<{
      sequence: string;
      last: string;
    }>`select schemaname || '.' || sequencename as sequence, last_value::text as last from pg_sequences
        where schemaname in ('es', 'ops') and last_value is not null order by 1`,
);

/** Every file under `folder`, as paths within it. */
export async function filesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** @returns what the two manifests say. The folders are there when it is complete, and not at all when it failed. */
export async function writeBackup(options: WriteOptions): Promise<Readonly<Record<Part, Manifest>>> {
  const unfinished = {
    events: `${options.folders.events}.partial`,
    personal: `${options.folders.personal}.partial`,
  };
  const client = new pg.Client({ connectionString: options.databaseUrl, application_name: 'saga backup' });
  await client.connect();
  try {
    for (const part of PARTS) {
      await rm(unfinished[part], { recursive: true, force: true });
      await mkdir(unfinished[part], { recursive: true, mode: 0o700 });
    }
    await client.query('begin isolation level repeatable read read only');
    const id = randomUUID();
    const sealing = (part: Part) => (path: string) => options.key.seal(placeOf({ id, part }, path));
    const tables: Record<Part, TableFile[]> = { events: [], personal: [] };
    for (const { table, columns } of await rowsOf(client, tablesWithColumns())) {
      const part = partOf(table);
      if (part !== null)
        tables[part].push(await dump(client, unfinished[part], { table, columns }, sealing(part)));
    }
    const migrations = await rowsOf(client, migrationNames());
    const [server] = await rowsOf(client, serverVersion());
    const sequences = await rowsOf(client, lastValues());
    await client.query('commit');
    const about = {
      format: 2 as const,
      id,
      at: new Date().toISOString(),
      postgres: server?.version ?? 'unknown',
      migrations: migrations.map(({ name }) => name),
      storeId: options.storeId,
      head: options.head,
      fingerprints: Object.fromEntries(
        Object.entries(options.fingerprints).map(([name, [newest = '']]) => [name, newest]),
      ),
      sequences,
    };
    const manifests: Record<Part, Manifest> = {
      events: { ...about, part: 'events', tables: tables.events, files: [] },
      personal: {
        ...about,
        part: 'personal',
        tables: tables.personal,
        // After the snapshot: an event that says a file is there was written after the file.
        files: await copyFiles(options.filesDir, join(unfinished.personal, 'files'), sealing('personal')),
      },
    };
    for (const part of PARTS) {
      const text = `${JSON.stringify(manifests[part], null, 2)}\n`;
      const safely = { mode: 0o600, flush: true };
      await writeFile(join(unfinished[part], MANIFEST), text, safely);
      await writeFile(join(unfinished[part], SIGNATURE), `${options.key.sign(text)}\n`, safely);
      await syncTree(unfinished[part]);
    }
    // The name without `.partial` says that it is complete: only when all of it is on the disk.
    for (const part of PARTS) {
      await rename(unfinished[part], options.folders[part]);
      await syncFolder(dirname(options.folders[part]));
    }
    return manifests;
  } finally {
    await client.end();
  }
}

type Sealing = (path: string) => ReturnType<BackupKey['seal']>;

async function dump(
  client: pg.Client,
  folder: string,
  { table, columns }: { readonly table: string; readonly columns: readonly string[] },
  sealing: Sealing,
): Promise<TableFile> {
  const file = `${table}.copy.gz`;
  const names = columns.map((name) => `"${name}"`).join(', ');
  const copy = client.query(copyTo(`copy ${table} (${names}) to stdout`));
  await pipeline(
    copy,
    createGzip({ level: 6 }),
    sealing(file),
    createWriteStream(join(folder, file), { mode: 0o600, flush: true }),
  );
  return {
    table,
    columns: [...columns],
    rows: copy.rowCount,
    file,
    sha256: await sha256Of(join(folder, file)),
  };
}

async function copyFiles(from: string, to: string, sealing: Sealing): Promise<Manifest['files']> {
  const copied: Manifest['files'][number][] = [];
  for (const path of await filesUnder(from)) {
    await mkdir(dirname(join(to, path)), { recursive: true, mode: 0o700 });
    // A file that was deleted since (an export that expired) is in no backup.
    const there = await pipeline(
      createReadStream(join(from, path)),
      sealing(join('files', path)),
      createWriteStream(join(to, path), { mode: 0o600, flush: true }),
    ).then(
      () => true,
      (error: unknown) => {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
        return rm(join(to, path), { force: true }).then(() => false);
      },
    );
    if (there) copied.push({ path, sha256: await sha256Of(join(to, path)) });
  }
  return copied;
}
