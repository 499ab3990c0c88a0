/** Postgres: does it answer, keep what it confirmed, separate the divisions, and have the same time? */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { MIGRATIONS_FOLDER } from '../../src/adapters/migrations.ts';
import { assertDurable, UnsafeEventStore } from '../../src/adapters/postgres-event-store/durability.ts';
import { waysToChangeEvents } from '../../src/adapters/postgres/events-owner.ts';
import { UnsafeDatabase } from '../../src/adapters/postgres/roles.ts';
import type { Postgres } from '../../src/adapters/postgres/index.ts';
import type { WriteStore } from '../../src/ports.ts';
import { restoreMark } from '../../src/adapters/postgres/unfinished-restore.ts';
import { rowsOf } from '../../src/adapters/postgres/rows-of.ts';
import { type Finding, ok, problem, reasonOf, warning } from './finding.ts';
import { sql } from 'kysely';
import { statement } from '../../src/engine/sql/statement.ts';
import type { Columns } from '../../src/engine/sql/tables.ts';

/** @returns a connection, or why there is none */
export async function connect(url: string): Promise<pg.Client | Finding> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'saga doctor',
    connectionTimeoutMillis: 5_000,
    query_timeout: 10_000,
  });
  client.on('error', () => undefined); // the next statement says it
  try {
    await client.connect();
    return client;
  } catch (error) {
    return problem(
      'database',
      `Postgres cannot be reached (${reasonOf(error)}).`,
      'Is it running, and is DATABASE_URL right (host, port, user, password, database)?',
    );
  }
}

// The table of migrations is older than every migration, so the generated types do not have it.
const migrationsTable = statement(
  null,
  () => sql<{ readonly there: boolean }>`select to_regclass('public.saga_migrations') is not null as there`,
);
const appliedMigrations = statement(
  null,
  () =>
    sql<{
      readonly name: string;
      readonly checksum: string;
    }>`select name, checksum from public.saga_migrations`,
);

/** Whether the migrations of this program are applied, and unchanged. */
export async function schema(client: pg.Client): Promise<Finding> {
  const [table] = await rowsOf(client, migrationsTable());
  if (!table?.there) return problem('schema', 'The database has no tables of ours.', 'npm run migrate');
  const known = new Map(
    (await rowsOf(client, appliedMigrations())).map(({ name, checksum }) => [name, checksum]),
  );
  const files = readdirSync(MIGRATIONS_FOLDER)
    .filter((name) => name.endsWith('.sql'))
    .sort();
  const newer = [...known.keys()].filter((name) => !files.includes(name));
  if (newer.length > 0)
    return problem(
      'schema',
      `The database is newer than this program: it has had ${newer.join(', ')}.`,
      'Start the version that last ran here, or a newer one.',
    );
  const changed = files.filter((name) => {
    const sql = readFileSync(join(MIGRATIONS_FOLDER, name), 'utf8').replaceAll('\r\n', '\n');
    return (
      (known.get(name) ?? '') !== '' && known.get(name) !== createHash('sha256').update(sql).digest('hex')
    );
  });
  if (changed.length > 0)
    return problem(
      'schema',
      `Applied, then changed: ${changed.join(', ')}.`,
      'Put the old text of these files back.',
    );
  const missing = files.filter((name) => !known.has(name));
  return missing.length > 0
    ? problem(
        'schema',
        `${String(missing.length)} migrations are missing, from ${missing[0] ?? ''}.`,
        'npm run migrate, or start the program.',
      )
    : ok('schema', `${String(files.length)} migrations, as this program wants them`);
}

/** Every start is refused while it is unfinished. */
export async function restore(client: pg.Client): Promise<Finding> {
  const mark = await restoreMark((one) => rowsOf(client, one));
  return mark === null
    ? ok('restore', 'none is unfinished')
    : problem(
        'restore',
        `A restore of backup ${mark.backup} is unfinished (${mark.phase}).`,
        'npm run restore -- --resume <backup>; with EventStoreDB: npm run store:accept.',
      );
}

