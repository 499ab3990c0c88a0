/** Whom a blast may reach, and what is put into its text for each of them. */
import type { BlastCategory } from '../../domain/blasts/blast.ts';
import type { PersonalValues } from '../../domain/blasts/personalise.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';

export interface AudienceTicket {
  readonly ticketId: string;
  readonly customerId: string;
  readonly division: Division;
  readonly category: BlastCategory;
  /** ISO 8601; null: the customer never wrote. */
  readonly lastCustomerMessageAt: string | null;
}

interface Row {
  readonly id: string;
  readonly customerId: string;
  readonly division: Division;
  readonly last: Date | null;
}

/** One division as a literal prunes; all of them are three index scans. */
const within = (scope: Scope): string => (scope.kind === 'all' ? '' : 'and t.division = $2');
const valuesFor = (scope: Scope, ids: readonly string[]): readonly unknown[] =>
  scope.kind === 'all' ? [ids] : [ids, scope.division];

/**
 * The tickets among `ids` that `scope` shows, in the order asked; and the first that it does not: of another division,
 * or not there at all.
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
  return read.scoped(scope, async (sql) => {
    const rows = await sql.query<Row>({
      name: `blast_audience_${scope.kind}`,
      text: `select t.id, t.customer_id as "customerId", t.division, t.last_customer_message_at as last
from read.tickets t where t.id = any($1::uuid[]) ${within(scope)}`,
      values: valuesFor(scope, wanted),
    });
    const found = new Map(rows.map((row) => [row.id, row]));
    const absent = wanted.filter((id) => !found.has(id));
    if (absent.length > 0) {
      const [known] = await sql.query<{ n: number }>({
        name: 'blast_audience_directory',
        text: 'select count(*)::int as n from read.ticket_directory where ticket_id = any($1::uuid[])',
        values: [absent],
      });
      return { tickets: [], missing: known?.n === absent.length ? 'hidden' : 'unknown' };
    }
    const categories = await categoriesOf(sql, wanted);
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

/** What the follow-up engine recommends for each ticket now; NONE for those without, and where no engine ran yet. */
async function categoriesOf(sql: Sql, ids: readonly string[]): Promise<ReadonlyMap<string, BlastCategory>> {
  const [engine] = await sql.query<{ there: boolean }>({
    name: 'blast_categories_there',
    text: `select to_regclass('read.followup_recs') is not null as there`,
    values: [],
  });
  if (engine?.there !== true) return new Map();
  const rows = await sql.query<{ id: string; category: BlastCategory }>({
    text: 'select ticket_id as id, category from read.followup_recs where ticket_id = any($1::uuid[])',
    values: [ids],
  });
  return new Map(rows.map(({ id, category }) => [id, category]));
}

/** What is known of each ticket to be put into a text; a ticket that is not there has no entry. */
export async function personalValues(
  read: ReadStore,
  scope: Scope,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PersonalValues>> {
  const rows = await read.scoped(scope, (sql) =>
    sql.query<{
      id: string;
      name: string | null;
      agent: string | null;
      origin: string | null;
      destination: string | null;
    }>({
      name: `blast_values_${scope.kind}`,
      text: `select t.id, t.card->>'customer_name' as name, a.name as agent,
  c.crm->'values'->>'origin_city' as origin, c.crm->'values'->>'destination_city' as destination
from read.tickets t left join read.users a on a.id = t.assigned_to
left join read.crm c on c.division = t.division and c.ticket_id = t.id
where t.id = any($1::uuid[]) ${within(scope)}`,
      values: valuesFor(scope, ids),
    }),
  );
  return new Map(
    rows.map(({ id, name, agent, origin, destination }) => [
      id,
      { name, agent_name: agent, origin_city: origin, destination_city: destination },
    ]),
  );
}
