/** The view of blasts, of what became of each recipient, and of who answered (docs/design/business-rules.md#blast). */
import type { Recorded } from '../../domain/codec.ts';
import type { BlastStatus } from '../../domain/blasts/blast.ts';
import { calendarOf } from '../../domain/time/calendar.ts';
import { partsOf, type View } from '../../engine/projections/view.ts';
import { changedColumnsOf, columnsOf } from '../../engine/sql/columns-of.ts';
import { isoTime, storable, storableJson, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { write } from '../../engine/sql/statement.ts';
import type { Sql } from '../../ports.ts';
import { beginsPart } from './batch-parts.ts';
import { type BlastDays, blastDays } from './blast-days.ts';
import { writeAbsorbed, writeAnswers, writeReports } from './recipient-reactions.ts';
import { collectUpdate, type RecipientUpdate, writeBlastTickets, writeUpdates } from './recipient-updates.ts';

type Created = Extract<Recorded, { type: 'BlastCreated' }>;

async function writeCreated(on: Sql, created: readonly Created[]): Promise<void> {
  await on.query(
    write(
      'blasts_insert',
      `insert into read.blasts (id, position, creator_id, status, message, template, recipient_count, created_at)
select id, position, creator_id, 'pending', message, template, recipient_count, created_at
from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::json[], $6::int[], $7::timestamptz[])
  x (id, position, creator_id, message, template, recipient_count, created_at)`,
      columnsOf('read.blasts', created, {
        id: ({ data }) => data.blastId,
        position: ({ position }) => position,
        creator_id: ({ data }) => data.creatorId,
        message: ({ data }) => storable(data.message),
        template: ({ data }) => storableJson(data.template),
        recipient_count: ({ data }) => data.recipients.length,
        created_at: ({ metadata }) => isoTime(metadata.at),
      }),
    ),
  );
  const recipients = created.flatMap(({ data }) =>
    data.recipients.map((recipient, n) => ({ ...recipient, n, blastId: data.blastId })),
  );
  await on.query(
    write(
      'blast_recipients_insert',
      `insert into read.blast_recipients (division, blast_id, ticket_id, n, customer_id, category, status)
select division, blast_id, ticket_id, n, customer_id, category, 'planned'
from unnest($1::text[], $2::uuid[], $3::uuid[], $4::int[], $5::uuid[], $6::text[])
  x (division, blast_id, ticket_id, n, customer_id, category)`,
      columnsOf('read.blast_recipients', recipients, {
        division: ({ division }) => division,
        blast_id: ({ blastId }) => blastId,
        ticket_id: ({ ticketId }) => ticketId,
        n: ({ n }) => n,
        customer_id: ({ customerId }) => customerId,
        category: ({ category }) => category,
      }),
    ),
  );
  await writeBlastTickets(on, recipients);
}

/** What a batch changes about one blast; undefined: as it was. */
interface BlastChange {
  readonly blastId: string;
  status?: BlastStatus;
  /** A recipient was tried: an approved blast is sending now. */
  hasBegun?: boolean;
  decidedBy?: string | null;
  approvedAt?: string;
  rejectedAt?: string;
  rejectReason?: string;
  pauseReason?: string | null;
  finishedAt?: string;
}

function changesOf(events: readonly Recorded[]): readonly BlastChange[] {
  const changes = new Map<string, BlastChange>();
  for (const { type, data, metadata } of events) {
    if (!('blastId' in data) || type === 'BlastMessagePosted' || type === 'BlastCreated') continue;
    const change = changes.get(data.blastId) ?? { blastId: data.blastId };
    changes.set(data.blastId, change);
    const at = isoTime(metadata.at);
    const by = metadata.actor.kind === 'user' ? metadata.actor.id : null;
    switch (type) {
      case 'BlastApproved':
        Object.assign(change, { status: 'approved', decidedBy: by, approvedAt: at });
        break;
      case 'BlastRejected':
        Object.assign(change, {
          status: 'rejected',
          decidedBy: by,
          rejectedAt: at,
          rejectReason: data.reason,
          finishedAt: at,
        });
        break;
      case 'BlastPaused':
        Object.assign(change, { status: 'paused', pauseReason: data.reason });
        break;
      case 'BlastResumed':
        Object.assign(change, { status: 'sending', pauseReason: null });
        break;
      case 'BlastCancelled':
        Object.assign(change, { status: 'cancelled', pauseReason: null, finishedAt: at });
        break;
      case 'BlastDone':
        Object.assign(change, { status: 'done', pauseReason: null, finishedAt: at });
        break;
      default:
        if (change.status === undefined) change.hasBegun = true;
        else if (change.status === 'approved') change.status = 'sending';
    }
  }
  return [...changes.values()];
}

const writeChanges = (on: Sql, changes: readonly BlastChange[]): Promise<unknown> =>
  on.query(
    write(
      'blasts_change',
      `update read.blasts b set
  status = coalesce(c.status, case when b.status = 'approved' and c.began then 'sending' else b.status end),
  decided_by = coalesce(c.decided_by, b.decided_by), approved_at = coalesce(c.approved_at, b.approved_at),
  rejected_at = coalesce(c.rejected_at, b.rejected_at), reject_reason = coalesce(c.reject_reason, b.reject_reason),
  pause_reason = case when c.status is null then b.pause_reason else c.pause_reason end,
  finished_at = coalesce(c.finished_at, b.finished_at)
from unnest($1::uuid[], $2::text[], $3::bool[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::text[], $8::text[],
  $9::timestamptz[]) c (id, status, began, decided_by, approved_at, rejected_at, reject_reason, pause_reason, finished_at)
where b.id = c.id`,
      [
        ...changedColumnsOf('read.blasts', changes, {
          id: ({ blastId }) => blastId,
          status: ({ status }) => status ?? null,
        }),
        changes.map(({ hasBegun }) => hasBegun ?? false),
        ...changedColumnsOf('read.blasts', changes, {
          decided_by: ({ decidedBy }) => decidedBy ?? null,
          approved_at: ({ approvedAt }) => approvedAt ?? null,
          rejected_at: ({ rejectedAt }) => rejectedAt ?? null,
          reject_reason: ({ rejectReason }) => storableOrNull(rejectReason ?? null),
          pause_reason: ({ pauseReason }) => storableOrNull(pauseReason ?? null),
          finished_at: ({ finishedAt }) => finishedAt ?? null,
        }),
      ],
    ),
  );

/** @param timezone BUSINESS_TIMEZONE: it says on which day a message was sent. After a change the view must be rebuilt */
export function blastsView(timezone: string): View {
  const calendar = calendarOf(timezone);
  return {
    name: 'blasts',
    streams: ['blast-', 'conversation-', 'ticket-', 'customer-'],
    tables: ['blasts', 'blast_recipients', 'blast_tickets', 'blast_days'],
    forget: () => undefined,
    apply: async (on, events) => {
      const days = blastDays(calendar);
      const begins = beginsPart();
      // What came before is about the one, what comes after about the other.
      const isCut = (event: Recorded, previous: Recorded): boolean =>
        begins(event) || event.type === 'CustomerAbsorbed' || previous.type === 'CustomerAbsorbed';
      for (const part of partsOf(events, isCut)) await applyPart(on, part, days);
      await days.write(on);
      return undefined;
    },
  };
}

/** One statement after the other: an answer counts for the rows as the statements before have left them. */
async function applyPart(on: Sql, events: readonly Recorded[], days: BlastDays): Promise<void> {
  for (const event of events) if (event.type === 'CustomerAbsorbed') await writeAbsorbed(on, event);
  const created = events.filter((event) => event.type === 'BlastCreated');
  if (created.length > 0) await writeCreated(on, created);
  const changes = changesOf(events);
  if (changes.length > 0) await writeChanges(on, changes);
  const updates = new Map<string, RecipientUpdate>();
  for (const event of events) collectUpdate(updates, event);
  if (updates.size > 0) days.changed(await writeUpdates(on, [...updates.values()]));
  const reports = events.filter((event) => event.type === 'DeliveryReported');
  days.changed(await writeReports(on, reports));
  days.changed(await writeAnswers(on, events));
}
