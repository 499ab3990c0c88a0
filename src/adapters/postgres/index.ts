import type { Logger, ReadStore, WriteStore } from '../../ports.ts';
import { createReads, type PoolUse } from './reads.ts';
import { assertSafe } from './roles.ts';
import { createWrites } from './writes.ts';

export interface Postgres {
  readonly reads: ReadStore;
  readonly writes: WriteStore;
  /**
   * To be called after the migrations and before serving.
   * @throws UnsafeDatabase a reader could see more than its scope: every finding in one sentence each
   */
  assertRoles(): Promise<void>;
  /** How busy its connections are, now. */
  use(): readonly PoolUse[];
  close(): Promise<void>;
}

export interface PostgresOptions {
  readonly url: string;
  readonly logger: Logger;
  /** Connections per kind of reader and for writing. Default 6. */
  readonly poolSize?: number;
  /** A statement that takes longer is cancelled and reported as StoreUnavailable. Default 10 s. */
  readonly statementTimeoutMs?: number;
}

/** The read tables' and operational tables' database. Connects when first used; survives restarts of the server. */
export function createPostgres(options: PostgresOptions): Postgres {
  const settings = { poolSize: 6, statementTimeoutMs: 10_000, ...options };
  const reads = createReads(settings);
  const writes = createWrites(settings);
  return {
    reads,
    writes,
    assertRoles: async () => {
      await assertSafe(writes, options.logger);
      // One connection of each kind: a pooler that drops roles is found here, and not by the first reader.
      await reads.check();
    },
    use: () => [...reads.use(), writes.use()],
    close: async () => {
      await Promise.all([reads.close(), writes.close()]);
    },
  };
}
