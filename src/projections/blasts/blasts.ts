/** What people see of blasts (docs/design/api.md#blast): the list, and one blast with its recipients. */
import { type Nullable, sql } from 'kysely';
import type { BlastFacts, BlastStatus } from '../../domain/blasts/blast.ts';
import { personalise } from '../../domain/blasts/personalise.ts';
import { BEHIND_ALL, pageOf, readPlace } from '../../engine/sql/keyset-pages.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns, Row } from '../../engine/sql/tables.ts';
import type { ReadStore, Scope, Sql } from '../../ports.ts';
import { personalValues } from './blast-audience.ts';
import { FAILED, SENT } from './recipient-outcome.ts';

/** Whose blasts: all that the scope shows, or those of one creator. */
export type BlastAuthors = { readonly creatorId: string } | 'all';

const creatorOf = (authors: BlastAuthors): string | null => (authors === 'all' ? null : authors.creatorId);

export type BlastRow = Columns<
  'read.blasts',
  {
    id: 'id';
    position: 'position';
    status: 'status';
    message: 'message';
    template: 'template';
    count: 'recipient_count';
    creatorId: 'creator_id';
    createdAt: 'created_at';
    approvedAt: 'approved_at';
    rejectedAt: 'rejected_at';
    rejectReason: 'reject_reason';
    pauseReason: 'pause_reason';
    finishedAt: 'finished_at';
  }
> &
  Nullable<Columns<'read.users', { creatorName: 'name' }>> & {
    readonly template: Pick<BlastFacts['template'], 'id' | 'name' | 'language' | 'body'>;
  };

const SELECT = sql.raw(`select b.id, b.position, b.status, b.message, b.template, b.recipient_count as count,
  b.creator_id as "creatorId", u.name as "creatorName", b.created_at as "createdAt", b.approved_at as "approvedAt",
  b.rejected_at as "rejectedAt", b.reject_reason as "rejectReason", b.pause_reason as "pauseReason",
  b.finished_at as "finishedAt"
from read.blasts b left join read.users u on u.id = b.creator_id`);

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

const blastsPage = statement(
  'blasts_page',
  (before: string, creatorId: string | null, status: BlastStatus | null, most: number) =>
    sql<BlastRow>`${SELECT} where b.position < ${before} and (${creatorId}::uuid is null or b.creator_id = ${creatorId})
and (${status}::text is null or b.status = ${status}) order by b.position desc limit ${most}`,
);

/**
 * One page of blasts, newest first.
 *
 *     select ... from read.blasts b where b.position < $1 and ($2::uuid is null or b.creator_id = $2)
 *     and ($3::text is null or b.status = $3) order by b.position desc limit 51
 *
 * @throws InvalidCursor
 */
export async function listBlasts(
  read: ReadStore,
  scope: Scope,
  authors: BlastAuthors,
  { limit, cursor, status }: BlastsPage,
): Promise<{ readonly blasts: readonly BlastObject[]; readonly nextCursor: string | null }> {
  const before = readPlace('blasts', cursor) ?? BEHIND_ALL;
  const rows = await read.scoped(scope, (on) =>
    on.query(blastsPage(before, creatorOf(authors), status ?? null, limit + 1)),
  );
  const { page, nextCursor } = pageOf('blasts', rows, limit);
  return { blasts: page.map(blastObject), nextCursor };
}

const blastById = statement(
  'blast_one',
  (id: string, creatorId: string | null) =>
    sql<BlastRow>`${SELECT} where b.id = ${id} and (${creatorId}::uuid is null or b.creator_id = ${creatorId})`,
);

/** Undefined: there is no such blast, or it is of another creator. */
export async function findBlast(on: Sql, authors: BlastAuthors, id: string): Promise<BlastRow | undefined> {
  const [row] = await on.query(blastById(id, creatorOf(authors)));
  return row;
}

type ListedRecipient = Columns<
  'read.blast_recipients',
  {
    ticketId: 'ticket_id';
    division: 'division';
    category: 'category';
    form: 'form';
    messageId: 'message_id';
    attemptedAt: 'attempted_at';
    reason: 'reason';
    respondedAt: 'responded_at';
  }
> & {
  readonly customerName: string | null;
  /** As far as it came. */
  readonly status: Row<'read.blast_recipients'>['status'] | 'delivered' | 'read' | 'responded';
};

const recipientsOf = statement(
  'blast_recipients_of',
  (blastId: string) =>
    sql<ListedRecipient>`select r.ticket_id as "ticketId", t.card->>'customer_name' as "customerName", r.division, r.category,
  case when ${sql.raw(FAILED)} then 'failed' when ${sql.raw(SENT)} and r.responded_at is not null then 'responded'
    when ${sql.raw(SENT)} then coalesce(r.delivery, r.status) else r.status end as status,
  r.form, r.message_id as "messageId", r.attempted_at as "attemptedAt", r.reason, r.responded_at as "respondedAt"
from read.blast_recipients r left join read.tickets t on t.division = r.division and t.id = r.ticket_id
where r.blast_id = ${blastId} order by r.n`,
);

/**
 * One blast, with what each recipient gets according to what is known of them now.
 * @returns null when there is no such blast, or it is of another creator
 */
export async function getBlast(read: ReadStore, scope: Scope, authors: BlastAuthors, id: string) {
  const found = await read.scoped(scope, async (on) => {
    const row = await findBlast(on, authors, id);
    return row ? { row, recipients: await on.query(recipientsOf(id)) } : null;
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
