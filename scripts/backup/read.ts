/** Puts a backup into a database that has nothing yet. */
import { createReadStream, createWriteStream } from 'node:fs';
import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { sql } from 'kysely';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { migrate, MIGRATIONS_FOLDER } from '../../src/adapters/migrations.ts';
import {
  createMark,
  restoreMark,
  type RestorePhase,
  setMark,
  UnfinishedRestore,
} from '../../src/adapters/postgres/unfinished-restore.ts';
import type { Logger } from '../../src/ports.ts';
import { statement } from '../../src/engine/sql/statement.ts';
import { rowsOf } from '../../src/adapters/postgres/rows-of.ts';
import { syncTree } from '../../src/adapters/files/durable.ts';
import { BackupError, type Manifest, type Part, PARTS, placeOf, readPart } from './folder.ts';
import type { BackupKey } from './seal.ts';
import { filesUnder } from './write.ts';

export interface ReadOptions {
  readonly databaseUrl: string;
  readonly folders: Readonly<Record<Part, string>>;
  readonly filesDir: string;
  readonly fingerprints: Readonly<Record<string, readonly string[]>>;
  /** Goes on with a restore of this backup that was interrupted. */
  readonly resume: boolean;
  /** It is a backup of 0.2.0: neither signed nor encrypted. */
  readonly unsigned: boolean;
  readonly key: Pick<BackupKey, 'verify' | 'unseal'>;
  readonly logger: Logger;
}

/**
 * All or nothing: until the store is accepted, a mark keeps every start away. @throws BackupError the backup is damaged, of two moments, of other
 * secrets or of a newer version; or there is something where it would go
 */
export async function readBackup(options: ReadOptions): Promise<Manifest> {
  const { databaseUrl, folders, logger } = options;
  const [events, personal] = [
    await readPart(folders.events, 'events', options.key, options.unsigned),
    await readPart(folders.personal, 'personal', options.key, options.unsigned),
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
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'saga restore' });
  await client.connect();
  try {
    const phase = await begin(client, events, options);
    if (phase === 'begun') {
      await migrateAsThen(databaseUrl, events.migrations, logger);
      await loadAll(client, options, { events, personal });
    }
    if (phase !== 'copied') {
      await copyFiles(options, personal);
      await rowsOf(client, setMark(events.id, 'copied'));
    }
  } finally {
    await client.end();
  }
  await migrate(databaseUrl, { logger, duringRestore: true });
  return events;
}

/** @returns how far this restore is. @throws BackupError something is where it would go, or another restore is unfinished */
async function begin(
  client: pg.Client,
  { id }: Manifest,
  { resume, filesDir }: ReadOptions,
): Promise<RestorePhase> {
  const mark = await restoreMark((one) => rowsOf(client, one));
  if (resume) {
    if (mark === null)
      throw new BackupError('No restore into this database is unfinished: there is nothing to resume.');
    if (mark.backup !== id)
      throw new BackupError(
        `The unfinished restore is of another backup (${mark.backup}): name the folder of that one.`,
      );
    return mark.phase;
  }
  if (mark !== null) throw new UnfinishedRestore(mark);
  const [table] = await rowsOf(client, migrationsTable());
  if (table?.there)
    throw new BackupError(
      'The database is in use already. Restore into a new one: another DATA_DIR, or an empty database in DATABASE_URL.',
    );
  if ((await filesUnder(filesDir)).length > 0)
    throw new BackupError(
      `${filesDir} has files in it. Move them away, or set FILES_DIR to an empty folder.`,
    );
  await client.query('begin');
  await rowsOf(client, createMark());
  await rowsOf(client, setMark(id, 'begun'));
  await client.query('commit');
  return 'begun';
}

/** Every row in one transaction, with the mark that they are there. */
async function loadAll(
  client: pg.Client,
  { folders, key }: ReadOptions,
  manifests: Readonly<Record<Part, Manifest>>,
): Promise<void> {
  try {
    await client.query('begin');
    for (const part of PARTS) {
      for (const { table, columns, file, rows } of manifests[part].tables) {
        const bytes = await opened(key, folders[part], manifests[part], file);
        const loaded = await load(client, bytes, table, columns);
        if (loaded !== rows)
          throw new BackupError(`${table}: ${String(loaded)} rows instead of ${String(rows)}.`);
      }
    }
    for (const { sequence, last } of manifests.events.sequences)
      await client.query('select setval($1::regclass, $2::bigint)', [sequence, last]);
    await rowsOf(client, setMark(manifests.events.id, 'loaded'));
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined); // the first error is the one that counts
    throw error;
  }
}

type Opened = readonly [Readable, ...Transform[]];

/** The bytes of one file of a backup, and what opens them. */
const opened = async (
  key: ReadOptions['key'],
  folder: string,
  manifest: Manifest,
  path: string,
): Promise<Opened> =>
  manifest.format === 1
    ? [createReadStream(join(folder, path))]
    : key.unseal(join(folder, path), placeOf(manifest, path));

async function copyFiles({ key, folders, filesDir }: ReadOptions, personal: Manifest): Promise<void> {
  for (const { path } of personal.files) {
    const target = join(filesDir, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    const bytes = await opened(key, folders.personal, personal, join('files', path));
    await pipeline([...bytes, createWriteStream(target, { mode: 0o600, flush: true })]);
  }
  if (personal.files.length > 0) await syncTree(filesDir);
}

const migrationsTable = statement(
  null,
  () => sql<{ readonly there: boolean }>`select to_regclass('public.saga_migrations') is not null as there`,
);

/** The tables as they were, so that what later migrations do to rows is done to these rows, too. */
async function migrateAsThen(databaseUrl: string, names: readonly string[], logger: Logger): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'saga-restore-'));
  try {
    for (const name of names) {
      await cp(join(MIGRATIONS_FOLDER, name), join(folder, name)).catch((cause: unknown) => {
        throw new BackupError(`The backup is of a newer version of the product: it has had ${name}.`, {
          cause,
        });
      });
    }
    await migrate(databaseUrl, { logger, folder, duringRestore: true });
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function load(
  client: pg.Client,
  bytes: Opened,
  table: string,
  columns: readonly string[],
): Promise<number> {
  // A migration may have put a first row there: the store's identity, say.
  const { rows } = await client.query(`select from ${table} limit 1`);
  if (rows.length > 0) await client.query(`delete from ${table}`);
  const copy = client.query(
    copyFrom(`copy ${table} (${columns.map((name) => `"${name}"`).join(', ')}) from stdin`),
  );
  await pipeline([...bytes, createGunzip(), copy]);
  return copy.rowCount;
}

export const partFolders = (
  folder: string,
  personal: string | undefined,
): Readonly<Record<Part, string>> => ({
  events: join(folder, PARTS[0]),
  personal: personal ?? join(folder, PARTS[1]),
});
