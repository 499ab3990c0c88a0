/** Customers: how the channels name them. Read by what sends to them, never shown as a list. */
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import type { Sql, WriteStore } from '../../ports.ts';
import { storable, storableOrNull } from '../../engine/sql/postgres-text.ts';
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
      const customers = events.flatMap((event) => (event.type === 'CustomerRegistered' ? [event.data] : []));
      if (customers.length > 0) await writeRegistered(sql, customers);
      await writeContacts(sql, events);
      return undefined;
    },
  };
}

type Registered = RecordedOf<'CustomerRegistered'>['data'];

const writeRegistered = (sql: Sql, customers: readonly Registered[]): Promise<unknown> =>
  sql.query(
    write(
      'customers_insert',
      `insert into read.customers (division, id, customer_key, channel, channel_user_id, phone, name)
select * from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])`,
      columnsOf('read.customers', customers, {
        division: ({ division }) => division,
        id: ({ customerId }) => customerId,
        customer_key: ({ customerKey }) => customerKey,
        channel: ({ channel }) => channel,
        channel_user_id: ({ channelUserId }) => storable(channelUserId),
        phone: ({ phone }) => storableOrNull(phone),
        name: ({ name }) => storableOrNull(name),
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
