import { z } from 'zod';
import type { PersonalTraces, WriteStore } from '../../ports.ts';

/** Names so short could be part of anything. */
const SHORTEST_NAME = 6;

const named = z.object({
  userId: z.string().optional(),
  businessScopedId: z.string().nullable().optional(),
  phone: z.string().nullable().optional(),
});

/** As channels name somebody: `wa_6281...` without the prefix, a lasting id, a phone number without its plus. */
function namesIn(items: readonly string[]): readonly string[] {
  const names = items.flatMap((item) => {
    let value: unknown;
    try {
      value = JSON.parse(item);
    } catch {
      return []; // kept as it came, because it was no JSON
    }
    const { data } = named.safeParse(value);
    if (!data) return [];
    const { userId = '', businessScopedId, phone } = data;
    return [userId.slice(userId.indexOf('_') + 1), businessScopedId ?? '', (phone ?? '').replace(/^\+/, '')];
  });
  return [...new Set(names)].filter((name) => name.length >= SHORTEST_NAME);
}

export function createPersonalTraces(write: Pick<WriteStore, 'query' | 'transaction'>): PersonalTraces {
  return {
    purge: ({ orderingKey, at }, mentions) =>
      write.transaction(async (sql) => {
        const rows = await sql.query<{ item: string }>({
          text: 'select item from ops.webhook_inbox where ordering_key = $1 and received_at <= $2',
          values: [orderingKey, at],
        });
        const names = namesIn(rows.map(({ item }) => item));
        // The key stays: a channel that delivers the same thing again must not bring it back. What is still to be
        // taken in is of whoever writes now.
        const blanked = await sql.query<{ delivery: string }>({
          text: `update ops.webhook_inbox i set item = '{}', state = 'ignored', reason = 'erased'
where state <> 'pending' and received_at <= $2 and item <> '{}'
  and (ordering_key = $1 or exists (select from unnest($3::text[]) n (name) where strpos(i.item, n.name) > 0))
returning delivery_id::text as delivery`,
          values: [orderingKey, at, names],
        });
        await sql.query({
          text: `delete from ops.webhook_delivery d where received_at <= $2
  and (id = any($1::uuid[]) or exists (select from unnest($3::text[]) n (name) where strpos(d.body, n.name) > 0))
  and not exists (select from ops.webhook_inbox i where i.delivery_id = d.id and i.state = 'pending')`,
          values: [[...new Set(blanked.map(({ delivery }) => delivery))], at, names],
        });
        // The claim stays, so that a request which comes again is not carried out again.
        await sql.query({
          text: `update ops.idempotency_keys k set body = '{"success":true}'
where exists (select from unnest($1::text[]) m (id) where strpos(k.body, m.id) > 0)`,
          values: [mentions],
        });
      }),
  };
}
