/** The tickets that a blast may reach, and the values that personalise its text for each of them. */
import { type Nullable, sql } from 'kysely';
import type { BlastCategory } from '../../domain/blasts/blast.ts';
import type { PersonalValues } from '../../domain/blasts/personalise.ts';
import type { Division } from '../../domain/vocabulary.ts';
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
}

type TicketIds = readonly string[];

/** One division prunes the other partitions; all divisions are three index scans. */
const within = (division: string | undefined) =>
  division === undefined ? sql.raw('') : sql`and t.division = ${division}`;

type AudienceRow = Columns<
  'read.tickets',
  { id: 'id'; customerId: 'customer_id'; division: 'division'; last: 'last_customer_message_at' }
>;

const audienceQuery = (ids: TicketIds, division?: string) =>
  sql<AudienceRow>`select t.id, t.customer_id as "customerId", t.division, t.last_customer_message_at as last
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
