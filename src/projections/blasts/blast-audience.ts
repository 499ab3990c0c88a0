/** The tickets that a blast may reach, and the values that personalise its text for each of them. */
import { type Nullable, sql } from 'kysely';
import type { BlastCategory } from '../../domain/blasts/blast.ts';
import type { PersonalValues } from '../../domain/blasts/personalise.ts';
import type { Channel, Division } from '../../domain/vocabulary.ts';
import { statement } from '../../engine/sql/statement.ts';
import { type Columns, tables } from '../../engine/sql/tables.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';

/** A ticket as a recipient of a blast. */
export interface AudienceTicket {
  readonly ticketId: string;
  readonly customerId: string;
  readonly division: Division;
  readonly category: BlastCategory;
  /** ISO 8601; null: the customer never wrote. */
  readonly lastCustomerMessageAt: string | null;
  readonly channel: Channel;
  readonly optedOut: boolean;
  /** When the customer wrote last, on whichever ticket. */
  readonly customerWroteAt: string | null;
}

/** What a filter asks for; what is left out narrows nothing. */
export interface TicketChoice {
  readonly division: Division;
  readonly category?: readonly string[] | undefined;
  readonly crm_stage?: readonly string[] | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
}

type TicketIds = readonly string[];

/** One division prunes the other partitions; all divisions are three index scans. */
const within = (division: string | undefined) =>
  division === undefined ? sql.raw('') : sql`and t.division = ${division}`;

type AudienceRow = Columns<
  'read.tickets',
  { id: 'id'; customerId: 'customer_id'; division: 'division'; last: 'last_customer_message_at' }
> & { readonly channel: Channel; readonly optedOut: boolean; readonly wrote: Date | null };

const audienceQuery = (ids: TicketIds, division?: string) =>
  sql<AudienceRow>`select t.id, t.customer_id as "customerId", t.division, t.last_customer_message_at as last,
  t.channel, coalesce((t.card->>'opted_out')::boolean, false) as "optedOut",
  (select max(o.last_customer_message_at) from read.tickets o where o.division = t.division and o.customer_id = t.customer_id) as wrote
from read.tickets t where t.id = any(${ids}::uuid[]) ${within(division)}`;

const audience = {
  all: statement('blast_audience_all', (ids: TicketIds) => audienceQuery(ids)),
  division: statement('blast_audience_division', (ids: TicketIds, division: string) =>
    audienceQuery(ids, division),
  ),
  ticket: statement('blast_audience_ticket', (ids: TicketIds, division: string) =>
    audienceQuery(ids, division),
  ),
};

const knownTickets = statement(
  'blast_audience_directory',
  (ids: TicketIds) =>
    sql<{
      readonly n: number;
    }>`select count(*)::int as n from read.ticket_directory where ticket_id = any(${ids}::uuid[])`,
);

/**
 * The tickets that `scope` shows, in the order of `ids`.
 * @returns `missing`: why there are no tickets, when one of them is of another division ('hidden') or there is no such
 *     ticket ('unknown')
 */
export async function blastAudience(
  read: ReadStore,
  scope: Scope,
  ids: readonly string[],
): Promise<{
  readonly tickets: readonly AudienceTicket[];
  readonly missing: 'hidden' | 'unknown' | null;
}> {
  const wanted = ids.map((id) => id.toLowerCase());
  return read.scoped(scope, async (on) => {
    const rows = await on.query(
      scope.kind === 'all' ? audience.all(wanted) : audience[scope.kind](wanted, scope.division),
    );
    const found = new Map(rows.map((row) => [row.id, row]));
    const absent = wanted.filter((id) => !found.has(id));
    if (absent.length > 0) {
      const [known] = await on.query(knownTickets(absent));
      return { tickets: [], missing: known?.n === absent.length ? 'hidden' : 'unknown' };
    }
    const categories = await categoriesOf(on, wanted);
    const tickets = wanted.flatMap((id): AudienceTicket[] => {
      const row = found.get(id);
      return row
        ? [
            {
              ticketId: id,
              customerId: row.customerId,
              division: row.division,
              category: categories.get(id) ?? 'NONE',
              lastCustomerMessageAt: row.last?.toISOString() ?? null,
              channel: row.channel,
              optedOut: row.optedOut,
              customerWroteAt: row.wrote?.toISOString() ?? null,
            },
          ]
        : [];
    });
    return { tickets, missing: null };
  });
}

