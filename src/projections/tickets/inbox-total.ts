/** Exact totals: from the projector's counters where these are enough, else by counting. */
import type { Division } from '../../domain/vocabulary.ts';
import type { Sql, Statement } from '../../ports.ts';
import {
  type Filter,
  literal,
  looksAtRows,
  onlySearches,
  placeholders,
  ticketStatesOf,
} from './inbox-filter.ts';
import { branches, idsOfWords, ROW_COST, type Source } from './inbox-source.ts';
import { isCounted } from './search.ts';
import { named } from '../../engine/sql/statement-names.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import { lensOf } from './ticket-counts.ts';

/** What every statement here answers: one number. */
interface Count {
  readonly n: number;
}

const sum = (selects: readonly string[]): string =>
  selects.length === 0
    ? 'select 0::int as n'
    : `select sum(n)::int as n from (${selects.join(' union all ')}) c`;

const divisionList = (divisions: readonly Division[]): string => divisions.map(literal).join(', ');

/** `select sum(n) from read.ticket_counts where division in ('sari') and lens = $1 and status = 'new' ...` */
function countersSql(divisions: readonly Division[], filter: Filter, lens: string): Statement<Count> {
  const params = placeholders();
  const states = ticketStatesOf(filter);
  const conditions = [`division in (${divisionList(divisions)})`, `lens = ${params.add(lens, 'text')}`];
  if (filter.channels) conditions.push(`channel in (${filter.channels.map(literal).join(', ')})`);
  if (filter.crmStages) conditions.push(`crm_stage in (${filter.crmStages.map(literal).join(', ')})`);
  const pairs = states.map(({ status, queueStatus }) => `(${literal(status)}, ${literal(queueStatus)})`);
  conditions.push(pairs.length === 0 ? 'false' : `(status, queue_status) in (${pairs.join(', ')})`);
  return named(
    'inbox_total',
    `select coalesce(sum(n), 0)::int as n from read.ticket_counts where ${conditions.join(' and ')}`,
    params.values,
  );
}

/** Counts the rows themselves. */
function countSql(divisions: readonly Division[], filter: Filter, source: Source): Statement<Count> {
  const params = placeholders();
  const selects = branches(() => 'count(*) as n', divisions, filter, source, params);
  if (selects.length === 0) return named('inbox_count', 'select 0::int as n', []);
  return named('inbox_count', sum(selects), params.values);
}

/** How many tickets a search finds, by its prefix alone; undefined when it is too long to be counted. */
export async function countPrefix(
  sql: Sql,
  divisions: readonly Division[],
  prefix: string,
): Promise<number | undefined> {
  if (!isCounted(prefix)) return undefined;
  const [row] = await sql.query(
    named<Count>(
      'inbox_prefix',
      `select coalesce(sum(n), 0)::int as n from read.term_counts where division in (${divisionList(divisions)}) and prefix = $1`,
      [prefix],
    ),
  );
  return row?.n ?? 0;
}

/** How many tickets carry each tag. */
export async function countTags(
  sql: Sql,
  divisions: readonly Division[],
  tags: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await sql.query(
    named<Count & Columns<'read.ticket_counts', { lens: 'lens' }>>(
      'inbox_tags',
      `select lens, sum(n)::int as n from read.ticket_counts where division in (${divisionList(divisions)})
and lens = any($1) group by lens`,
      [tags.map((tag) => lensOf(undefined, [tag]))],
    ),
  );
  const byLens = new Map(rows.map(({ lens, n }) => [lens, n]));
  return new Map(tags.map((tag) => [tag, byLens.get(lensOf(undefined, [tag]) ?? '') ?? 0]));
}

async function numberOf(sql: Sql, statement: Statement<Count>): Promise<number> {
  const [row] = await sql.query(statement);
  return row?.n ?? 0;
}

/** How many tickets have every word: only the words themselves are read. */
export function countWords(
  sql: Sql,
  divisions: readonly Division[],
  prefixes: readonly string[],
): Promise<number> {
  const params = placeholders();
  const selects = divisions.map(
    (division) => `select count(distinct id) as n from (${idsOfWords(division, prefixes, params)}) w`,
  );
  return numberOf(sql, named('inbox_words', sum(selects), params.values));
}

