/** The CustomerObject (docs/design/api.md#customer-object): one of them, and the list. */
import { type RawBuilder, sql } from 'kysely';
import type { Channel, Division } from '../../domain/vocabulary.ts';
import { readCursor, UUID, writeCursor } from '../../engine/sql/keyset-pages.ts';
import { isoSql } from '../../engine/sql/postgres-text.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';
import { wordsQuery } from '../conversation/search-words.ts';
import { prefixesOf } from '../tickets/search.ts';

interface PersonOfStaff {
  readonly id: string;
  readonly name: string;
}

export interface CustomerObject {
  readonly id: string;
  readonly name: string | null;
  readonly phone: string | null;
  readonly division: Division;
  readonly channels: { readonly channel: Channel; readonly id_hint: string; readonly line: string | null }[];
  readonly email: string | null;
  readonly address: string | null;
  readonly notes: string | null;
  readonly opted_out: {
    readonly at: string;
    readonly by: PersonOfStaff | null;
    readonly how: 'keyword' | 'channel' | 'agent';
  } | null;
  readonly archived_at: string | null;
  readonly assigned_agent: PersonOfStaff | null;
  readonly first_seen_at: string | null;
  readonly last_interaction_at: string | null;
  readonly ticket_count: number;
  readonly won_count: number;
  readonly revenue: number;
}

interface CustomerRow {
  readonly id: string;
  readonly customer: CustomerObject;
}

/** The last characters of an id: enough to tell two apart, too little to write to. */
const HINT = 4;
const hint = (column: string): string => `'…' || right(${column}, ${String(HINT)})`;

/** @param which rows of `read.customers c`, in their order */
const objects = (which: RawBuilder<unknown>) => sql<CustomerRow>`
select c.id, json_build_object('id', c.id, 'name', c.name, 'phone', c.phone, 'division', c.division,
  'channels', (select json_agg(json_build_object('channel', k.channel, 'id_hint', k.hint, 'line', k.line))
    from (select c.channel, ${sql.raw(hint('c.channel_user_id'))} as hint, s.line
      union select o.channel, ${sql.raw(hint('o.channel_user_id'))}, s.line from read.customers o
      where o.division = c.division and o.merged_into = c.id order by 2) k),
  'email', c.email, 'address', c.address, 'notes', c.notes,
  'opted_out', case when c.opted_out_at is not null then json_build_object('at', ${sql.raw(isoSql('c.opted_out_at'))},
    'by', case when c.opted_out_by is not null then json_build_object('id', c.opted_out_by, 'name', coalesce(o.name, '')) end,
    'how', c.opted_out_how) end,
  'archived_at', ${sql.raw(isoSql('c.archived_at'))},
  'assigned_agent', case when s.agent is not null then json_build_object('id', s.agent, 'name', coalesce(a.name, '')) end,
  'first_seen_at', ${sql.raw(isoSql('coalesce(c.first_seen_at, s.first)'))},
  'last_interaction_at', ${sql.raw(isoSql('s.last'))},
  'ticket_count', s.tickets, 'won_count', s.won, 'revenue', s.revenue) as customer
from ${which} c
cross join lateral (select count(*)::int as tickets, (count(*) filter (where t.crm_stage = 'Won'))::int as won,
    coalesce(sum((m.crm->'values'->>'deal_value')::numeric) filter (where t.crm_stage = 'Won'), 0)::float8 as revenue,
    min(t.created_at) as first, max(t.last_activity_at) as last,
    (array_agg(t.card->>'wa_phone_id' order by t.created_at desc))[1] as line,
    (array_agg(t.assigned_to order by t.created_at desc) filter (where t.assigned_to is not null))[1] as agent
  from read.tickets t left join read.crm m on m.division = t.division and m.ticket_id = t.id
  where t.division = c.division and t.customer_id = c.id) s
left join read.users o on o.id = c.opted_out_by
left join read.users a on a.id = s.agent
order by c.id desc`;

/** Whoever was merged into another is that other one. */
const oneCustomer = statement('customer_object', (division: Division, id: string) =>
  objects(sql`(select c.* from read.customers c where c.division = ${division} and c.id = (
    select coalesce(i.merged_into, i.id) from read.customers i where i.division = ${division} and i.id = ${id}))`),
);

/** @returns null when no customer of these divisions has this id: unknown and foreign look alike */
export async function findCustomer(
  read: ReadStore,
  scope: Scope,
  divisions: readonly Division[],
  customerId: string,
): Promise<CustomerObject | null> {
  const found = await read.scoped(scope, (on) =>
    Promise.all(divisions.map((division) => on.query(oneCustomer(division, customerId)))),
  );
  return found.flat()[0]?.customer ?? null;
}

