/** Search in L1, the talks with customers (docs/design/api.md#search). Knows nothing of L2. */
import { type RawBuilder, sql } from 'kysely';
import type { ReadStore, Scope, Sql } from '../../ports.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { isoSql } from '../../engine/sql/postgres-text.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { MessageHit, SearchPage } from './search-page.ts';
import { wordsQuery } from './search-words.ts';

type HitRow = Columns<'read.messages_l1', { id: 'id'; ticketId: 'ticket_id'; content: 'content' }> & {
  readonly sentAt: string;
  readonly customerName: string | null;
};

const hits = (
  of: RawBuilder<unknown>,
  limit: number,
) => sql<HitRow>`select m.id, m.ticket_id as "ticketId", m.content,
  ${sql.raw(isoSql('m.sent_at'))} as "sentAt", t.card ->> 'customer_name' as "customerName"
from ${of} m left join read.tickets t on t.division = m.division and t.id = m.ticket_id
order by m.sent_at desc, m.id desc limit ${limit}`;

/** Among so many of the newest messages a common word is found at once, without looking at all who have it. */
const NEWEST = 4_000;

const amongNewest = statement(
  'messages_l1_search_newest',
  (words: string, divisions: readonly Division[], at: string, id: string, limit: number) =>
    hits(
      sql`(select n.* from (select * from read.messages_l1 where division = any(${divisions}::text[])
    and (sent_at, id) < (${at}::timestamptz, ${id}::uuid)
  order by sent_at desc, id desc limit ${sql.raw(String(NEWEST))}) n where n.words @@ ${words}::tsquery)`,
      limit,
    ),
);

const amongAll = statement(
  'messages_l1_search',
  (words: string, divisions: readonly Division[], at: string, id: string, limit: number) =>
    hits(
      sql`(select l.* from read.search_messages_l1(${words}::tsquery, ${divisions}::text[], ${at}::timestamptz, ${id}::uuid, ${limit}) k
  join read.messages_l1 l on l.division = k.division and l.ticket_id = k.ticket_id and l.id = k.id)`,
      limit,
    ),
);

/** The newest messages with all these words. @returns at most `limit`, newest first */
export function searchMessages(
  read: ReadStore,
  scope: Scope,
  { words, divisions, before, limit }: SearchPage,
): Promise<readonly MessageHit[]> {
  const query = wordsQuery(words);
  return read.scoped(scope, async (on: Sql) => {
    const newest = await on.query(amongNewest(query, divisions, before.at, before.id, limit));
    return newest.length >= limit
      ? newest
      : on.query(amongAll(query, divisions, before.at, before.id, limit));
  });
}
