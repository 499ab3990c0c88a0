/** Blasts and each recipient's way (domain.md, 'Blast'), and who answered. */
import type { Recorded } from '../../domain/codec.ts';
import type { BlastStatus } from '../../domain/blasts/blast.ts';
import { calendarOf } from '../../domain/time/calendar.ts';
import type { Sql } from '../../ports.ts';
import { type BlastDays, blastDays } from './blast-days.ts';
import { isoTime, storable, storableJson, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { columns, partsOf, type View } from '../../engine/projections/view.ts';
import {
  type Step,
  stepOf,
  touching,
  writeAnswers,
  writeReports,
  writeSteps,
  writeTickets,
} from './blast-recipients.ts';

type Created = Extract<Recorded, { type: 'BlastCreated' }>;

async function writeCreated(sql: Sql, created: readonly Created[]): Promise<void> {
  await sql.query({
    name: 'blasts_insert',
    text: `insert into read.blasts (id, position, creator_id, status, message, template, recipient_count, created_at)
select id, position, creator_id, 'pending', message, template, recipient_count, created_at
from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::json[], $6::int[], $7::timestamptz[])
  x (id, position, creator_id, message, template, recipient_count, created_at)`,
    values: columns(
      created,
      ({ data }) => data.blastId,
      ({ position }) => position,
      ({ data }) => data.creatorId,
      ({ data }) => storable(data.message),
      ({ data }) => storableJson(data.template),
      ({ data }) => data.recipients.length,
      ({ metadata }) => isoTime(metadata.at),
    ),
  });
  const recipients = created.flatMap(({ data }) =>
    data.recipients.map((one, n) => ({ ...one, n, blastId: data.blastId })),
  );
  await sql.query({
    name: 'blast_recipients_insert',
    text: `insert into read.blast_recipients (division, blast_id, ticket_id, n, customer_id, category, status)
select division, blast_id, ticket_id, n, customer_id, category, 'planned'
from unnest($1::text[], $2::uuid[], $3::uuid[], $4::int[], $5::uuid[], $6::text[])
  x (division, blast_id, ticket_id, n, customer_id, category)`,
    values: columns(
      recipients,
      ({ division }) => division,
      ({ blastId }) => blastId,
      ({ ticketId }) => ticketId,
      ({ n }) => n,
      ({ customerId }) => customerId,
      ({ category }) => category,
    ),
  });
  await writeTickets(sql, recipients);
}

/** What a batch changes about one blast; undefined: as it was. */
interface Change {
  readonly blastId: string;
  status?: BlastStatus;
  /** Somebody was tried: an approved blast is sending now. */
  began?: boolean;
  decidedBy?: string | null;
  approvedAt?: string;
  rejectedAt?: string;
  rejectReason?: string;
  pauseReason?: string | null;
  finishedAt?: string;
}

function changesOf(events: readonly Recorded[]): readonly Change[] {
  const changes = new Map<string, Change>();
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
        if (change.status === undefined) change.began = true;
        else if (change.status === 'approved') change.status = 'sending';
    }
  }
  return [...changes.values()];
}

const writeChanges = (sql: Sql, changes: readonly Change[]): Promise<unknown> =>
  sql.query({
    name: 'blasts_change',
    text: `update read.blasts b set
  status = coalesce(c.status, case when b.status = 'approved' and c.began then 'sending' else b.status end),
  decided_by = coalesce(c.decided_by, b.decided_by), approved_at = coalesce(c.approved_at, b.approved_at),
  rejected_at = coalesce(c.rejected_at, b.rejected_at), reject_reason = coalesce(c.reject_reason, b.reject_reason),
  pause_reason = case when c.status is null then b.pause_reason else c.pause_reason end,
  finished_at = coalesce(c.finished_at, b.finished_at)
from unnest($1::uuid[], $2::text[], $3::bool[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::text[], $8::text[],
  $9::timestamptz[]) c (id, status, began, decided_by, approved_at, rejected_at, reject_reason, pause_reason, finished_at)
where b.id = c.id`,
    values: columns(
      changes,
      ({ blastId }) => blastId,
      ({ status }) => status ?? null,
      ({ began }) => began ?? false,
      ({ decidedBy }) => decidedBy ?? null,
      ({ approvedAt }) => approvedAt ?? null,
      ({ rejectedAt }) => rejectedAt ?? null,
      ({ rejectReason }) => storableOrNull(rejectReason ?? null),
      ({ pauseReason }) => storableOrNull(pauseReason ?? null),
      ({ finishedAt }) => finishedAt ?? null,
    ),
  });

/** @param timezone BUSINESS_TIMEZONE: which day a message went out. With another one the view must be rebuilt */
export function blastsView(timezone: string): View {
  const calendar = calendarOf(timezone);
  return {
    name: 'blasts',
    streams: ['blast-', 'conversation-', 'ticket-'],
    tables: ['blasts', 'blast_recipients', 'blast_tickets', 'blast_days'],
    forget: () => undefined,
    apply: async (sql, events) => {
      const days = blastDays(calendar);
      for (const part of partsOf(events, touching())) await applyPart(sql, part, days);
      await days.write(sql);
      return undefined;
    },
  };
}

/** One after the other: an answer counts for what stands in the rows by then. */
async function applyPart(sql: Sql, events: readonly Recorded[], days: BlastDays): Promise<void> {
  const created = events.filter((event) => event.type === 'BlastCreated');
  if (created.length > 0) await writeCreated(sql, created);
  const changes = changesOf(events);
  if (changes.length > 0) await writeChanges(sql, changes);
  const steps = new Map<string, Step>();
  for (const event of events) stepOf(steps, event);
  if (steps.size > 0) days.moved(await writeSteps(sql, [...steps.values()]));
  const reports = events.filter((event) => event.type === 'DeliveryReported');
  days.moved(await writeReports(sql, reports));
  days.moved(await writeAnswers(sql, events));
}
