/**
 * Search in L2, the notes among staff (docs/design/api.md#search). Shares no table and no query with L1
 * (docs/design/business-rules.md#l2-never-reaches-a-customer).
 */
import { type RawBuilder, sql } from 'kysely';
import type { ReadStore, Scope, Sql } from '../../ports.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { isoSql } from '../../engine/sql/postgres-text.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { MessageHit, SearchPage } from './search-page.ts';
import { wordsQuery } from './search-words.ts';

type HitRow = Columns<'read.messages_l2', { id: 'id'; ticketId: 'ticket_id'; content: 'content' }> & {
  readonly sentAt: string;
  readonly customerName: string | null;
};

/** @param assignee only of tickets of this person; null: of all */
const hits = (of: RawBuilder<unknown>, assignee: string | null, limit: number) => sql<HitRow>`select m.id,
  m.ticket_id as "ticketId", m.content, ${sql.raw(isoSql('m.sent_at'))} as "sentAt", t.card ->> 'customer_name' as "customerName"
from ${of} m join read.tickets t on t.division = m.division and t.id = m.ticket_id
where (${assignee}::uuid is null or t.assigned_to = ${assignee}::uuid)
order by m.sent_at desc, m.id desc limit ${limit}`;

/** Among so many of the newest notes a common word is found at once, without looking at all who have it. */
const NEWEST = 4_000;
/** Of one agent's tickets: what others wrote is found first, and left out after. */
const MOST = 10_000;

const amongNewest = statement(
  'messages_l2_search_newest',
  (
    words: string,
    divisions: readonly Division[],
    at: string,
    id: string,
    assignee: string | null,
    limit: number,
  ) =>
    hits(
      sql`(select n.* from (select * from read.messages_l2 where division = any(${divisions}::text[])
    and (sent_at, id) < (${at}::timestamptz, ${id}::uuid)
  order by sent_at desc, id desc limit ${sql.raw(String(NEWEST))}) n where n.words @@ ${words}::tsquery)`,
      assignee,
      limit,
    ),
);

const amongAll = statement(
  'messages_l2_search',
  (
    words: string,
    divisions: readonly Division[],
    at: string,
    id: string,
    assignee: string | null,
    limit: number,
  ) =>
    hits(
      sql`(select l.* from read.search_messages_l2(${words}::tsquery, ${divisions}::text[], ${at}::timestamptz, ${id}::uuid,
    ${sql.raw(String(MOST))}) k
  join read.messages_l2 l on l.division = k.division and l.ticket_id = k.ticket_id and l.id = k.id)`,
      assignee,
      limit,
    ),
);

/**
 * The newest notes with all these words.
 * @param assignee only on tickets that this person has, by the read tables; null: on all
 * @returns at most `limit`, newest first
 */
export function searchNotes(
  read: ReadStore,
  scope: Scope,
  { words, divisions, before, limit }: SearchPage,
  assignee: string | null,
): Promise<readonly MessageHit[]> {
  const query = wordsQuery(words);
  return read.scoped(scope, async (on: Sql) => {
    const newest = await on.query(amongNewest(query, divisions, before.at, before.id, assignee, limit));
    return newest.length >= limit
      ? newest
      : on.query(amongAll(query, divisions, before.at, before.id, assignee, limit));
  });
}
