import { sql } from 'kysely';
import { z } from 'zod';
import { type NoRow, statement } from '../../engine/sql/statement.ts';
import { type Columns, tables } from '../../engine/sql/tables.ts';
import type { PersonalTraces, WriteStore } from '../../ports.ts';

/** Names so short could be part of anything. */
const SHORTEST_NAME = 6;

const named = z.object({
  userId: z.string().optional(),
  businessScopedId: z.string().nullable().optional(),
  phone: z.string().nullable().optional(),
});

/** The names that channels give to a person: `wa_6281...` without the prefix, a lasting id, a phone number without its plus. */
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

const itemsOf = statement(null, (orderingKey: string, until: Date) =>
  tables
    .selectFrom('ops.webhook_inbox')
    .select('item')
    .where('ordering_key', '=', orderingKey)
    .where('received_at', '<=', until),
);

// The key stays: a channel that delivers the same thing again must not bring it back. An item that is still pending
// belongs to the person who writes now.
const blankItems = statement(
  null,
  (orderingKey: string, until: Date, names: readonly string[]) => sql<
    Columns<'ops.webhook_inbox', { delivery: 'delivery_id' }>
  >`update ops.webhook_inbox i set item = '{}', state = 'ignored', reason = 'erased'
where state <> 'pending' and received_at <= ${until} and item <> '{}'
  and (ordering_key = ${orderingKey} or exists (select from unnest(${names}::text[]) n (name) where strpos(i.item, n.name) > 0))
returning delivery_id::text as delivery`,
);

const deleteBodies = statement(
  null,
  (deliveryIds: readonly string[], until: Date, names: readonly string[]) =>
    sql<NoRow>`delete from ops.webhook_delivery d where received_at <= ${until}
  and (id = any(${deliveryIds}::uuid[]) or exists (select from unnest(${names}::text[]) n (name) where strpos(d.body, n.name) > 0))
  and not exists (select from ops.webhook_inbox i where i.delivery_id = d.id and i.state = 'pending')`,
);

// The claim stays, so that a request which comes again is not carried out again.
const blankAnswers = statement(
  null,
  (mentions: readonly string[]) => sql<NoRow>`update ops.idempotency_keys k set body = '{"success":true}'
where k.body is not null and (ticket_id = any(${mentions}::uuid[])
  or exists (select from unnest(${mentions}::text[]) m (id) where strpos(k.body, m.id) > 0))`,
);

/** Removes what the operational tables still hold of an erased customer. */
export function createPersonalTraces(write: Pick<WriteStore, 'query' | 'transaction'>): PersonalTraces {
  return {
    purge: ({ orderingKey, at }, mentions) =>
      write.transaction(async (sql) => {
        const rows = await sql.query(itemsOf(orderingKey, at));
        const names = namesIn(rows.map(({ item }) => item));
        const blanked = await sql.query(blankItems(orderingKey, at, names));
        const deliveries = [...new Set(blanked.map(({ delivery }) => delivery))];
        await sql.query(deleteBodies(deliveries, at, names));
        await sql.query(blankAnswers(mentions));
      }),
  };
}
