/** Long work on the read tables (rebuild, verify): connections of its own, without the time-outs of live traffic. */
import type { Sql } from './read-tables.ts';

/**
 * One connection, as the owner of the tables. Names are not looked up in any schema: every table is written with its
 * own. A commit does not wait for the disk unless the transaction says `durable`: what is lost is built again.
 */
export interface BulkSession extends Sql {
  /** One transaction; one at a time. `snapshot`: all of it sees one state of the database. */
  transaction<T>(
    work: () => Promise<T>,
    options?: { readonly snapshot?: boolean; readonly durable?: boolean },
  ): Promise<T>;
  /**
   * `copy <into> from stdin`: rows in Postgres' text format, each ended by a line feed, any number per piece.
   * @param into table, columns and options as they are written in SQL: never from outside
   */
  copy(into: string, from: { readonly pieces: Iterable<string>; readonly options?: string }): Promise<void>;
  close(): Promise<void>;
}

export interface BulkStore {
  /** @throws StoreUnavailable */
  open(): Promise<BulkSession>;
}