/** Tickets that have every word and are let through by the rest: two lists of ids, each from an index alone. */
function countBoth(divisions: readonly Division[], filter: Filter, source: Source): Statement<Count> {
  const params = placeholders();
  const rest: Source = { ...source, way: 'tickets', listed: [] };
  const selects = divisions.map((division) => {
    const tickets = branches(() => 't.id', [division], filter, rest, params).join(' union all ');
    return `select count(*) as n from ((${tickets}) intersect (${idsOfWords(division, source.listed, params)})) i`;
  });
  return named('inbox_count_both', sum(selects), params.values);
}

async function searched(
  sql: Sql,
  divisions: readonly Division[],
  filter: Filter,
  source: Source,
): Promise<number> {
  const byWords: Source = { ...source, way: 'terms' };
  if (onlySearches(filter)) {
    const { listed, checked, found } = source;
    if (checked.length > 0) return numberOf(sql, countSql(divisions, filter, byWords));
    const counted = listed.every(isCounted) || listed.length > 1;
    return counted ? found : countWords(sql, divisions, listed);
  }
  const lens = lensOf(filter.assignedTo, filter.tags);
  if (lens === undefined) return numberOf(sql, countSql(divisions, filter, byWords));
  // From whichever side fewer rows have to be looked at.
  const others = await numberOf(sql, countersSql(divisions, { ...filter, isIdle: undefined }, lens));
  if (others === 0) return 0;
  if (source.found <= others / ROW_COST) return numberOf(sql, countSql(divisions, filter, byWords));
  if (source.found <= others * ROW_COST) return numberOf(sql, countBoth(divisions, filter, source));
  return numberOf(sql, countSql(divisions, filter, { ...source, way: 'tickets' }));
}

/** The divisions in which somebody has tickets: the others need not be walked to find that out. */
export async function divisionsOfAssignee(
  sql: Sql,
  divisions: readonly Division[],
  assignee: string,
): Promise<readonly Division[]> {
  const rows = await sql.query(
    named<Columns<'read.tickets', { division: 'division' }>>(
      'inbox_divisions',
      `select distinct division from read.ticket_counts where division in (${divisionList(divisions)}) and lens = $1 and n > 0`,
      [lensOf(assignee, [])],
    ),
  );
  return rows.map(({ division }) => division);
}

/** A filter that says no, as two that do not: everything, and what says yes of it. */
function complement(filter: Filter): { readonly whole: Filter; readonly part: Filter } | null {
  for (const flag of ['snoozed', 'isReturning', 'isOffHours'] as const)
    if (filter[flag] === false)
      return { whole: { ...filter, [flag]: undefined }, part: { ...filter, [flag]: true } };
  return null;
}

/** How many tickets of these divisions the filter lets through. */
export async function total(
  sql: Sql,
  divisions: readonly Division[],
  filter: Filter,
  source: Source,
): Promise<number> {
  // Few are left out, and most have no such flag: what is asked for less often is counted.
  const parts = complement(filter);
  if (parts !== null) {
    const [all, without] = await Promise.all(
      [parts.whole, parts.part].map((one) => total(sql, divisions, one, source)),
    );
    return (all ?? 0) - (without ?? 0);
  }
  const lens = lensOf(filter.assignedTo, filter.tags);
  if (looksAtRows(filter)) {
    // The small columns of the tag rows cannot answer it.
    const way = source.way === 'tags' ? 'tickets' : source.way;
    return numberOf(sql, countSql(divisions, filter, { ...source, way }));
  }
  if (filter.prefixes.length > 0) return searched(sql, divisions, filter, source);
  if (lens === undefined) return numberOf(sql, countSql(divisions, filter, source));
  if (filter.isIdle === undefined) return numberOf(sql, countersSql(divisions, filter, lens));
  // Only the recently active are counted: idle ones are the other open assigned tickets.
  const open = { ...filter, isIdle: true };
  const [all, mayIdle, active] = await Promise.all([
    numberOf(sql, countersSql(divisions, { ...filter, isIdle: undefined }, lens)),
    numberOf(sql, countersSql(divisions, open, lens)),
    recentlyActive(sql, divisions, open, source),
  ]);
  const idle = mayIdle - active;
  return filter.isIdle ? idle : all - idle;
}

/** Open assigned tickets with activity since `idleBefore`. */
async function recentlyActive(
  sql: Sql,
  divisions: readonly Division[],
  open: Filter,
  source: Source,
): Promise<number> {
  const counts = ticketStatesOf(open).map(({ status, queueStatus }) =>
    numberOf(sql, countSql(divisions, { ...open, states: [{ status, queueStatus }], isIdle: false }, source)),
  );
  return (await Promise.all(counts)).reduce((a, b) => a + b, 0);
}
