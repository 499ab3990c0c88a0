/** The rows an inbox filter lets through, as SQL: which table is walked, in which order, under which conditions. */
import type { Division } from '../domain/words.ts';
import {
  commonSql,
  type Filter,
  narrowsStanding,
  type Placeholders,
  standingsOf,
  standingSql,
} from './inbox-filter.ts';

/** Where to start from. `terms`: the search finds so few that they are fetched and sorted. */
export type Way = 'tickets' | 'tags' | 'terms';

export interface Source {
  readonly way: Way;
  /** From the rarest to the commonest: the first leads the walk. */
  readonly tags: readonly string[];
  readonly prefixes: readonly string[];
  /** How many tickets the rarest prefix finds, as far as that is counted. */
  readonly found: number;
}

/** Above every character, so that a prefix is a range of a C-collated index. */
const END = '\u{10FFFF}';

export const prefixRange = (column: string, prefix: string, params: Placeholders): string =>
  `${column} >= ${params.add(prefix, 'text')} and ${column} < ${params.add(prefix + END, 'text')}`;

function tagConditions(
  alias: string,
  division: string,
  tags: readonly string[],
  params: Placeholders,
): string[] {
  // All tag rows of a ticket carry the same time, so this looks up one place of the same index.
  return tags.map(
    (
      tag,
    ) => `exists (select from read.ticket_tags o where o.division = '${division}' and o.tag = ${params.add(tag, 'text')}
      and o.last_activity_at = ${alias}.last_activity_at and o.id = ${alias}.id)`,
  );
}

/**
 * One select per division and, when the walk is in the order of an index that begins with the standing, per
 * standing. Postgres merges their index scans and stops at the limit, where `division = any(...)` would read and
 * sort everything (performance.md 2: 102 ms against 0.28).
 * @param select the columns, of `t` (`g` on the way of tags: only id, times and small columns)
 */
export function branches(
  select: (alias: string) => string,
  divisions: readonly Division[],
  filter: Filter,
  source: Source,
  params: Placeholders,
  extra: (alias: string) => readonly string[] = () => [],
): string[] {
  const alias = source.way === 'tags' ? 'g' : 't';
  const standings = standingsOf(filter);
  if (standings.length === 0) return [];
  const idleBefore = standings.some(({ idle }) => idle !== undefined)
    ? params.add(filter.idleBefore, 'timestamptz')
    : '';
  const split = source.way === 'tickets' && filter.assignedTo === undefined && narrowsStanding(filter);

  return divisions.flatMap((division) => {
    const conditions = [...commonSql(alias, division, filter, params), ...extra(alias)];
    const from = source.way === 'tags' ? 'read.ticket_tags g' : 'read.tickets t';
    let range: string | undefined;
    if (source.way === 'tags') {
      const [lead = '', ...others] = source.tags;
      conditions.push(`g.tag = ${params.add(lead, 'text')}`, ...tagConditions('g', division, others, params));
    } else {
      conditions.push(...tagConditions('t', division, source.tags, params));
      const [lead, ...others] = source.prefixes;
      const within = source.way === 'terms' ? others : source.prefixes;
      conditions.push(...within.map((prefix) => `strpos(t.search, ${params.add(` ${prefix}`, 'text')}) > 0`));
      if (source.way === 'terms') {
        range = prefixRange('w.term', lead ?? '', params);
      }
    }
    const one = (more: readonly string[]): string => {
      const where = [...conditions, ...more].join(' and ');
      if (range === undefined) return `select ${select(alias)} from ${from} where ${where}`;
      // Lateral with a limit: each word's ticket is fetched by its key, however many the planner expects.
      return `select ${select(alias)}
  from (select distinct w.id from read.ticket_terms w where w.division = '${division}' and ${range}) k
  cross join lateral (select t.* from ${from} where t.id = k.id and ${where} limit 1) t`;
    };
    if (split) return standings.map((standing) => one([standingSql(alias, standing, idleBefore)]));
    if (!narrowsStanding(filter)) return [one([])];
    const any = standings.map((standing) => `(${standingSql(alias, standing, idleBefore)})`);
    return [one([any.length === 1 ? (any[0] ?? '') : `(${any.join(' or ')})`])];
  });
}
