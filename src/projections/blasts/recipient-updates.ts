/** What the sender records about each recipient: tried, accepted by the channel, deferred, failed, skipped. */
import type { Recorded } from '../../domain/codec.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { isoTime, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { assembled, write } from '../../engine/sql/statement.ts';
import type { Row } from '../../engine/sql/tables.ts';
import type { Sql } from '../../ports.ts';
import { type RecipientChange, RETURNING_CHANGE, sameRecipient } from './blast-days.ts';

type RecipientRow = Row<'read.blast_recipients'>;

/** What the last events of a batch say about a recipient; null: as it was. */
export interface RecipientUpdate extends Pick<RecipientRow, 'division'> {
  readonly blastId: string;
  readonly ticketId: string;
  status: RecipientRow['status'];
  form: RecipientRow['form'];
  messageId: string | null;
  channelMessageId: string | null;
  /** Of the last status; null: none. */
  reason: string | null;
  attemptedAt: string | null;
  /** The tickets on which answers will come, other than the recipient's own: one for each attempt. */
  readonly answersTo: string[];
}

const STATUSES: Readonly<Partial<Record<Recorded['type'], RecipientRow['status']>>> = {
  BlastRecipientAttempted: 'attempted',
  BlastRecipientAccepted: 'accepted',
  BlastRecipientDeferred: 'deferred',
  BlastRecipientFailed: 'failed',
  BlastRecipientUnknown: 'unknown',
  BlastRecipientSkipped: 'skipped',
};

/** Whether an event of this type changes the status of a recipient. */
export const changesStatus = (type: Recorded['type']): boolean => STATUSES[type] !== undefined;

/**
 * Adds one event to the updates of its batch; events of other types are ignored.
 * @param updates by blast and ticket
 */
export function collectUpdate(updates: Map<string, RecipientUpdate>, event: Recorded): void {
  const { data } = event;
  const status = STATUSES[event.type];
  if (status === undefined || !('blastId' in data && 'ticketId' in data)) return;
  const { blastId, ticketId, division } = data;
  const key = `${blastId} ${ticketId}`;
  const update: RecipientUpdate = updates.get(key) ?? {
    division,
    blastId,
    ticketId,
    status,
    form: null,
    messageId: null,
    channelMessageId: null,
    reason: null,
    attemptedAt: null,
    answersTo: [],
  };
  updates.set(key, update);
  update.status = status;
  update.reason = null;
  switch (event.type) {
    case 'BlastRecipientAttempted':
      update.form = event.data.form;
      update.messageId = event.data.messageId;
      update.attemptedAt = isoTime(event.metadata.at);
      if (event.data.answersTo !== null && event.data.answersTo !== ticketId)
        update.answersTo.push(event.data.answersTo);
      break;
    case 'BlastRecipientAccepted':
      update.channelMessageId = event.data.channelMessageId;
      break;
    case 'BlastRecipientDeferred':
    case 'BlastRecipientFailed':
      update.reason = event.data.code;
      break;
    case 'BlastRecipientUnknown':
    case 'BlastRecipientSkipped':
      update.reason = event.data.reason;
      break;
    default:
  }
}

/** @returns each recipient that changed, before and after */
export async function writeUpdates(
  on: Sql,
  updates: readonly RecipientUpdate[],
): Promise<readonly RecipientChange[]> {
  const changes = await on.query(
    assembled<RecipientChange>(
      'blast_recipients_step',
      `update read.blast_recipients r set status = s.status, form = coalesce(s.form, r.form),
  message_id = coalesce(s.message_id, r.message_id),
  channel_message_id = coalesce(s.channel_message_id, r.channel_message_id), reason = s.reason,
  attempted_at = coalesce(s.attempted_at, r.attempted_at)
from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::text[],
  $9::timestamptz[]) s (division, blast_id, ticket_id, status, form, message_id, channel_message_id, reason, attempted_at),
  read.blast_recipients o
where r.division = s.division and r.blast_id = s.blast_id and r.ticket_id = s.ticket_id and ${sameRecipient('s')}
${RETURNING_CHANGE}`,
      columnsOf('read.blast_recipients', updates, {
        division: ({ division }) => division,
        blast_id: ({ blastId }) => blastId,
        ticket_id: ({ ticketId }) => ticketId,
        status: ({ status }) => status,
        form: ({ form }) => form,
        message_id: ({ messageId }) => messageId,
        channel_message_id: ({ channelMessageId }) => storableOrNull(channelMessageId),
        reason: ({ reason }) => storableOrNull(reason),
        attempted_at: ({ attemptedAt }) => attemptedAt,
      }),
    ),
  );
  const elsewhere = updates.flatMap(({ answersTo, ...update }) => answersTo.map((to) => ({ ...update, to })));
  if (elsewhere.length === 0) return changes;
  await on.query(
    write(
      'blast_tickets_answers',
      `insert into read.blast_tickets (division, ticket_id, customer_id)
select r.division, s.answers_to, r.customer_id
from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[]) s (division, blast_id, ticket_id, answers_to)
join read.blast_recipients r on r.division = s.division and r.blast_id = s.blast_id and r.ticket_id = s.ticket_id
on conflict do nothing`,
      [
        ...columnsOf('read.blast_recipients', elsewhere, {
          division: ({ division }) => division,
          blast_id: ({ blastId }) => blastId,
          ticket_id: ({ ticketId }) => ticketId,
        }),
        elsewhere.map(({ to }) => to),
      ],
    ),
  );
  return changes;
}

/** Remembers on which tickets a blast may be answered: those of its recipients. */
export async function writeBlastTickets(
  on: Sql,
  recipients: readonly {
    readonly division: string;
    readonly ticketId: string;
    readonly customerId: string;
  }[],
): Promise<void> {
  await on.query(
    write(
      'blast_tickets_insert',
      `insert into read.blast_tickets (division, ticket_id, customer_id)
select * from unnest($1::text[], $2::uuid[], $3::uuid[]) on conflict do nothing`,
      columnsOf('read.blast_tickets', recipients, {
        division: ({ division }) => division,
        ticket_id: ({ ticketId }) => ticketId,
        customer_id: ({ customerId }) => customerId,
      }),
    ),
  );
}
