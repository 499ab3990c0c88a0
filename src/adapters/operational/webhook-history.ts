import { sql } from 'kysely';
import { type NoRow, statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Clock, WriteStore } from '../../ports.ts';

/** Longer than any channel goes on delivering the same thing again (Meta: 7 days); what is dead stays for a person. */
const KEPT_DAYS = 30;
const AT_ONCE = 5_000;

type Deliveries = Columns<'ops.webhook_inbox', { delivery: 'delivery_id' }>;

/** Erasing a customer finds what is kept of them by their items, so an item stays as long as the body it came in. */
const withoutBody = sql`not exists (select from ops.webhook_inbox d where d.delivery_id = i.delivery_id and d.state = 'dead')
    and not exists (select from ops.webhook_inbox p where p.delivery_id = i.delivery_id and p.state = 'pending')`;

// A key goes when its item, sent again, would be too old to be let in, and when no body is kept that could be read again.
// The oldest that may go tells whether there is anything to look for at all.
const purgeItems = statement(
  'webhook_history_purge',
  (before: Date, most: number) => sql<Deliveries>`delete from ops.webhook_inbox where seq in (
  select seq from ops.webhook_inbox i where state in ('done', 'ignored')
    and reason is distinct from 'erased' and received_at < ${before} and coalesce(sent_at, received_at) < ${before}
    and ${withoutBody}
    and ${before} > (select received_at from ops.webhook_inbox
      where state in ('done', 'ignored') and sent_at is distinct from 'infinity'
        and reason is distinct from 'erased' order by seq limit 1)
  order by seq limit ${most})
returning delivery_id as delivery`,
);

// Their keys stay: nothing else tells that they come again.
const blankTimeless = statement(
  'webhook_history_blank',
  (before: Date, most: number) => sql<Deliveries>`update ops.webhook_inbox set item = '{}' where seq in (
  select seq from ops.webhook_inbox i where sent_at = 'infinity' and item <> '{}' and received_at < ${before}
    and state in ('done', 'ignored') and ${withoutBody}
  limit ${most})
returning delivery_id as delivery`,
);

const purgeBodies = statement(
  'webhook_bodies_purge',
  (ids: readonly string[]) =>
    sql<NoRow>`delete from ops.webhook_delivery d where d.id = any(${ids}::uuid[])
  and not exists (select from ops.webhook_inbox i where i.delivery_id = d.id and i.state in ('pending', 'dead'))`,
);

/**
 * Old items of the webhook inbox that became events or had no effect, and the bodies that none of them needs
 * (docs/design/reliability.md#old-deliveries).
 * @param maxAgeDays `WEBHOOK_MAX_AGE_DAYS`
 */
export function createWebhookHistory(
  write: Pick<WriteStore, 'query'>,
  clock: Clock,
  maxAgeDays: number,
): { purge(): Promise<number> } {
  const keptDays = Math.max(KEPT_DAYS, maxAgeDays + 1);
  return {
    async purge() {
      const before = new Date(clock.now().getTime() - keptDays * 86_400_000);
      let gone = 0;
      for (const find of [purgeItems, blankTimeless]) {
        for (;;) {
          const rows = await write.query(find(before, AT_ONCE));
          gone += rows.length;
          if (rows.length > 0) {
            await write.query(purgeBodies([...new Set(rows.map(({ delivery }) => delivery))]));
          }
          if (rows.length < AT_ONCE) break;
        }
      }
      return gone;
    },
  };
}
