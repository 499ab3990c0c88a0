/** Customers: how the channels name them. Read by what sends to them, never shown as a list. */
import type { WriteStore } from '../../ports.ts';
import { storable, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { columns, type View } from '../../engine/projections/view.ts';

/** For those who administer all divisions. @returns the id of the customer's stream; null when nobody has this id */
export async function customerKeyOf(
  tables: Pick<WriteStore, 'query'>,
  customerId: string,
): Promise<string | null> {
  const [row] = await tables.query<{ key: string }>({
    name: 'customer_key',
    text: 'select customer_key as key from read.customers where id = $1',
    values: [customerId],
  });
  return row?.key ?? null;
}

export function customersView(): View {
  return {
    name: 'customers',
    streams: ['customer-'],
    tables: ['customers'],
    forget: () => undefined,
    apply: async (sql, events) => {
      const customers = events.flatMap((event) => (event.type === 'CustomerRegistered' ? [event.data] : []));
      if (customers.length === 0) return undefined;
      await sql.query({
        name: 'customers_insert',
        text: `insert into read.customers (division, id, customer_key, channel, channel_user_id, phone, name)
select * from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[])`,
        values: columns(
          customers,
          ({ division }) => division,
          ({ customerId }) => customerId,
          ({ customerKey }) => customerKey,
          ({ channel }) => channel,
          ({ channelUserId }) => storable(channelUserId),
          ({ phone }) => storableOrNull(phone),
          ({ name }) => storableOrNull(name),
        ),
      });
      return undefined;
    },
  };
}
