import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { sql } from 'kysely';
import { type NoRow, statement } from '../engine/sql/statement.ts';
import type { Logger } from '../ports.ts';
import { PACKAGE_ROOT } from './package-root.ts';
import { EVENTS_OWNER, giveEventsToOwner } from './postgres/events-owner.ts';
import { rowsOf } from './postgres/rows-of.ts';
import { assertNoUnfinishedRestore } from './postgres/unfinished-restore.ts';

/** A database cannot be brought to this version; `message` is a sentence for the operator. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** The `.sql` files of this version, in the order of their names. */
export const MIGRATIONS_FOLDER = join(PACKAGE_ROOT, 'migrations');
/** Number of the advisory lock: of two processes that start together, one waits. */
const LOCK = 7_233_174_201;

/** Made here and not by a migration, so the generated types do not know it. */
const applied = statement(
  null,
  () => sql<Pick<Migration, 'name' | 'checksum'>>`select name, checksum from public.saga_migrations`,
);
const remember = statement(
  null,
  (name: string, checksum: string) =>
    sql<NoRow>`insert into public.saga_migrations (name, checksum) values (${name}, ${checksum})`,
);

interface Migration {
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

function readMigrations(folder: string): readonly Migration[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
    .map((name) => {
      // A checkout on Windows has other line ends; that is no change.
      const sql = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

function check(known: ReadonlyMap<string, string>, migrations: readonly Migration[]): void {
  const names = new Set(migrations.map(({ name }) => name));
  const missing = [...known.keys()].filter((name) => !names.has(name));
  if (missing.length > 0) {
    throw new MigrationError(
      `The database is newer than this program: it has had ${missing.join(', ')}, which is not in the migrations folder.`,
    );
  }
  const changed = migrations.filter(({ name, checksum }) => (known.get(name) ?? checksum) !== checksum);
  if (changed.length > 0) {
    throw new MigrationError(
      `Already applied, then changed: ${changed.map(({ name }) => name).join(', ')}. ` +
        'Put the old text back and write the change as a new migration.',
    );
  }
}

/**
 * First line of a migration that changes the schema `es` (docs/database.md#migrations): where the events have an owner of
 * their own, the program's role may not.
 */
const FOR_THE_OWNER = /^-- As the owner of the events\b/;

/** @param asOwner of the events: `client` may become them */
async function apply(client: pg.Client, migration: Migration, asOwner = false): Promise<void> {
  await client.query('BEGIN');
  try {
    if (asOwner) await client.query(`SET LOCAL ROLE ${EVENTS_OWNER}`);
    await client.query(migration.sql);
    if (asOwner) await client.query('RESET ROLE');
    await rowsOf(client, remember(migration.name, migration.checksum));
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined); // the first error is the one to report
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationError(`Migration ${migration.name} failed and changed nothing: ${reason}`, { cause });
  }
}

function connect(url: string): pg.Client {
  const client = new pg.Client({ connectionString: url, application_name: 'saga migrations' });
  // Without a listener a connection lost between two statements would end the process; the next statement fails anyway.
  client.on('error', () => undefined);
  return client;
}

interface RoleOverEvents {
  readonly program: string;
  /** The schema `es` is not this role's to change. */
  readonly others: boolean;
  /** The schema is there, with the functions that append for a role that may not write. */
  readonly givable: boolean;
}

const roleOverEvents = statement(
  null,
  () =>
    sql<RoleOverEvents>`SELECT current_user AS program, to_regprocedure('es.take_locks_of_append()') IS NOT NULL AS givable,
       coalesce((SELECT NOT pg_has_role(nspowner, 'MEMBER') FROM pg_namespace WHERE nspname = 'es'), false) AS others`,
);

/** What the program's role is to the events. */
async function roleOf(client: pg.Client): Promise<RoleOverEvents> {
  const [row] = await rowsOf(client, roleOverEvents());
  return row ?? { program: '', others: false, givable: false };
}

/** @throws MigrationError it is for the owner of the events, and nobody who may become it was named */
async function applyFor(
  client: pg.Client,
  migration: Migration,
  ownerUrl: string | undefined,
): Promise<void> {
  if (!FOR_THE_OWNER.test(migration.sql) || !(await roleOf(client)).others) {
    await apply(client, migration);
    return;
  }
  if (ownerUrl === undefined)
    throw new MigrationError(
      `Migration ${migration.name} changes the event store, which the program's role may not: run npm run migrate with ` +
        'MIGRATE_DATABASE_URL (docs/database.md).',
    );
  const owner = connect(ownerUrl);
  await owner.connect();
  try {
    await apply(owner, migration, true);
  } finally {
    await owner.end();
  }
}

/**
 * Applies the migrations that the database does not have yet, in file-name order, each file in one transaction, under an advisory
 * lock. Safe to call at every start and from several processes at once.
 * @param url a role that may create in this database
 * @param options.folder for tests; default: migrations/ of this repository
 * @param options.duringRestore the restore itself asks: its mark does not stop it
 * @param options.ownerUrl the same database as a role that may give the events to their owner; it is done at the end
 * @returns names of the files applied now
 * @throws MigrationError a file fails, an applied file was changed, or the database is newer than the files
 * @throws UnfinishedRestore
 * @throws EventsOwnerError `ownerUrl` may not do it
 */
export async function migrate(
  url: string,
  options: {
    readonly logger: Logger;
    readonly folder?: string;
    readonly duringRestore?: boolean;
    readonly ownerUrl?: string | undefined;
  },
): Promise<readonly string[]> {
  const migrations = readMigrations(options.folder ?? MIGRATIONS_FOLDER);
  const client = connect(url);
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    if (options.duringRestore !== true) await assertNoUnfinishedRestore((asked) => rowsOf(client, asked));
    await client.query(`CREATE TABLE IF NOT EXISTS public.saga_migrations (
      name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`);
    const rows = await rowsOf(client, applied());
    const known = new Map(rows.map(({ name, checksum }) => [name, checksum]));
    check(known, migrations);
    const missing = migrations.filter(({ name }) => !known.has(name));
    for (const migration of missing) {
      await applyFor(client, migration, options.ownerUrl);
      options.logger.info({ migration: migration.name }, 'migration applied');
    }
    const { program, givable } = await roleOf(client);
    if (options.ownerUrl !== undefined && givable)
      await giveEventsToOwner(options.ownerUrl, program, options.logger);
    return missing.map(({ name }) => name);
  } finally {
    await client.end();
  }
}
