import { sql } from 'kysely';
import type pg from 'pg';
import { statement } from '../../engine/sql/statement.ts';
import { rowsOf } from '../postgres/rows-of.ts';

const settingsOf = statement(
  null,
  () => sql<Settings>`select current_setting('fsync') as fsync,
            current_setting('full_page_writes') as full_page_writes,
            current_setting('synchronous_commit') as synchronous_commit,
            current_setting('default_transaction_isolation') as isolation,
            pg_is_in_recovery() as standby,
            to_regprocedure('es.append(text,bigint,uuid[],text[],json[],json[])') is not null as migrated`,
);

/**
 * Refuses a server that may lose what it acknowledged (docs/design/reliability.md#durability: 1,865 of 27,300 events
 * lost with synchronous_commit=off), a standby, whose order of visibility may differ
 * (docs/design/reliability.md#wake-ups), and a missing schema.
 * @throws Error with what to change
 */
export async function assertDurable(client: pg.Client): Promise<void> {
  const [settings] = await rowsOf(client, settingsOf());
  if (!settings) throw new Error('postgres answered no settings');
  const problems = [
    settings.fsync !== 'on' && 'fsync is off: set fsync = on',
    settings.full_page_writes !== 'on' && 'full_page_writes is off: set full_page_writes = on',
    settings.synchronous_commit === 'off' && 'synchronous_commit is off: set synchronous_commit = on',
    settings.isolation !== 'read committed' &&
      'default_transaction_isolation must be read committed: es.append relies on a new snapshot after its lock',
    settings.standby && 'this server is a standby: connect to the primary',
    !settings.migrated && 'the schema es is missing: run the migrations',
  ].filter((problem) => problem !== false);
  if (problems.length > 0)
    throw new UnsafeEventStore(`postgres cannot hold the events: ${problems.join('; ')}`);
}

/** The server is configured wrong: trying again does not help. */
export class UnsafeEventStore extends Error {
  override readonly name = 'UnsafeEventStore';
}

interface Settings {
  readonly fsync: string;
  readonly full_page_writes: string;
  readonly synchronous_commit: string;
  readonly isolation: string;
  readonly standby: boolean;
  readonly migrated: boolean;
}
