/** The rows an inbox filter lets through, as SQL: which table is walked, in which order, under which conditions. */
import type { Division } from '../../domain/vocabulary.ts';
import {
  commonSql,
  type Filter,
  literal,
  looksAtRows,
  type Placeholders,
  rowSql,
  ticketStatesOf,
  ticketStateSql,
} from './inbox-filter.ts';

/** Where to start from. `terms`: the words find so few that they are fetched and sorted. */
export type Way = 'tickets' | 'tags' | 'terms';

export interface Source {
  readonly way: Way;
  /** From the rarest to the commonest: the first leads the walk. */
  readonly tags: readonly string[];
  /** Words whose lists of tickets are read. */
  readonly listed: readonly string[];
  /** Words so common that tickets are looked at for them, once the others are found. */
  readonly checked: readonly string[];
  /** How many tickets have every listed word, as far as that is counted. */
  readonly found: number;
}

/** Above every character, so that a prefix is a range of a C-collated index. */
const END = '\u{10FFFF}';

const prefixRange = (column: string, prefix: string, params: Placeholders): string =>
  `${column} >= ${params.add(prefix, 'text')} and ${column} < ${params.add(prefix + END, 'text')}`;

/** The tickets that have every one of these words: only the words themselves are read. */
export const idsOfWords = (division: Division, prefixes: readonly string[], params: Placeholders): string =>
  prefixes
    .map(
      (prefix) =>
        `select w.id from read.ticket_terms w where w.division = ${literal(division)} and ${prefixRange('w.term', prefix, params)}`,
    )
    .join(' intersect ');

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

/** Everything, in its order: nothing to start from. */
export const EVERY_TICKET: Source = { way: 'tickets', tags: [], listed: [], checked: [], found: 0 };

/** Reading a ticket costs about as much as reading so many entries of an index. */
export const ROW_COST = 8;

/**
 * One select per division and, when the walk is in the order of an index that begins with the state, per state. Postgres merges their index scans and stops at the limit, where `division = any(...)` would read and
 * sort everything (docs/design/performance.md#inbox-by-division: 102 ms against 0.28).
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
  const states = ticketStatesOf(filter);
  if (states.length === 0) return [];
  const idleBefore = states.some(({ idle }) => idle !== undefined)
    ? params.add(filter.idleBefore, 'timestamptz')
    : '';
  // What has an index of its own is walked by that.
  const ownIndex = looksAtRows({ ...filter, unreadBy: undefined });
  const split =
    source.way === 'tickets' && filter.assignedTo === undefined && filter.narrowsState && !ownIndex;

  return divisions.flatMap((division) => {
    const conditions = [...commonSql(alias, division, filter, params), ...extra(alias)];
    const from = source.way === 'tags' ? 'read.ticket_tags g' : 'read.tickets t';
    let words: string | undefined;
    if (source.way === 'tags') {
      const [lead = '', ...others] = source.tags;
      conditions.push(`g.tag = ${params.add(lead, 'text')}`, ...tagConditions('g', division, others, params));
    } else {
      conditions.push(
        ...rowSql(division, filter, params),
        ...tagConditions('t', division, source.tags, params),
      );
      const { listed, checked } = source;
      if (source.way === 'terms') words = idsOfWords(division, listed, params);
      const within = source.way === 'terms' ? checked : [...listed, ...checked];
      conditions.push(...within.map((prefix) => `strpos(t.search, ${params.add(` ${prefix}`, 'text')}) > 0`));
    }
    const one = (more: readonly string[]): string => {
      const where = [...conditions, ...more].join(' and ');
      if (words === undefined) return `select ${select(alias)} from ${from} where ${where}`;
      // Lateral with a limit: each word's ticket is fetched by its key, however many the planner expects.
      return `select ${select(alias)}
  from (select distinct id from (${words}) w) k
  cross join lateral (select t.* from ${from} where t.id = k.id and ${where} limit 1) t`;
    };
    if (split) return states.map((state) => one([ticketStateSql(alias, state, idleBefore)]));
    if (!filter.narrowsState) return [one([])];
    const any = states.map((state) => `(${ticketStateSql(alias, state, idleBefore)})`);
    return [one([any.length === 1 ? (any[0] ?? '') : `(${any.join(' or ')})`])];
  });
}