// ---------------------------------------------------------------- the same person elsewhere

interface SamePerson {
  readonly customer_id: string;
  readonly division: Division;
  readonly channel: Channel;
}

const samePhone = statement(
  'customers_same_phone',
  (id: string, phone: string) => sql<SamePerson>`
select c.id as customer_id, c.division, c.channel from read.customers c
where c.phone = ${phone} and c.id <> ${id}::uuid and c.merged_into is null and not c.is_erased
order by c.division, c.id limit 20`,
);

/** Customers with the same number, of the divisions that the scope shows. */
export const samePersonElsewhere = (
  read: ReadStore,
  scope: Scope,
  { id, phone }: Pick<CustomerObject, 'id' | 'phone'>,
): Promise<readonly SamePerson[]> =>
  phone === null ? Promise.resolve([]) : read.scoped(scope, (on) => on.query(samePhone(id, phone)));

// ---------------------------------------------------------------- the list

export interface CustomersQuery {
  readonly divisions: readonly Division[];
  readonly q?: string | undefined;
  readonly channel?: Channel | undefined;
  readonly optedOut?: boolean | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface CustomersPage {
  readonly customers: readonly CustomerObject[];
  readonly total: number;
  readonly nextCursor: string | null;
}

const LIST = 'customers';
const BEHIND_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

type Lens = readonly [divisions: readonly Division[], channel: Channel | null, optedOut: boolean | null];

const LISTED = 'c.merged_into is null and not c.is_erased';
const fits = ([
  divisions,
  channel,
  optedOut,
]: Lens) => sql`c.division = any(${divisions}::text[]) and ${sql.raw(LISTED)} and c.archived_at is null
    and (${channel}::text is null or c.channel = ${channel}::text)
    and (${optedOut}::boolean is null or (c.opted_out_at is not null) = ${optedOut}::boolean)`;

// A statement counts its parameters: they are named one by one.
const listPage = statement(
  'customers_page',
  (before: string, limit: number, divisions: Lens[0], channel: Lens[1], optedOut: Lens[2]) =>
    objects(sql`(select c.* from read.customers c where ${fits([divisions, channel, optedOut])} and c.id < ${before}::uuid
  order by c.id desc limit ${limit})`),
);
const countAll = statement(
  'customers_count',
  (divisions: Lens[0], channel: Lens[1], optedOut: Lens[2]) =>
    sql<{
      n: number;
    }>`select count(*)::int as n from read.customers c where ${fits([divisions, channel, optedOut])}`,
);

const found = (words: string, [divisions, channel, optedOut]: Lens) =>
  sql`read.search_customers(${words}::tsquery, ${divisions}::text[], ${channel}::text, ${optedOut}::boolean)`;

const searchPage = statement(
  'customers_search',
  (words: string, before: string, limit: number, divisions: Lens[0], channel: Lens[1], optedOut: Lens[2]) =>
    objects(sql`(select c.* from (select k.* from ${found(words, [divisions, channel, optedOut])} k where k.id < ${before}::uuid
  order by k.id desc limit ${limit}) k join read.customers c on c.division = k.division and c.id = k.id)`),
);
const countFound = statement(
  'customers_search_count',
  (words: string, divisions: Lens[0], channel: Lens[1], optedOut: Lens[2]) =>
    sql<{ n: number }>`select count(*)::int as n from ${found(words, [divisions, channel, optedOut])} k`,
);

/** The newest customers first; who is archived is found by a search only. @throws InvalidCursor */
export async function listCustomers(
  read: ReadStore,
  scope: Scope,
  { divisions, q, channel, optedOut, cursor, limit }: CustomersQuery,
): Promise<CustomersPage> {
  const [before = BEHIND_ALL] = cursor === undefined ? [] : readCursor(LIST, cursor, [UUID]);
  const lens: Lens = [divisions, channel ?? null, optedOut ?? null];
  const words = q === undefined ? null : prefixesOf(q);
  // It asks for nothing that could be found.
  if (words?.length === 0) return { customers: [], total: 0, nextCursor: null };
  const query = words === null ? null : wordsQuery(words);
  const [rows, [count]] = await read.scoped(scope, (on: Sql) =>
    Promise.all([
      on.query(
        query === null ? listPage(before, limit + 1, ...lens) : searchPage(query, before, limit + 1, ...lens),
      ),
      on.query(query === null ? countAll(...lens) : countFound(query, ...lens)),
    ]),
  );
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    customers: page.map(({ customer }) => customer),
    total: count?.n ?? 0,
    nextCursor: rows.length > limit && last ? writeCursor(LIST, [last.id]) : null,
  };
}
