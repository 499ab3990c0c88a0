/** Visitors of the web chat whose time is over (docs/design/chat.md#retention). */
import { sql } from 'kysely';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { WriteStore } from '../../ports.ts';

const old = statement(
  'chat_talks_over',
  (before: string, most: number) =>
    // Somebody with a number or an address is a customer, and so is one of another channel, with a deal, or with a visit.
    sql<
      Columns<'read.customers', { customerId: 'id'; customerKey: 'customer_key' }> & { tickets: string[] }
    >`select c.id as "customerId", c.customer_key as "customerKey", array_agg(t.id::text) as tickets
from read.customers c join read.tickets t on t.division = c.division and t.customer_id = c.id
where c.channel = 'web' and c.phone is null and c.email is null and c.merged_into is null and not c.is_erased
  and not exists (select from read.customers m where m.division = c.division and m.merged_into = c.id)
  and not exists (select from read.jobs j where j.division = c.division and j.customer_id = c.id)
group by c.division, c.id, c.customer_key
having bool_and(t.channel = 'web' and t.crm_stage = 'Lead' and t.last_activity_at < ${before}::timestamptz)
order by max(t.last_activity_at) limit ${most}`,
);

export interface OldTalk {
  readonly customerId: string;
  readonly customerKey: string;
  readonly tickets: readonly string[];
}

/** @param before ISO 8601: whoever was active since stays. @throws StoreUnavailable */
export const oldTalks = (
  tables: Pick<WriteStore, 'query'>,
  before: string,
  most: number,
): Promise<readonly OldTalk[]> => tables.query(old(before, most));
