/** What people see of blasts (contract.md 8): the list, one with its recipients, and what became of it. */
import { type BlastCategory, BLAST_CATEGORIES, type BlastStatus } from '../../domain/blasts/blast.ts';
import { personalise } from '../../domain/blasts/personalise.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';
import { personalValues } from './blast-audience.ts';
import { BEHIND_ALL, pageOf, readPlace } from '../../engine/sql/keyset-pages.ts';

/** Whose blasts: all that the scope shows, or those of one creator. */
export type BlastAuthors = { readonly creatorId: string } | 'all';

/** Sent: taken by the channel and not failed later; an unknown end that was delivered or answered after all. */
export const sentOf = (row: string): string =>
  `coalesce((${row}.status = 'accepted' and ${row}.delivery is distinct from 'failed')
  or (${row}.status = 'unknown' and (${row}.delivery in ('delivered', 'read') or ${row}.responded_at is not null)), false)`;
const SENT = sentOf('r');
const FAILED = `coalesce(r.status = 'failed' or (r.status in ('accepted', 'unknown') and r.delivery = 'failed'), false)`;

interface BlastRow {
  readonly id: string;
  readonly position: string;
  readonly status: BlastStatus;
  readonly message: string;
  readonly template: {
    readonly id: string;
    readonly name: string;
    readonly language: string;
    readonly body: string;
  };
  readonly count: number;
  readonly creatorId: string;
  readonly creatorName: string | null;
  readonly createdAt: Date;
  readonly approvedAt: Date | null;
  readonly rejectedAt: Date | null;
  readonly rejectReason: string | null;
  readonly pauseReason: string | null;
  readonly finishedAt: Date | null;
}

const SELECT = `select b.id, b.position, b.status, b.message, b.template, b.recipient_count as count,
  b.creator_id as "creatorId", u.name as "creatorName", b.created_at as "createdAt", b.approved_at as "approvedAt",
  b.rejected_at as "rejectedAt", b.reject_reason as "rejectReason", b.pause_reason as "pauseReason",
  b.finished_at as "finishedAt"
from read.blasts b left join read.users u on u.id = b.creator_id`;

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

const blastObject = (row: BlastRow) => ({
  id: row.id,
  status: row.status,
  message: row.message,
  template: { id: row.template.id, name: row.template.name, language: row.template.language },
  recipient_count: row.count,
  created_by: { id: row.creatorId, name: row.creatorName ?? '' },
  created_at: row.createdAt.toISOString(),
  approved_at: iso(row.approvedAt),
  rejected_at: iso(row.rejectedAt),
  reject_reason: row.rejectReason,
  pause_reason: row.pauseReason,
  finished_at: iso(row.finishedAt),
});
export type BlastObject = ReturnType<typeof blastObject>;

export interface BlastsPage {
  readonly limit: number;
  readonly cursor?: string;
  readonly status?: BlastStatus;
}

/**
 * Newest first.
 *
 *     select ... from read.blasts b where b.position < $1 and ($2::uuid is null or b.creator_id = $2)
 *     and ($3::text is null or b.status = $3) order by b.position desc limit 51
 *
 * @throws InvalidCursor
 */
export async function listBlasts(
  read: ReadStore,
  scope: Scope,
  makers: BlastAuthors,
  { limit, cursor, status }: BlastsPage,
): Promise<{ readonly blasts: readonly BlastObject[]; readonly nextCursor: string | null }> {
  const before = readPlace('blasts', cursor) ?? BEHIND_ALL;
  const rows = await read.scoped(scope, (sql) =>
    sql.query<BlastRow>({
      name: 'blasts_page',
      text: `${SELECT} where b.position < $1 and ($2::uuid is null or b.creator_id = $2)
and ($3::text is null or b.status = $3) order by b.position desc limit $4`,
      values: [before, makers === 'all' ? null : makers.creatorId, status ?? null, limit + 1],
    }),
  );
  const { page, nextCursor } = pageOf('blasts', rows, limit);
  return {
    blasts: page.map(blastObject),
    nextCursor,
  };
}

const one = async (sql: Sql, makers: BlastAuthors, id: string): Promise<BlastRow | undefined> => {
  const [row] = await sql.query<BlastRow>({
    name: 'blast_one',
    text: `${SELECT} where b.id = $1 and ($2::uuid is null or b.creator_id = $2)`,
    values: [id, makers === 'all' ? null : makers.creatorId],
  });
  return row;
};

interface RecipientRow {
  readonly ticketId: string;
  readonly customerName: string | null;
  readonly division: Division;
  readonly category: BlastCategory;
  readonly status:
    | 'planned'
    | 'attempted'
    | 'deferred'
    | 'accepted'
    | 'delivered'
    | 'read'
    | 'responded'
    | 'failed'
    | 'unknown'
    | 'skipped';
  readonly form: 'text' | 'template' | null;
  readonly messageId: string | null;
  readonly attemptedAt: Date | null;
  readonly reason: string | null;
  readonly respondedAt: Date | null;
}

/** As far as it came: planned, attempted, deferred, accepted, delivered, read, responded; or failed, unknown, skipped. */
const RECIPIENTS = `select r.ticket_id as "ticketId", t.card->>'customer_name' as "customerName", r.division, r.category,
  case when ${FAILED} then 'failed' when ${SENT} and r.responded_at is not null then 'responded'
    when ${SENT} then coalesce(r.delivery, r.status) else r.status end as status,
  r.form, r.message_id as "messageId", r.attempted_at as "attemptedAt", r.reason, r.responded_at as "respondedAt"
from read.blast_recipients r left join read.tickets t on t.division = r.division and t.id = r.ticket_id
where r.blast_id = $1 order by r.n`;

