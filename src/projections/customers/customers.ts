/** Customers: how the channels name them. Read by what sends to them, never shown as a list. */
import type { WriteStore } from '../../ports.ts';
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
      if (customers.length === 0) return undefined;
      await sql.query(
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
      return undefined;
    },
  };
}
