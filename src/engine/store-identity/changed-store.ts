/**
 * The record that another store answers than the one that is known (docs/design/reliability.md#the-right-store): one
 * open row, seen by every process and after every restart, until the right store is back or an operator accepts.
 */
import { sql } from 'kysely';
import type { Sql } from '../../ports.ts';
import { type NoRow, statement } from '../sql/statement.ts';
import { type Columns, tables } from '../sql/tables.ts';

export interface StoreChange {
  readonly id: string;
  /** What was known of the store, and what answers; for operators. Ids and places only. */
  readonly expected: string;
  readonly found: string;
  readonly since: Date;
  /** Of a restore: only an operator ends it. */
  readonly mustAccept: boolean;
}

const theOpenOne = statement('store_change_open', () =>
  tables
    .selectFrom('ops.store_changes')
    .select(['id', 'expected', 'found', 'since', 'must_accept as mustAccept'])
    .where('ended_at', 'is', null),
);

/** @returns null: the store is the right one, as far as is on record. @throws StoreUnavailable */
export const openChange = async (on: Sql): Promise<StoreChange | null> =>
  (await on.query(theOpenOne()))[0] ?? null;

const record = statement(
  null,
  (expected: string, found: string, mustAccept: boolean) => sql<
    Columns<'ops.store_changes', { id: 'id' }> & { readonly isNew: boolean }
  >`insert into ops.store_changes (expected, found, must_accept) values (${expected}, ${found}, ${mustAccept})
on conflict ((true)) where ended_at is null
  do update set found = excluded.found, must_accept = store_changes.must_accept or excluded.must_accept
returning id, xmax = 0 as "isNew"`,
);

/** Since when it is so stays what it was. @returns `isNew`: this call opened it. @throws StoreUnavailable */
export async function recordChange(
  on: Sql,
  change: Pick<StoreChange, 'expected' | 'found' | 'mustAccept'>,
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const [row] = await on.query(record(change.expected, change.found, change.mustAccept));
  if (!row) throw new Error('a change of the store could not be put on record');
  return row;
}

const end = statement(
  null,
  (how: 'came back' | 'accepted') => sql<NoRow>`update ops.store_changes
set ended_at = clock_timestamp(), ended_by = ${how}
where ended_at is null and (${how} = 'accepted' or not must_accept)`,
);

/** Ends the open one. That the right store came back does not end one that an operator must accept. */
export const endChange = (on: Sql, how: 'came back' | 'accepted'): Promise<unknown> => on.query(end(how));

const acceptedCount = statement(
  'store_changes_accepted',
  () =>
    sql<{ readonly n: number }>`select count(*)::int as n from ops.store_changes where ended_by = 'accepted'`,
);

/** How often an operator accepted another store: what a process knew before is void. @throws StoreUnavailable */
export const timesAccepted = async (on: Sql): Promise<number> => (await on.query(acceptedCount()))[0]?.n ?? 0;

const idsOnRecord = statement(
  'store_ids_on_record',
  () => sql<{ readonly storeId: string }>`select distinct store_id as "storeId" from (
  select store_id from ops.projections union all select store_id from ops.job_checkpoints) c
where store_id not like '%: %'`,
);

/** Ids of the stores that checkpoints belong to; for an installation that has no anchors yet. @throws StoreUnavailable */
export const storeIdsOnRecord = async (on: Sql): Promise<readonly string[]> =>
  (await on.query(idsOnRecord())).map(({ storeId }) => storeId);
