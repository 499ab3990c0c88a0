/** What DATABASE_URL leads to, before anything is done there (docs/design/reliability.md#poolers). */
import { sql } from 'kysely';
import pg from 'pg';
import { statement } from '../../engine/sql/statement.ts';
import { rowsOf } from './rows-of.ts';
import { UnsafeDatabase } from './session.ts';

const PATIENCE_MS = 5_000;

const backend = statement(null, () => sql<{ readonly pid: number }>`select pg_backend_pid() as pid`);
const ownRole = statement(
  null,
  () => sql<{ readonly name: string; readonly superuser: boolean }>`
    select rolname as name, rolsuper as superuser from pg_roles where rolname = current_user`,
);

const POOLED =
  'DATABASE_URL leads to a pooler that shares sessions (transaction or statement pooling): locks, LISTEN, roles and prepared ' +
  'statements would not hold. Set pool_mode = session for this database in PgBouncer, or connect to Postgres directly.';

const isPatienceOver = (error: unknown): boolean =>
  error instanceof Error && /query read timeout|timeout expired|Query read timeout/i.test(error.message);
/** PgBouncer's own words, for BEGIN under statement pooling. */
const isStatementPooling = (error: unknown): boolean =>
  error instanceof Error && /not allowed in statement pooling/i.test(error.message);

/**
 * Two connections at once: under transaction pooling the second one gets the session of the first one, which is idle and
 * not gone, or the first one comes back to another session than its own.
 */
async function sharesSessions(first: pg.Client, second: pg.Client): Promise<boolean> {
  const pidOf = async (client: pg.Client): Promise<number | undefined> =>
    (await rowsOf(client, backend()))[0]?.pid;
  try {
    const own = await pidOf(first);
    await second.query('begin');
    const other = await pidOf(second);
    // While the other one is in a transaction: with a single session behind the pooler this one waits.
    const again = other === own ? own : await pidOf(first);
    await second.query('rollback');
    return other === own || again !== own;
  } catch (error) {
    if (isStatementPooling(error) || isPatienceOver(error)) return true;
    throw error;
  }
}

/**
 * @throws UnsafeDatabase a pooler shares sessions, or the role is a superuser, who passes row security
 * @throws what Postgres says when it cannot be reached
 */
export async function assertOwnSessions(
  url: string,
  { allowSuperuser }: { readonly allowSuperuser: boolean },
): Promise<void> {
  const clients = [1, 2].map(
    () =>
      new pg.Client({
        connectionString: url,
        application_name: 'saga start',
        connectionTimeoutMillis: PATIENCE_MS,
        query_timeout: PATIENCE_MS,
      }),
  );
  const [first, second] = clients as [pg.Client, pg.Client];
  try {
    for (const client of clients) {
      // The statement that is under way fails; without a listener the process would end.
      client.on('error', () => undefined);
      await client.connect();
    }
    if (await sharesSessions(first, second)) throw new UnsafeDatabase(POOLED);
    const [role] = await rowsOf(first, ownRole());
    if (role?.superuser && !allowSuperuser)
      throw new UnsafeDatabase(
        `DATABASE_URL signs in as the superuser ${role.name}, who is above every rule of the database. Give the program a role of ` +
          'its own (deploy/postgres/setup.sql), or set ALLOW_SUPERUSER=true.',
      );
  } finally {
    // One that never came needs no goodbye.
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  }
}
