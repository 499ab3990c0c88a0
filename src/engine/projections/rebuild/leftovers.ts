/** What a killed rebuild or verify left behind: schemas full of personal data that nobody reads and nobody removes. */
import { sql } from 'kysely';
import type { WriteStore } from '../../../ports.ts';
import { statement, write as command } from '../../sql/statement.ts';

/** The key that `lockView` takes for a schema's view, for as long as its session lives. */
const KEY = sql`hashtextextended('saga rebuild ' || regexp_replace(n.nspname, '^(rebuild|verify)_|_old$', '', 'g'), 0)`;
const OURS = sql`n.nspname ~ '^(rebuild|verify)_'`;

const abandoned = statement(
  null,
  () => sql<{ name: string }>`select n.nspname as name from pg_namespace n where ${OURS} and not exists (
  select from pg_locks l where l.locktype = 'advisory' and l.objsubid = 1 and l.granted
    and l.database = (select oid from pg_database where datname = current_database())
    and ((l.classid::bigint << 32) | l.objid::bigint) = ${KEY}) order by 1`,
);

const lockSchema = statement(
  null,
  (name: string) =>
    sql<{
      ours: boolean;
    }>`select pg_try_advisory_xact_lock(${KEY}) as ours from pg_namespace n where ${OURS} and n.nspname = ${name}`,
);

/** Schemas of rebuilds and verifies whose session is gone, by name. */
export async function leftovers(write: Pick<WriteStore, 'query'>): Promise<readonly string[]> {
  const rows = await write.query(abandoned());
  return rows.map(({ name }) => name);
}

/** Drops them, each in a transaction of its own; one that somebody works in stays. @returns those that are gone */
export async function dropLeftovers(
  write: Pick<WriteStore, 'query' | 'transaction'>,
): Promise<readonly string[]> {
  const dropped: string[] = [];
  for (const name of await leftovers(write)) {
    const isGone = await write.transaction(async (sql) => {
      // A run that begins now is refused, or was first.
      const [row] = await sql.query(lockSchema(name));
      if (row?.ours !== true) return false;
      await sql.query(command(null, `drop schema ${name} cascade`));
      return true;
    });
    if (isGone) dropped.push(name);
  }
  return dropped;
}
