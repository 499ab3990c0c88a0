/**
 * Whether anything can be written just now (docs/design/reliability.md#ready-means-ready). On a connection of its own with
 * short time-outs, so that a database that hangs costs no connection of anybody else, and the answer comes in time.
 */
import pg from 'pg';
import type { Logger } from '../../ports.ts';
import { verifying } from '../postgres/session.ts';
import { write } from '../../engine/sql/statement.ts';

/** The whole probe: `/readyz` answers within a second. */
const PATIENCE_MS = 800;
/** Who appends holds the store for milliseconds. */
const LOCK_MS = 500;

const begin = write(null, 'begin');
const rollback = write(null, 'rollback');
const commit = write(null, 'commit');
/** What every append and every webhook needs. Rolled back: it delays no append by a flush. */
const UNLOCKED = [
  begin,
  write(null, 'lock table ops.webhook_inbox in row exclusive mode'),
  write(null, 'select es.take_locks_of_append()'),
  rollback,
];
/**
 * A truncated table has a file of its own from the first row on, so this needs room on the disk, also where Postgres has
 * free room in other files; the commit needs room in the write-ahead log. A temporary table is nobody else's to lock.
 */
const ROOM = [
  begin,
  write(null, 'create temporary table if not exists write_probe (filler text not null)'),
  write(null, 'truncate pg_temp.write_probe'),
  write(null, "insert into pg_temp.write_probe values (repeat('x', 1000))"),
  commit,
];

export interface WriteProbe {
  /** In sentences for an operator; null: writing works. Never throws, and answers within a second. */
  problem(): Promise<string | null>;
  close(): Promise<void>;
}

/** @param ownStore whether the events are in this database too, and not in EventStoreDB */
export function createWriteProbe(options: {
  readonly url: string;
  readonly ownStore: boolean;
  readonly logger: Logger;
}): WriteProbe {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: 'saga write probe',
    max: 1,
    connectionTimeoutMillis: PATIENCE_MS,
    query_timeout: PATIENCE_MS,
    verify: verifying({
      statement_timeout: String(PATIENCE_MS),
      lock_timeout: String(LOCK_MS),
      idle_in_transaction_session_timeout: '5000',
    }),
    keepAlive: true,
  });
  pool.on('error', (err) => {
    options.logger.debug({ err }, 'connection of the write probe lost');
  });
  let underWay: Promise<string | null> | undefined;

  async function tryIt(): Promise<string | null> {
    const client = await pool.connect();
    // A client in use reports its end by an event of its own, besides the failure of its query.
    const lost = (err: Error): void => {
      options.logger.debug({ err }, 'connection of the write probe lost');
    };
    client.on('error', lost);
    let sound = false;
    try {
      const { rows } = await client.query(
        "select from pg_settings where name = 'transaction_read_only' and setting = 'off'",
      );
      if (rows.length === 0) {
        sound = true;
        return 'it is read-only: a standby, or default_transaction_read_only is on';
      }
      for (const { text } of [...(options.ownStore ? UNLOCKED : []), ...ROOM]) await client.query(text);
      sound = true;
      return null;
    } finally {
      client.off('error', lost);
      client.release(!sound);
    }
  }

  /** A connection that is being made may hang longer than a query would. */
  async function inTime(): Promise<string | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<string>((resolve) => {
      timer = setTimeout(() => {
        resolve(`it took longer than ${String(PATIENCE_MS)} ms`);
      }, PATIENCE_MS);
    });
    try {
      return await Promise.race([
        late,
        tryIt().catch((error: unknown) => (error instanceof Error ? error.message : 'does not answer')),
      ]);
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    problem: () =>
      (underWay ??= inTime().finally(() => {
        underWay = undefined;
      })),
    close: () => pool.end(),
  };
}
