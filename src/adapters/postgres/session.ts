/** What a connection must be before anybody uses it: its role, its time-outs, and whether it may write. */
import { sql } from 'kysely';
import type pg from 'pg';
import { statement } from '../../engine/sql/statement.ts';
import { rowsOf } from './rows-of.ts';

/**
 * Row-level security would not hold: the product refuses to serve
 * (docs/design/reliability.md#roles-that-row-security-binds and docs/design/reliability.md#a10 and
 * docs/design/reliability.md#a20).
 */
export class UnsafeDatabase extends Error {
  override readonly name = 'UnsafeDatabase';
}

export interface SessionSettings {
  /** Unset: the role that signed in. */
  readonly role?: string;
  /** By name; times in milliseconds without a unit, as `pg_settings` shows them. */
  readonly settings: Readonly<Record<string, string>>;
}

const setAll = statement(
  null,
  (names: readonly string[], values: readonly string[]) => sql<{ readonly set: string }>`
    select set_config(name, value, false) as set
      from unnest(${names}::text[], ${values}::text[]) as wanted (name, value)`,
);
const inForce = statement(
  null,
  (names: readonly string[]) => sql<{
    readonly role: string;
    readonly name: string;
    readonly setting: string;
  }>`
    select current_user as role, name, setting from pg_settings where name = any(${names})`,
);

/**
 * Set by statements and not by start-up options: a pooler between us and Postgres may drop those without a word, and the
 * reads would then run as the owner. Asked for afterwards, because a pooler may hand the next statement to another session
 * (docs/design/reliability.md#poolers).
 * @throws UnsafeDatabase the session is not what was asked for
 */
export async function prepareSession(
  client: Pick<pg.ClientBase, 'query'>,
  { role, settings }: SessionSettings,
): Promise<void> {
  const names = Object.keys(settings);
  await rowsOf(
    client,
    setAll(
      [...names, ...(role === undefined ? [] : ['role'])],
      [...Object.values(settings), ...(role === undefined ? [] : [role])],
    ),
  );
  const rows = await rowsOf(client, inForce(names));
  const found = new Map(rows.map(({ name, setting }) => [name, setting]));
  const wrong = names.filter((name) => found.get(name) !== settings[name]);
  if (role !== undefined && rows[0]?.role !== role) wrong.unshift(`role (${rows[0]?.role ?? 'unknown'})`);
  if (wrong.length > 0)
    throw new UnsafeDatabase(
      `A database session did not keep ${wrong.join(', ')}: a pooler gives its statements to several sessions. ` +
        'Set pool_mode = session for this database in PgBouncer, or connect to Postgres directly.',
    );
}

/** For `verify` of a pool: nobody gets a client that was not prepared. */
export const verifying =
  (settings: Readonly<Record<string, string>>) =>
  (client: pg.ClientBase, done: (error?: Error) => void): void => {
    prepareSession(client, { settings }).then(
      () => {
        done();
      },
      (error: unknown) => {
        done(error instanceof Error ? error : new Error(String(error)));
      },
    );
  };
