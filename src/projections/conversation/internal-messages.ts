/**
 * L2: notes among staff. Touches no table, query or cache of L1
 * (docs/design/business-rules.md#l2-never-reaches-a-customer).
 */
import { type RawBuilder, sql } from 'kysely';
import type { ReadStore, Scope, Sql } from '../../ports.ts';
import { divisionOf } from '../customers/division-of.ts';
import { isoSql, isoTime, storable } from '../../engine/sql/postgres-text.ts';
import { wordsColumn } from './search-words.ts';
import type { View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';

const noteRows = (division: string, ticketId: string, rest: RawBuilder<unknown>) => sql<
  Columns<'read.messages_l2', { id: 'id' }> & { note: string }
>`select m.id, json_build_object('id', m.id, 'sender_id', m.sender_id, 'sender_name', u.name, 'content', m.content,
  'tagged_agent', case when m.tagged_agent is not null then json_build_object('id', m.tagged_agent, 'name', t.name) end,
  'sent_at', ${sql.raw(isoSql('m.sent_at'))})::text as note
from read.messages_l2 m left join read.users u on u.id = m.sender_id left join read.users t on t.id = m.tagged_agent
where m.division = ${division} and m.ticket_id = ${ticketId} ${rest}`;

const notesOfIds = statement(
  'messages_l2_by_ids',
  (division: string, ticketId: string, ids: readonly string[]) =>
    noteRows(division, ticketId, sql`and m.id = any(${ids}::uuid[])`),
);

const lastNotes = statement('messages_l2_page', (division: string, ticketId: string, limit: number) =>
  noteRows(division, ticketId, sql`order by m.position desc limit ${limit}`),
);

const notesBefore = statement(
  'messages_l2_page_before',
  (division: string, ticketId: string, limit: number, before: string) =>
    noteRows(
      division,
      ticketId,
      sql`and m.position < (select b.position from read.messages_l2 b
  where b.division = ${division} and b.ticket_id = ${ticketId} and b.id = ${before})
order by m.position desc limit ${limit}`,
    ),
);

export interface NotesPage {
  readonly limit: number;
  /** Id of a note: only notes before it. An unknown id gives nothing. */
  readonly before?: string;
}

/** These notes of one ticket, in no order. @returns id and JSON text of each */
export const notesByIds = (
  sql: Sql,
  of: { readonly division: string; readonly ticketId: string },
  ids: readonly string[],
): Promise<readonly { readonly id: string; readonly note: string }[]> =>
  sql.query(notesOfIds(of.division, of.ticketId, ids));

/** The last `limit` notes on a ticket (before `before`), oldest first. @returns text of a JSON array */
export async function listInternalMessages(
  read: ReadStore,
  scope: Scope,
  ticketId: string,
  { limit, before }: NotesPage,
): Promise<string> {
  const division = await divisionOf(read, scope, ticketId);
  if (division === null) return '[]';
  const rows = await read.scoped(scope, (sql) =>
    sql.query(
      before === undefined
        ? lastNotes(division, ticketId, limit)
        : notesBefore(division, ticketId, limit, before),
    ),
  );
  return `[${rows
    .map(({ note }) => note)
    .reverse()
    .join(',')}]`;
}

/** The view `read.messages_l2`. */
export function internalMessagesView(): View {
  return {
    name: 'messages_l2',
    streams: ['internal-'],
    tables: ['messages_l2'],
    forget: () => undefined,
    apply: async (sql, events) => {
      const notes = events.flatMap((event) => (event.type === 'InternalNotePosted' ? [event] : []));
      if (notes.length === 0) return undefined;
      await sql.query(
        write(
          'messages_l2_insert',
          `insert into read.messages_l2 (division, ticket_id, id, sender_id, content, tagged_agent, sent_at, position, words)
select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::uuid[], $7::timestamptz[], $8::text[],
  $9::tsvector[])`,
          columnsOf('read.messages_l2', notes, {
            division: ({ data }) => data.division,
            ticket_id: ({ data }) => data.ticketId,
            id: ({ data }) => data.noteId,
            sender_id: ({ data }) => data.senderId,
            content: ({ data }) => storable(data.content),
            tagged_agent: ({ data }) => data.taggedAgentId,
            sent_at: ({ metadata }) => isoTime(metadata.at),
            position: ({ position }) => position,
            words: ({ data }) => wordsColumn(data.content),
          }),
        ),
      );
      return undefined;
    },
  };
}
