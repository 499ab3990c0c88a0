import { sql } from 'kysely';
import { type NoRow, statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Clock, WriteStore } from '../../ports.ts';

/** Longer than any channel goes on delivering the same thing again (Meta: 7 days); what is dead stays for a person. */
const KEPT_DAYS = 30;
const AT_ONCE = 5_000;

// The oldest that may go tells whether there is anything to look for at all.
const purgeItems = statement(
  'webhook_history_purge',
  (before: Date, most: number) => sql<
    Columns<'ops.webhook_inbox', { delivery: 'delivery_id' }>
  >`delete from ops.webhook_inbox where seq in (
  select seq from ops.webhook_inbox where state in ('done', 'ignored') and received_at < ${before}
    and ${before} > (select received_at from ops.webhook_inbox where state in ('done', 'ignored') order by seq limit 1)
  order by seq limit ${most})
returning delivery_id as delivery`,
);

const purgeBodies = statement(
  'webhook_bodies_purge',
  (ids: readonly string[]) =>
    sql<NoRow>`delete from ops.webhook_delivery d where d.id = any(${ids}::uuid[])
  and not exists (select from ops.webhook_inbox i where i.delivery_id = d.id and i.state in ('pending', 'dead'))`,
);

/** Old items of the webhook inbox that became events or had no effect, and the bodies that none of them needs. */
export function createWebhookHistory(
  write: Pick<WriteStore, 'query'>,
  clock: Clock,
): { purge(): Promise<number> } {
  return {
    async purge() {
      const before = new Date(clock.now().getTime() - KEPT_DAYS * 86_400_000);
      let gone = 0;
      for (;;) {
        const rows = await write.query(purgeItems(before, AT_ONCE));
        gone += rows.length;
        if (rows.length > 0) {
          await write.query(purgeBodies([...new Set(rows.map(({ delivery }) => delivery))]));
        }
        if (rows.length < AT_ONCE) return gone;
      }
    },
  };
}
