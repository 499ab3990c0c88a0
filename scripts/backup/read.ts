/** Puts a backup into a database that has nothing yet. */
import { createReadStream } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { sql } from 'kysely';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { migrate, MIGRATIONS_FOLDER } from '../../src/adapters/migrations.ts';
import type { Logger } from '../../src/ports.ts';
import { statement } from '../../src/engine/sql/statement.ts';
import { queryOn } from '../command-line/connection-query.ts';
import { BackupError, type Manifest, type Part, PARTS, readPart } from './folder.ts';
import { filesUnder } from './write.ts';

export interface ReadOptions {
  readonly databaseUrl: string;
  readonly folders: Readonly<Record<Part, string>>;
  readonly filesDir: string;
  readonly fingerprints: Readonly<Record<string, readonly string[]>>;
  readonly logger: Logger;
}

/**
 * All or nothing, as far as the database goes. @throws BackupError the backup is damaged, of two moments, of other
 * secrets or of a newer version; or there is something where it would go
 */
export async function readBackup(options: ReadOptions): Promise<Manifest> {
  const { databaseUrl, folders, filesDir, logger } = options;
  const [events, personal] = [
    await readPart(folders.events, 'events'),
    await readPart(folders.personal, 'personal'),
  ];
  if (events.id !== personal.id) throw new BackupError('These two folders are of two different backups.');
  for (const [name, wanted] of Object.entries(events.fingerprints)) {
    const given = options.fingerprints[name];
    if (given?.includes(wanted) !== true)
      throw new BackupError(
        `${name} is not the one of this backup${given === undefined ? ' (it is not set)' : ''}: without it customers are not found again. ` +
          'Put the secrets back first (DATA_DIR/secrets.json or the environment).',
      );
  }
  if ((await filesUnder(filesDir)).length > 0)
    throw new BackupError(
      `${filesDir} has files in it. Move them away, or set FILES_DIR to an empty folder.`,
    );
  await migrateAsThen(databaseUrl, events.migrations, logger);
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'saga restore' });
  await client.connect();
  try {
    await client.query('begin');
    for (const [part, { tables }] of [
      ['events', events],
      ['personal', personal],
    ] as const) {
      for (const { table, columns, file, rows } of tables) {
        const loaded = await load(client, join(folders[part], file), table, columns);
        if (loaded !== rows)
          throw new BackupError(`${table}: ${String(loaded)} rows instead of ${String(rows)}.`);
      }
    }
    for (const { sequence, last } of events.sequences)
      await client.query('select setval($1::regclass, $2::bigint)', [sequence, last]);
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined); // the first error is the one that counts
    throw error;
  } finally {
    await client.end();
  }
  for (const { path } of personal.files) {
    await mkdir(dirname(join(filesDir, path)), { recursive: true, mode: 0o700 });
    await copyFile(join(folders.personal, 'files', path), join(filesDir, path));
  }
  await migrate(databaseUrl, { logger });
  return events;
}

const migrationsTable = statement(
  null,
  () => sql<{ readonly there: boolean }>`select to_regclass('public.saga_migrations') is not null as there`,
);

/** The tables as they were, so that what later migrations do to rows is done to these rows, too. */
async function migrateAsThen(databaseUrl: string, names: readonly string[], logger: Logger): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const [table] = await queryOn(client, migrationsTable());
    if (table?.there)
      throw new BackupError(
        'The database is in use already. Restore into a new one: another DATA_DIR, or an empty database in DATABASE_URL.',
      );
  } finally {
    await client.end();
  }
  const folder = await mkdtemp(join(tmpdir(), 'saga-restore-'));
  try {
    for (const name of names) {
      await cp(join(MIGRATIONS_FOLDER, name), join(folder, name)).catch((cause: unknown) => {
        throw new BackupError(`The backup is of a newer version of the product: it has had ${name}.`, {
          cause,
        });
      });
    }
    await migrate(databaseUrl, { logger, folder });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function load(
  client: pg.Client,
  file: string,
  table: string,
  columns: readonly string[],
): Promise<number> {
  // A migration may have put a first row there: the store's identity, say.
  const { rows } = await client.query(`select from ${table} limit 1`);
  if (rows.length > 0) await client.query(`delete from ${table}`);
  const copy = client.query(
    copyFrom(`copy ${table} (${columns.map((name) => `"${name}"`).join(', ')}) from stdin`),
  );
  await pipeline(createReadStream(file), createGunzip(), copy);
  return copy.rowCount;
}

export const partFolders = (
  folder: string,
  personal: string | undefined,
): Readonly<Record<Part, string>> => ({
  events: join(folder, PARTS[0]),
  personal: personal ?? join(folder, PARTS[1]),
});
