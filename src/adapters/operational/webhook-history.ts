import type { Clock, WriteStore } from '../../ports.ts';

/** Longer than any channel goes on delivering the same thing again (Meta: 7 days); what is dead stays for a person. */
const KEPT_DAYS = 30;
const AT_ONCE = 5_000;

/** Old items of the webhook inbox that became events or had no effect, and the bodies that none of them needs. */
export function createWebhookHistory(
  write: Pick<WriteStore, 'query'>,
  clock: Clock,
): { purge(): Promise<number> } {
  const sweep = (before: Date): Promise<{ delivery: string }[]> =>
    write.query<{ delivery: string }>({
      name: 'webhook_history_purge',
      // The oldest that may go tells whether there is anything to look for at all.
      text: `delete from ops.webhook_inbox where seq in (
  select seq from ops.webhook_inbox where state in ('done', 'ignored') and received_at < $1
    and $1 > (select received_at from ops.webhook_inbox where state in ('done', 'ignored') order by seq limit 1)
  order by seq limit $2)
returning delivery_id as delivery`,
      values: [before, AT_ONCE],
    });
  return {
    async purge() {
      const before = new Date(clock.now().getTime() - KEPT_DAYS * 86_400_000);
      let gone = 0;
      for (;;) {
        const rows = await sweep(before);
        gone += rows.length;
        if (rows.length > 0) {
          await write.query({
            name: 'webhook_bodies_purge',
            text: `delete from ops.webhook_delivery d where d.id = any($1::uuid[])
  and not exists (select from ops.webhook_inbox i where i.delivery_id = d.id and i.state in ('pending', 'dead'))`,
            values: [[...new Set(rows.map(({ delivery }) => delivery))]],
          });
        }
        if (rows.length < AT_ONCE) return gone;
      }
    },
  };
}
