/** What the blast executor reads: which blasts to work on, and who got a template lately. */
import { sql } from 'kysely';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { ReadStore } from '../../ports.ts';

const blastsToSend = statement(
  'blasts_running',
  () => sql<
    Columns<'read.blasts', { id: 'id' }>
  >`select b.id from read.blasts b where b.status in ('approved', 'sending')
  or b.id in (select r.blast_id from read.blast_recipients r where r.status = 'attempted')
order by b.approved_at, b.position`,
);

/**
 * Ids of the blasts that may have something to send or a recipient in progress, oldest approval first.
 * @param programId the user id under which the program itself reads
 */
export async function runningBlasts(read: ReadStore, programId: string): Promise<readonly string[]> {
  const rows = await read.scoped({ kind: 'all', userId: programId }, (on) => on.query(blastsToSend()));
  return rows.map(({ id }) => id);
}

/** `at` is the latest `attempted_at`, which the condition keeps from being null. */
type LastTemplate = Columns<'read.blast_recipients', { customerId: 'customer_id' }> & { readonly at: Date };

const lastTemplates = statement(
  'blast_templated_since',
  (since: string) =>
    sql<LastTemplate>`select r.customer_id as "customerId", max(r.attempted_at) as at from read.blast_recipients r
where r.form = 'template' and r.attempted_at > ${since} and r.status in ('attempted', 'accepted', 'unknown') group by 1`,
);

/**
 * Customers who were sent a template after `since`, each with the last time.
 * @param since ISO 8601
 * @returns `at` in ms since 1970
 */
export async function templatedSince(
  read: ReadStore,
  programId: string,
  since: string,
): Promise<readonly { readonly customerId: string; readonly at: number }[]> {
  const rows = await read.scoped({ kind: 'all', userId: programId }, (on) => on.query(lastTemplates(since)));
  return rows.map(({ customerId, at }) => ({ customerId, at: at.getTime() }));
}