export async function durable(client: pg.Client): Promise<Finding> {
  try {
    await assertDurable(client);
    return ok('durability', 'fsync, full_page_writes and synchronous_commit are on');
  } catch (error) {
    if (!(error instanceof UnsafeEventStore)) throw error;
    return problem(
      'durability',
      `${error.message}.`,
      'Change it in postgresql.conf (or for the role), then select pg_reload_conf().',
    );
  }
}

export async function writable(client: pg.Client): Promise<Finding> {
  try {
    await client.query('begin');
    await client.query(`insert into ops.leases (name, epoch, holder) values ('doctor', 1, 'doctor')`);
    await client.query('rollback');
    return ok('writable', 'a row could be written');
  } catch (error) {
    await client.query('rollback').catch(() => undefined); // the first error is the one that counts
    const code = reasonOf(error);
    const todo =
      code === '53100'
        ? 'The disk of Postgres is full: make room, it goes on by itself.'
        : 'DATABASE_URL must name the primary, and the role that owns the tables.';
    return problem('writable', `Nothing can be written (${code}).`, todo);
  }
}

const MOST_SKEW_SECONDS = 2;

const databaseTime = statement(
  null,
  () => sql<{ readonly at: number }>`select extract(epoch from clock_timestamp())::float8 * 1000 as at`,
);

/** @param now of this machine, in milliseconds; for tests */
export async function clocks(client: pg.Client, now: () => number = Date.now): Promise<Finding> {
  const before = now();
  const [database] = await rowsOf(client, databaseTime());
  const middle = (before + now()) / 2;
  const skew = (middle - (database?.at ?? middle)) / 1000;
  const says = `this machine and Postgres differ by ${skew.toFixed(1)} s`;
  return Math.abs(skew) > MOST_SKEW_SECONDS
    ? warning(
        'clocks',
        `The clocks of ${says}.`,
        'Let both follow NTP (timedatectl set-ntp true; chronyc tracking).',
      )
    : ok('clocks', says);
}

export async function roles(postgres: Postgres): Promise<Finding> {
  try {
    await postgres.assertRoles();
    return ok('row security', 'readers see their division only');
  } catch (error) {
    if (!(error instanceof UnsafeDatabase)) throw error;
    return problem(
      'row security',
      error.message,
      'Undo what it names; the roles are made by npm run migrate.',
    );
  }
}

/** Whether the program's role could change history (docs/design/reliability.md#the-owner-of-the-events). */
export async function history(database: Pick<WriteStore, 'query'>): Promise<Finding> {
  const ways = await waysToChangeEvents(database);
  return ways.length === 0
    ? ok('history', 'the role of the program can append events and not change them')
    : warning(
        'history',
        `The role of the program could change events: ${ways.join('; ')}.`,
        'Run deploy/postgres/events-owner.sql, then npm run migrate with MIGRATE_DATABASE_URL (docs/database.md).',
      );
}

const allLeases = statement(
  null,
  () => sql<
    Columns<'ops.leases', { name: 'name'; holder: 'holder' }> & { seconds: number; held: boolean }
  >`select l.name, l.holder, extract(epoch from clock_timestamp() - l.acquired_at)::float8 as seconds,
  exists (select from pg_locks k where k.locktype = 'advisory' and k.granted and k.objsubid = 1
            and k.database = (select oid from pg_database where datname = current_database())
            and k.classid::bigint << 32 | k.objid::bigint = hashtextextended('saga lease ' || l.name, 0)) as held
from ops.leases l order by l.name`,
);

/** Who works, and since when. */
export async function leases(
  database: Pick<WriteStore, 'query'>,
  programRuns: boolean,
): Promise<readonly Finding[]> {
  const rows = await database.query(allLeases());
  return rows.map(({ name, holder, seconds, held }) => {
    const check = `lease ${name}`;
    if (held) return ok(check, `held by ${holder} since ${seconds.toFixed(0)} s`);
    const says = `Nobody holds it; the last was ${holder}.`;
    const todo =
      name === 'projections' ? 'Start a process with RUN=projections.' : 'Start a process with RUN=jobs.';
    return programRuns ? problem(check, says, todo) : warning(check, says, todo);
  });
}
