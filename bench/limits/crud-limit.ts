/**
 * The limit of every takeover and webhook row: the CRUD transaction (docs/design/performance.md#crud-transaction), by
 * pgbench.
 */
import { pgbench, runSql } from './pgbench.ts';
import type { BenchServer } from '../processes/postgres.ts';

export const CRUD = 'CRUD transaction, pgbench, 32 clients';
const SECONDS = 3;

/** @returns how to measure it once: transactions per second */
export async function crudLimit(server: BenchServer, database: string): Promise<() => Promise<number>> {
  const url = await server.empty(database);
  await runSql(url, 'takeover-setup');
  return async () => {
    await runSql(url, 'takeover-reset');
    return pgbench(url, 'takeover', { protocol: 'simple', seconds: SECONDS });
  };
}
