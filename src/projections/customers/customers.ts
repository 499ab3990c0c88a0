/** Customers: how the channels name them, and who turned out to be whom. */
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import type { Sql, WriteStore } from '../../ports.ts';
import { isoTime, storable, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { partsOf, type View } from '../../engine/projections/view.ts';
import { termsOf } from '../tickets/search.ts';
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

/** What stands alone in its part: it reads or moves what the events before it left. */
const ALONE: ReadonlySet<Recorded['type']> = new Set([
  'CustomerMerged',
  'CustomerAbsorbed',
  'CustomerEdited',
  'CustomerSelfRegistered',
] as const);

/** The view `read.customers`. */
export function customersView(): View {
  return {
    name: 'customers',
    streams: ['customer-'],
    tables: ['customers'],
    forget: () => undefined,
    apply: async (sql, events) => {
      const isCut = (event: Recorded, previous: Recorded): boolean =>
        ALONE.has(event.type) || ALONE.has(previous.type);
      for (const part of partsOf(events, isCut)) await applyPart(sql, part);
      return undefined;
    },
  };
}

async function applyPart(sql: Sql, events: readonly Recorded[]): Promise<void> {
  const [first] = events;
  if (first?.type === 'CustomerMerged') return writeMerged(sql, first.data);
  if (first?.type === 'CustomerAbsorbed') return writeAbsorbed(sql, first.data);
  if (first?.type === 'CustomerEdited') return writeEdited(sql, first.data);
  if (first?.type === 'CustomerSelfRegistered') return writeEdited(sql, saidOf(first.data));
  const customers = events.filter((event) => event.type === 'CustomerRegistered');
  if (customers.length > 0) await writeRegistered(sql, customers);
  await writeContacts(sql, events);
  await writeOffers(sql, events);
  await writeArchived(sql, events);
}

const wordsOf = (name: string | null, phone: string | null): string => termsOf(name, phone).join(' ');

/** Whoever was merged into them before is now the other, too; and the other may be somebody else by then. */
async function writeMerged(
  on: Sql,
  { customerId, into }: RecordedOf<'CustomerMerged'>['data'],
): Promise<void> {
  await on.query(
    write(
      'customers_merged',
      `update read.customers c set merged_into = t.id
from (select coalesce((select o.merged_into from read.customers o where o.id = $2::uuid), $2::uuid) as id) t
where c.id = $1::uuid or c.merged_into = $1::uuid`,
      [customerId, into],
    ),
  );
}

/** What they have together; who of both opted out, and when, stays known. */
async function writeAbsorbed(on: Sql, data: RecordedOf<'CustomerAbsorbed'>['data']): Promise<void> {
  await on.query(
    write(
      'customers_absorbed',
      `update read.customers c set channel_user_id = $3, phone = $4, name = $5, email = $6, address = $7, notes = $8,
  words = $9::tsvector, opted_out_at = coalesce(c.opted_out_at, o.opted_out_at),
  opted_out_by = case when c.opted_out_at is null then o.opted_out_by else c.opted_out_by end,
  opted_out_how = case when c.opted_out_at is null then o.opted_out_how else c.opted_out_how end
from (select null) x left join read.customers o on o.division = $10 and o.id = $2::uuid
where c.division = $10 and c.id = $1::uuid`,
      [
        data.customerId,
        data.absorbed.customerId,
        storable(data.channelUserId),
        storableOrNull(data.phone),
        storableOrNull(data.name),
        storableOrNull(data.email),
        storableOrNull(data.address),
        storableOrNull(data.notes),
        wordsOf(data.name, data.phone),
        data.division,
      ],
    ),
  );
}

const nameAndPhone = statement('customers_name_and_phone', (id: string) =>
  tables
    .selectFrom('read.customers')
    .select(['name', 'phone', 'email', 'address', 'notes'])
    .where('id', '=', id),
);

/** Of somebody who was erased since, nothing is left to write. */
const saidOf = ({ customerId, name, address }: RecordedOf<'CustomerSelfRegistered'>['data']) => ({
  customerId,
  ...(name !== null && { name }),
  ...(address !== null && { address }),
});

/** What a person of ours wrote down; what they left out stays. */
async function writeEdited(on: Sql, data: RecordedOf<'CustomerEdited'>['data']): Promise<void> {
  const [row] = await on.query(nameAndPhone(data.customerId));
  if (!row) return;
  const { name = row.name, email = row.email, address = row.address, notes = row.notes } = data;
  await on.query(
    write(
      'customers_edited',
      `update read.customers set name = $2, email = $3, address = $4, notes = $5, words = $6::tsvector where id = $1::uuid`,
      [
        data.customerId,
        storableOrNull(name),
        storableOrNull(email),
        storableOrNull(address),
        storableOrNull(notes),
        wordsOf(name, row.phone),
      ],
    ),
  );
}

/** Who was erased and is back is a new customer; that they want no offers outlives the erasure. */
const writeRegistered = (on: Sql, customers: readonly RecordedOf<'CustomerRegistered'>[]): Promise<unknown> =>
  on.query(
    write(
      'customers_insert',
      `insert into read.customers (division, id, customer_key, channel, channel_user_id, phone, name, first_seen_at, words,
  opted_out_at, opted_out_by, opted_out_how)
select c.*, p.opted_out_at, p.opted_out_by, p.opted_out_how
from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::timestamptz[],
  $9::tsvector[]) c (division, id, customer_key, channel, channel_user_id, phone, name, first_seen_at, words)
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
        words: ({ data }) => wordsOf(data.name, data.phone),
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
      `update read.customers c set channel_user_id = n.channel_user_id, phone = n.phone, name = n.name, words = n.words
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::tsvector[]) n (id, channel_user_id, phone, name, words) where c.id = n.id`,
      columnsOf('read.customers', [...last.values()], {
        id: ({ customerId }) => customerId,
        channel_user_id: ({ channelUserId }) => storable(channelUserId),
        phone: ({ phone }) => storableOrNull(phone),
        name: ({ name }) => storableOrNull(name),
        words: ({ name, phone }) => wordsOf(name, phone),
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

/** The last word of each customer. */
async function writeArchived(on: Sql, events: readonly Recorded[]): Promise<void> {
  const last = new Map<string, RecordedOf<'CustomerArchived' | 'CustomerUnarchived'>>();
  for (const event of events)
    if (event.type === 'CustomerArchived' || event.type === 'CustomerUnarchived')
      last.set(event.data.customerId, event);
  if (last.size === 0) return;
  await on.query(
    write(
      'customers_archived',
      `update read.customers c set archived_at = w.at from unnest($1::uuid[], $2::timestamptz[]) w (id, at) where c.id = w.id`,
      columnsOf('read.customers', [...last.values()], {
        id: ({ data }) => data.customerId,
        archived_at: ({ type, metadata }) => (type === 'CustomerArchived' ? isoTime(metadata.at) : null),
      }),
    ),
  );
}
