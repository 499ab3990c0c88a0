/** Access to Postgres: read under a scope, or write in a transaction (docs/design/architecture.md#scoped-reads). */

/**
 * What a reader may see. Every query on a read table runs inside one of these
 * (docs/design/architecture.md#scoped-reads).
 */
export type Scope =
  | { readonly kind: 'division'; readonly division: string; readonly userId: string }
  | { readonly kind: 'all'; readonly userId: string }
  /** One ticket of another division that was assigned to the reader. */
  | {
      readonly kind: 'ticket';
      readonly division: string;
      readonly ticketId: string;
      readonly userId: string;
    };

/** Who reads when no person does: a job. */
export const NOBODY = '00000000-0000-0000-0000-000000000000';

declare const row: unique symbol;

/** What the database is sent. With a name it is prepared once per connection. */
export interface StatementText {
  readonly name?: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/**
 * A compiled statement that answers rows of type `Row`; made by src/engine/sql/statement.ts, which derives the type from
 * the tables.
 */
export interface Statement<Row extends object = object> extends StatementText {
  /** For the compiler alone: no value carries it. */
  readonly [row]: Row;
}

export interface Sql {
  /** Nobody has to wait for an answer to ask for more: within one transaction they are done in the order they were asked for. */
  query<Row extends object>(statement: Statement<Row>): Promise<Row[]>;
}

/** Read access to the read tables: no query without a scope. @throws StoreUnavailable */
export interface ReadStore {
  /** Runs `work` in one read-only transaction as the reader role of `scope`, under row-level security. */
  scoped<T>(scope: Scope, work: (sql: Sql) => Promise<T>): Promise<T>;
}

/** A ReadStore that shows one moment for as long as it is held: what is read late fits what was read early. */
export interface Snapshots {
  /**
   * For reports that take seconds: connections of their own, one read-only transaction per scope, all of which see the
   * tables as they were at the first query. A cursor lives as long as `work`. @throws StoreUnavailable
   */
  snapshot<T>(work: (read: ReadStore) => Promise<T>): Promise<T>;
}

/** Write access for the projector and for operational tables. @throws StoreUnavailable */
export interface WriteStore {
  /** One transaction; rolled back when `work` throws. */
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  /** One statement in its own transaction. */
  query<Row extends object>(statement: Statement<Row>): Promise<Row[]>;
}