/** One blast with what each recipient gets, rendered with what is known of them now. Null: not there, or not shown. */
export async function getBlast(read: ReadStore, scope: Scope, makers: BlastAuthors, id: string) {
  const found = await read.scoped(scope, async (sql) => {
    const row = await one(sql, makers, id);
    if (!row) return null;
    const recipients = await sql.query<RecipientRow>({
      name: 'blast_recipients_of',
      text: RECIPIENTS,
      values: [id],
    });
    return { row, recipients };
  });
  if (!found) return null;
  const { row, recipients } = found;
  const values = await personalValues(
    read,
    scope,
    recipients.map(({ ticketId }) => ticketId),
  );
  return {
    ...blastObject(row),
    recipients: recipients.map((recipient) => ({
      ticket_id: recipient.ticketId,
      customer_name: recipient.customerName,
      division: recipient.division,
      category: recipient.category,
      status: recipient.status,
      form: recipient.form,
      preview: personalise(row.message, values.get(recipient.ticketId) ?? {}),
      template_preview: personalise(row.template.body, values.get(recipient.ticketId) ?? {}),
      message_id: recipient.messageId,
      sent_at: iso(recipient.attemptedAt),
      reason: recipient.reason,
      responded_at: iso(recipient.respondedAt),
    })),
  };
}

interface CountRow {
  readonly category: BlastCategory;
  readonly recipients: number;
  readonly sent: number;
  readonly failed: number;
  readonly responded: number;
  readonly skipped: number;
  readonly unknown: number;
}

const COUNTS = `select r.category, count(*)::int as recipients, count(*) filter (where ${SENT})::int as sent,
  count(*) filter (where ${FAILED})::int as failed,
  count(*) filter (where ${SENT} and r.responded_at is not null)::int as responded,
  count(*) filter (where r.status = 'skipped')::int as skipped,
  count(*) filter (where r.status = 'unknown' and not ${SENT} and not ${FAILED})::int as unknown
from read.blast_recipients r where r.blast_id = $1 group by r.category`;

const rate = (responded: number, sent: number): number =>
  sent === 0 ? 0 : Math.round((1000 * responded) / sent) / 10;

/** What became of it so far. Null: not there, or not shown. */
export async function blastStatus(read: ReadStore, scope: Scope, makers: BlastAuthors, id: string) {
  const found = await read.scoped(scope, async (sql) => {
    const row = await one(sql, makers, id);
    if (!row) return null;
    const counts = await sql.query<CountRow>({ name: 'blast_counts', text: COUNTS, values: [id] });
    return { row, counts };
  });
  return found && progressOf(found.row, found.counts);
}

/** The same, with who made it: for the live stream, which tells it to those who may read it. */
export async function blastForStream(read: ReadStore, nobody: string, id: string) {
  const scope = { kind: 'all', userId: nobody } as const;
  const found = await read.scoped(scope, async (sql) => {
    const row = await one(sql, 'all', id);
    if (!row) return null;
    return { row, counts: await sql.query<CountRow>({ name: 'blast_counts', text: COUNTS, values: [id] }) };
  });
  return found && { creatorId: found.row.creatorId, progress: progressOf(found.row, found.counts) };
}

function progressOf(row: BlastRow, counts: readonly CountRow[]) {
  const total = (of: (count: CountRow) => number): number =>
    counts.reduce((sum, count) => sum + of(count), 0);
  const sent = total((count) => count.sent);
  const responded = total((count) => count.responded);
  const category = (name: BlastCategory) => {
    const count = counts.find((each) => each.category === name);
    const { recipients = 0, sent: out = 0, responded: back = 0 } = count ?? {};
    return { recipients, sent: out, responded: back, response_rate_pct: rate(back, out) };
  };
  return {
    status: row.status,
    total_recipients: row.count,
    total_sent: sent,
    total_failed: total((count) => count.failed),
    total_responded: responded,
    response_rate_pct: rate(responded, sent),
    total_skipped: total((count) => count.skipped),
    total_unknown: total((count) => count.unknown),
    pause_reason: row.pauseReason,
    per_category: Object.fromEntries(BLAST_CATEGORIES.map((name) => [name, category(name)])) as Record<
      BlastCategory,
      ReturnType<typeof category>
    >,
  };
}

/** For the executor: blasts that may have something to send, oldest approval first, and those with somebody under way. */
export async function runningBlasts(read: ReadStore, nobody: string): Promise<readonly string[]> {
  const rows = await read.scoped({ kind: 'all', userId: nobody }, (sql) =>
    sql.query<{ id: string }>({
      name: 'blasts_running',
      text: `select b.id from read.blasts b where b.status in ('approved', 'sending')
  or b.id in (select r.blast_id from read.blast_recipients r where r.status = 'attempted')
order by b.approved_at, b.position`,
      values: [],
    }),
  );
  return rows.map(({ id }) => id);
}

/** Customers who were sent a template since `since` (ISO 8601), each with the last time. */
export async function templatedSince(
  read: ReadStore,
  nobody: string,
  since: string,
): Promise<readonly { readonly customerId: string; readonly at: number }[]> {
  const rows = await read.scoped({ kind: 'all', userId: nobody }, (sql) =>
    sql.query<{ customerId: string; at: Date }>({
      name: 'blast_templated_since',
      text: `select r.customer_id as "customerId", max(r.attempted_at) as at from read.blast_recipients r
where r.form = 'template' and r.attempted_at > $1 and r.status in ('attempted', 'accepted', 'unknown') group by 1`,
      values: [since],
    }),
  );
  return rows.map(({ customerId, at }) => ({ customerId, at: at.getTime() }));
}