const followUpTable = statement(
  'blast_categories_there',
  () => sql<{ readonly there: boolean }>`select to_regclass('read.followup_recs') is not null as there`,
);

const categoriesByTicket = statement(null, (ids: TicketIds) =>
  tables
    .selectFrom('read.followup_recs')
    .select(['ticket_id as id', 'category'])
    .where('ticket_id', '=', sql<string>`any(${ids}::uuid[])`),
);

/** What the follow-up engine recommends for each ticket now. A ticket without a recommendation has no entry. */
async function categoriesOf(on: Sql, ids: TicketIds): Promise<ReadonlyMap<string, BlastCategory>> {
  const [table] = await on.query(followUpTable());
  if (table?.there !== true) return new Map();
  const rows = await on.query(categoriesByTicket(ids));
  return new Map(rows.map(({ id, category }) => [id, category]));
}

/** More than a blast has recipients; several tickets of one customer among them are one. */
const LOOKED_UP = 3_000;

type Words = readonly string[] | null;

const chosenIn = (
  of: Division,
  stages: Words,
  tags: Words,
) => sql`from read.tickets t where t.division = ${of}
and t.last_customer_message_at is not null
and (${stages}::text[] is null or t.crm_stage = any(${stages}::text[]))
and (${tags}::text[] is null or t.tags @> ${tags}::text[])`;
const newestFirst = sql.raw(`order by t.last_activity_at desc, t.id desc limit ${String(LOOKED_UP)}`);

const filtered = statement(
  'blast_filter',
  (of: Division, stages: Words, tags: Words) =>
    sql<{ readonly id: string }>`select t.id ${chosenIn(of, stages, tags)} ${newestFirst}`,
);

const filteredByCategory = statement(
  null,
  (of: Division, stages: Words, tags: Words, categories: readonly string[]) =>
    sql<{ readonly id: string }>`select t.id ${chosenIn(of, stages, tags)}
and exists (select 1 from read.followup_recs f
  where f.division = t.division and f.ticket_id = t.id and f.category = any(${categories}::text[])) ${newestFirst}`,
);

/**
 * The tickets of a division that a filter chooses, newest activity first.
 * @returns `isMore`: more match than were looked up
 */
export async function filteredTickets(
  read: ReadStore,
  scope: Scope,
  { division, category, crm_stage: stages = null, tags = null }: TicketChoice,
): Promise<{ readonly ids: readonly string[]; readonly isMore: boolean }> {
  const rows = await read.scoped(scope, async (on) => {
    if (!category) return on.query(filtered(division, stages, tags));
    // While it is made anew nothing is recommended.
    if ((await on.query(followUpTable()))[0]?.there !== true) return [];
    return on.query(filteredByCategory(division, stages, tags, category));
  });
  return { ids: rows.map(({ id }) => id), isMore: rows.length === LOOKED_UP };
}

type ValuesRow = Columns<'read.tickets', { id: 'id' }> &
  Nullable<Columns<'read.users', { agent: 'name' }>> & {
    readonly name: string | null;
    readonly origin: string | null;
    readonly destination: string | null;
  };

const valuesQuery = (ids: TicketIds, division?: string) =>
  sql<ValuesRow>`select t.id, t.card->>'customer_name' as name, a.name as agent,
  c.crm->'values'->>'origin_city' as origin, c.crm->'values'->>'destination_city' as destination
from read.tickets t left join read.users a on a.id = t.assigned_to
left join read.crm c on c.division = t.division and c.ticket_id = t.id
where t.id = any(${ids}::uuid[]) ${within(division)}`;

const valuesByTicket = {
  all: statement('blast_values_all', (ids: TicketIds) => valuesQuery(ids)),
  division: statement('blast_values_division', (ids: TicketIds, division: string) =>
    valuesQuery(ids, division),
  ),
  ticket: statement('blast_values_ticket', (ids: TicketIds, division: string) => valuesQuery(ids, division)),
};

/** The values that personalise a text, by ticket. A ticket that `scope` does not show has no entry. */
export async function personalValues(
  read: ReadStore,
  scope: Scope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PersonalValues>> {
  const rows = await read.scoped(scope, (on) =>
    on.query(
      scope.kind === 'all' ? valuesByTicket.all(ids) : valuesByTicket[scope.kind](ids, scope.division),
    ),
  );
  return new Map(
    rows.map(({ id, name, agent, origin, destination }) => [
      id,
      { name, agent_name: agent, origin_city: origin, destination_city: destination },
    ]),
  );
}
