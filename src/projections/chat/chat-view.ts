/** The views of the web chat: its talks, and what the bot was asked (docs/design/chat.md#figures). */
import { sql } from 'kysely';
import type { RecordedOf } from '../../domain/codec.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { isoSql, isoTime, storable } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Sql } from '../../ports.ts';
import { evolveTalkRow, type TalkRow } from './talk-rows.ts';

type StoredTalk = Columns<
  'read.chat_talks',
  { division: 'division'; ticketId: 'ticket_id'; rating: 'rating'; ratedAgent: 'rated_agent' }
> & {
  readonly openedAt: string;
  readonly escalatedAt: string | null;
  readonly claimedAt: string | null;
  readonly repliedAt: string | null;
  readonly closedAt: string | null;
  readonly ratedAt: string | null;
};

const storedTalks = statement(
  'chat_talks_load',
  (divisions: readonly Division[], ticketIds: readonly string[]) =>
    sql<StoredTalk>`select division, ticket_id as "ticketId", ${sql.raw(isoSql('opened_at'))} as "openedAt",
  ${sql.raw(isoSql('escalated_at'))} as "escalatedAt", ${sql.raw(isoSql('claimed_at'))} as "claimedAt",
  ${sql.raw(isoSql('replied_at'))} as "repliedAt", ${sql.raw(isoSql('closed_at'))} as "closedAt", rating,
  ${sql.raw(isoSql('rated_at'))} as "ratedAt", rated_agent as "ratedAgent"
from read.chat_talks where division = any(${divisions}) and ticket_id = any(${ticketIds}::uuid[])`,
);

async function writeTalks(on: Sql, rows: readonly TalkRow[]): Promise<void> {
  if (rows.length === 0) return;
  await on.query(
    write(
      'chat_talks_write',
      `insert into read.chat_talks (division, ticket_id, opened_at, escalated_at, claimed_at, replied_at, closed_at, rating,
  rated_at, rated_agent)
select * from unnest($1::text[], $2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[],
  $7::timestamptz[], $8::text[], $9::timestamptz[], $10::uuid[])
on conflict (division, ticket_id) do update set escalated_at = excluded.escalated_at, claimed_at = excluded.claimed_at,
  replied_at = excluded.replied_at, closed_at = excluded.closed_at, rating = excluded.rating, rated_at = excluded.rated_at,
  rated_agent = excluded.rated_agent`,
      columnsOf('read.chat_talks', rows, {
        division: (row) => row.division,
        ticket_id: (row) => row.ticketId,
        opened_at: (row) => row.openedAt,
        escalated_at: (row) => row.escalatedAt,
        claimed_at: (row) => row.claimedAt,
        replied_at: (row) => row.repliedAt,
        closed_at: (row) => row.closedAt,
        rating: (row) => row.rating,
        rated_at: (row) => row.ratedAt,
        rated_agent: (row) => row.ratedAgent,
      }),
    ),
  );
}

/** What changes a talk. Most tickets are none: only these look into the table. */
const TOLD: ReadonlySet<string> = new Set([
  'TicketOpened',
  'HandoffRequested',
  'TicketAssigned',
  'TicketTakenOver',
  'AgentReplied',
  'TeamReplied',
  'TicketClosed',
  'TicketReopened',
  'TicketRated',
]);

/** The view `read.chat_talks`. */
export const chatTalksView = (): View => ({
  name: 'chat_talks',
  streams: ['ticket-', 'conversation-'],
  tables: ['chat_talks'],
  forget: () => undefined,
  async apply(on, events) {
    const told = events.flatMap((event) =>
      TOLD.has(event.type) && 'ticketId' in event.data && 'division' in event.data
        ? [{ event, ticketId: event.data.ticketId, division: event.data.division }]
        : [],
    );
    if (told.length === 0) return undefined;
    const divisions = [...new Set(told.map(({ division }) => division))];
    const stored = await on.query(storedTalks(divisions, [...new Set(told.map(({ ticketId }) => ticketId))]));
    const rows = new Map<string, TalkRow>(stored.map((row) => [row.ticketId, row]));
    const changed = new Map<string, TalkRow>();
    for (const { event, ticketId } of told) {
      const before = rows.get(ticketId);
      const after = evolveTalkRow(before, event);
      if (after === undefined || after === before) continue;
      rows.set(ticketId, after);
      changed.set(ticketId, after);
    }
    await writeTalks(on, [...changed.values()]);
    return undefined;
  },
});

/** The view `read.chat_answers`. */
export const chatAnswersView = (): View => ({
  name: 'chat_answers',
  streams: ['ticket-'],
  tables: ['chat_answers'],
  forget: () => undefined,
  async apply(on, events) {
    const answers = events.filter(
      (event): event is RecordedOf<'FaqAnswered'> => event.type === 'FaqAnswered',
    );
    if (answers.length === 0) return undefined;
    await on.query(
      write(
        'chat_answers_write',
        `insert into read.chat_answers (division, ticket_id, id, at, outcome, intent, question)
select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::text[])
on conflict (division, ticket_id, id) do nothing`,
        columnsOf('read.chat_answers', answers, {
          division: ({ data }) => data.division,
          ticket_id: ({ data }) => data.ticketId,
          id: ({ data }) => data.answerId,
          at: ({ metadata }) => isoTime(metadata.at),
          outcome: ({ data }) => data.outcome,
          intent: ({ data }) => (data.intents[0] === undefined ? null : storable(data.intents[0])),
          question: ({ data }) => storable(data.question),
        }),
      ),
    );
    return undefined;
  },
});
