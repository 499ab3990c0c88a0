/** How far a blast has come, and how many recipients answered (docs/design/api.md#blast). */
import { sql } from 'kysely';
import { type BlastCategory, BLAST_CATEGORIES } from '../../domain/blasts/blast.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';
import { type BlastAuthors, type BlastRow, findBlast } from './blasts.ts';
import { FAILED, SENT } from './recipient-outcome.ts';

type CountRow = Columns<'read.blast_recipients', { category: 'category' }> & {
  readonly recipients: number;
  readonly sent: number;
  readonly failed: number;
  readonly responded: number;
  readonly skipped: number;
  readonly unknown: number;
};

const countsOf = statement(
  'blast_counts',
  (blastId: string) =>
    sql<CountRow>`select r.category, count(*)::int as recipients, count(*) filter (where ${sql.raw(SENT)})::int as sent,
  count(*) filter (where ${sql.raw(FAILED)})::int as failed,
  count(*) filter (where ${sql.raw(SENT)} and r.responded_at is not null)::int as responded,
  count(*) filter (where r.status = 'skipped')::int as skipped,
  count(*) filter (where r.status = 'unknown' and not ${sql.raw(SENT)} and not ${sql.raw(FAILED)})::int as unknown
from read.blast_recipients r where r.blast_id = ${blastId} group by r.category`,
);

async function loadProgress(on: Sql, authors: BlastAuthors, id: string) {
  const row = await findBlast(on, authors, id);
  return row ? { creatorId: row.creatorId, progress: progressOf(row, await on.query(countsOf(id))) } : null;
}

/** @returns null when there is no such blast, or it is of another creator */
export async function blastStatus(read: ReadStore, scope: Scope, authors: BlastAuthors, id: string) {
  const found = await read.scoped(scope, (on) => loadProgress(on, authors, id));
  return found && found.progress;
}

/**
 * The same with the creator, for the live stream, which checks who may read it.
 * @param programId the user id under which the program itself reads
 */
export async function blastForStream(read: ReadStore, programId: string, id: string) {
  return read.scoped({ kind: 'all', userId: programId }, (on) => loadProgress(on, 'all', id));
}

/** @returns percent with one decimal; 0 when nothing was sent */
const rate = (responded: number, sent: number): number =>
  sent === 0 ? 0 : Math.round((1000 * responded) / sent) / 10;

function progressOf(row: BlastRow, counts: readonly CountRow[]) {
  const total = (pick: (count: CountRow) => number): number =>
    counts.reduce((sum, count) => sum + pick(count), 0);
  const totalSent = total((count) => count.sent);
  const totalResponded = total((count) => count.responded);
  const category = (name: BlastCategory) => {
    const count = counts.find((each) => each.category === name);
    const { recipients, sent, responded } = count ?? { recipients: 0, sent: 0, responded: 0 };
    return { recipients, sent, responded, response_rate_pct: rate(responded, sent) };
  };
  return {
    status: row.status,
    total_recipients: row.count,
    total_sent: totalSent,
    total_failed: total((count) => count.failed),
    total_responded: totalResponded,
    response_rate_pct: rate(totalResponded, totalSent),
    total_skipped: total((count) => count.skipped),
    total_unknown: total((count) => count.unknown),
    pause_reason: row.pauseReason,
    per_category: Object.fromEntries(BLAST_CATEGORIES.map((name) => [name, category(name)])) as Record<
      BlastCategory,
      ReturnType<typeof category>
    >,
  };
}
