/** Customers: how the channels name them. Read by what sends to them, never shown as a list. */
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import type { Sql, WriteStore } from '../../ports.ts';
import { isoTime, storable, storableOrNull } from '../../engine/sql/postgres-text.ts';
import type { View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';

const keyOf = statement('customer_key', (id: string) =>
  tables.selectFrom('read.customers').select('customer_key as key').where('id', '=', id),
);

/** For those who administer all divisions. @returns the id of the customer's stream; null when nobody has this id */
export async function customerKeyOf(
  database: Pick<WriteStore, 'query'>,
  customerId: string,
): Promise<string | null> {
  const [row] = await database.query(keyOf(customerId));
  return row?.key ?? null;
}

/** The view `read.customers`. */
export function customersView(): View {
  return {
    name: 'customers',
    streams: ['customer-'],
    tables: ['customers'],
    forget: () => undefined,
    apply: async (sql, events) => {
      const customers = events.filter((event) => event.type === 'CustomerRegistered');
      if (customers.length > 0) await writeRegistered(sql, customers);
      await writeContacts(sql, events);
      await writeOffers(sql, events);
      return undefined;
    },
  };
}

/** Who was erased and is back is a new customer; that they want no offers outlives the erasure. */
const writeRegistered = (on: Sql, customers: readonly RecordedOf<'CustomerRegistered'>[]): Promise<unknown> =>
  on.query(
    write(
      'customers_insert',
      `insert into read.customers (division, id, customer_key, channel, channel_user_id, phone, name, first_seen_at,
  opted_out_at, opted_out_by, opted_out_how)
select c.*, p.opted_out_at, p.opted_out_by, p.opted_out_how
from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[])
  c (division, id, customer_key, channel, channel_user_id, phone, name, first_seen_at)
left join lateral (select o.* from read.customers o where o.division = c.division and o.customer_key = c.customer_key
  order by o.first_seen_at desc limit 1) p on true`,
      columnsOf('read.customers', customers, {
        division: ({ data }) => data.division,
        id: ({ data }) => data.customerId,
        customer_key: ({ data }) => data.customerKey,
        channel: ({ data }) => data.channel,
        channel_user_id: ({ data }) => storable(data.channelUserId),
        phone: ({ data }) => storableOrNull(data.phone),
        name: ({ data }) => storableOrNull(data.name),
        first_seen_at: ({ metadata }) => isoTime(metadata.at),
      }),
    ),
  );

/** Their name, number or id of now: the last word of each in the batch. */
async function writeContacts(sql: Sql, events: readonly Recorded[]): Promise<void> {
  const last = new Map<string, RecordedOf<'CustomerContactChanged'>['data']>();
  for (const { type, data } of events) if (type === 'CustomerContactChanged') last.set(data.customerId, data);
  if (last.size === 0) return;
  await sql.query(
    write(
      'customers_contacts',
      `update read.customers c set channel_user_id = n.channel_user_id, phone = n.phone, name = n.name
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) n (id, channel_user_id, phone, name) where c.id = n.id`,
      columnsOf('read.customers', [...last.values()], {
        id: ({ customerId }) => customerId,
        channel_user_id: ({ channelUserId }) => storable(channelUserId),
        phone: ({ phone }) => storableOrNull(phone),
        name: ({ name }) => storableOrNull(name),
      }),
    ),
  );
}

/** The last word of each customer. */
async function writeOffers(on: Sql, events: readonly Recorded[]): Promise<void> {
  const last = new Map<string, RecordedOf<'CustomerOptedOut' | 'CustomerOptedIn'>>();
  for (const event of events)
    if (event.type === 'CustomerOptedOut' || event.type === 'CustomerOptedIn')
      last.set(event.data.customerId, event);
  if (last.size === 0) return;
  const out = (event: Recorded) => event.type === 'CustomerOptedOut';
  await on.query(
    write(
      'customers_offers',
      `update read.customers c set opted_out_at = w.at, opted_out_by = w.by, opted_out_how = w.how
from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[]) w (id, at, by, how) where c.id = w.id`,
      columnsOf('read.customers', [...last.values()], {
        id: ({ data }) => data.customerId,
        opted_out_at: (event) => (out(event) ? isoTime(event.metadata.at) : null),
        opted_out_by: (event) =>
          out(event) && event.metadata.actor.kind === 'user' ? event.metadata.actor.id : null,
        opted_out_how: (event) => (out(event) ? event.data.by : null),
      }),
    ),
  );
}
