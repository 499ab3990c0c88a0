/** One recipient's way: tried, taken, reported by the channel, answered by the customer. */
import type { Recorded } from '../domain/codec.ts';
import type { Division } from '../domain/words.ts';
import type { Sql } from '../ports.ts';
import { isoTime, storable, storableOrNull } from './stored-text.ts';
import { columns } from './view.ts';

type Kind<T extends Recorded['type']> = Extract<Recorded, { type: T }>;

/** What a batch says last about a recipient. */
export interface Step {
  readonly division: Division;
  readonly blastId: string;
  readonly ticketId: string;
  status: string;
  form: string | null;
  messageId: string | null;
  channelMessageId: string | null;
  reason: string | null;
  attemptedAt: string | null;
  answersTo: string | null;
}

const STATUSES: Readonly<Partial<Record<Recorded['type'], string>>> = {
  BlastRecipientAttempted: 'attempted',
  BlastRecipientAccepted: 'accepted',
  BlastRecipientDeferred: 'deferred',
  BlastRecipientFailed: 'failed',
  BlastRecipientUnknown: 'unknown',
  BlastRecipientSkipped: 'skipped',
};

export function stepOf(steps: Map<string, Step>, event: Recorded): void {
  const { data } = event;
  const status = STATUSES[event.type];
  if (status === undefined || !('blastId' in data && 'ticketId' in data)) return;
  const { blastId, ticketId, division } = data;
  const key = `${blastId} ${ticketId}`;
  const step: Step = steps.get(key) ?? {
    division,
    blastId,
    ticketId,
    status,
    form: null,
    messageId: null,
    channelMessageId: null,
    reason: null,
    attemptedAt: null,
    answersTo: null,
  };
  steps.set(key, step);
  step.status = status;
  step.reason = null;
  switch (event.type) {
    case 'BlastRecipientAttempted':
      step.form = event.data.form;
      step.messageId = event.data.messageId;
      step.attemptedAt = isoTime(event.metadata.at);
      step.answersTo = event.data.answersTo;
      break;
    case 'BlastRecipientAccepted':
      step.channelMessageId = event.data.channelMessageId;
      break;
    case 'BlastRecipientDeferred':
    case 'BlastRecipientFailed':
      step.reason = event.data.code;
      break;
    case 'BlastRecipientUnknown':
    case 'BlastRecipientSkipped':
      step.reason = event.data.reason;
      break;
    default:
  }
}

export async function writeSteps(sql: Sql, steps: readonly Step[]): Promise<void> {
  await sql.query({
    name: 'blast_recipients_step',
    text: `update read.blast_recipients r set status = s.status, form = coalesce(s.form, r.form),
  message_id = coalesce(s.message_id, r.message_id),
  channel_message_id = coalesce(s.channel_message_id, r.channel_message_id), reason = s.reason,
  attempted_at = coalesce(s.attempted_at, r.attempted_at)
from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::text[],
  $9::timestamptz[]) s (division, blast_id, ticket_id, status, form, message_id, channel_message_id, reason, attempted_at)
where r.division = s.division and r.blast_id = s.blast_id and r.ticket_id = s.ticket_id`,
    values: columns(
      steps,
      ({ division }) => division,
      ({ blastId }) => blastId,
      ({ ticketId }) => ticketId,
      ({ status }) => status,
      ({ form }) => form,
      ({ messageId }) => messageId,
      ({ channelMessageId }) => storableOrNull(channelMessageId),
      ({ reason }) => storableOrNull(reason),
      ({ attemptedAt }) => attemptedAt,
    ),
  });
  const elsewhere = steps.filter(({ answersTo, ticketId }) => answersTo !== null && answersTo !== ticketId);
  if (elsewhere.length === 0) return;
  await sql.query({
    name: 'blast_tickets_answers',
    text: `insert into read.blast_tickets (division, ticket_id, customer_id)
select r.division, s.answers_to, r.customer_id
from unnest($1::text[], $2::uuid[], $3::uuid[], $4::uuid[]) s (division, blast_id, ticket_id, answers_to)
join read.blast_recipients r on r.division = s.division and r.blast_id = s.blast_id and r.ticket_id = s.ticket_id
on conflict do nothing`,
    values: columns(
      elsewhere,
      ({ division }) => division,
      ({ blastId }) => blastId,
      ({ ticketId }) => ticketId,
      ({ answersTo }) => answersTo,
    ),
  });
}

export async function writeTickets(
  sql: Sql,
  tickets: readonly { readonly division: string; readonly ticketId: string; readonly customerId: string }[],
): Promise<void> {
  await sql.query({
    name: 'blast_tickets_insert',
    text: `insert into read.blast_tickets (division, ticket_id, customer_id)
select * from unnest($1::text[], $2::uuid[], $3::uuid[]) on conflict do nothing`,
    values: columns(
      tickets,
      ({ division }) => division,
      ({ ticketId }) => ticketId,
      ({ customerId }) => customerId,
    ),
  });
}

const RANKS = `array['failed', 'delivered', 'read']`;
const REPORTED = new Set(['failed', 'delivered', 'read']);

/** What was delivered did not fail, whichever was told first (whatsapp.md 2). */
export async function writeReports(sql: Sql, reports: readonly Kind<'DeliveryReported'>[]): Promise<void> {
  const told = reports.filter(({ data }) => REPORTED.has(data.status));
  if (told.length === 0) return;
  await sql.query({
    name: 'blast_recipients_report',
    text: `update read.blast_recipients r set delivery = d.status,
  reason = case when d.status = 'failed' then d.code else r.reason end
from (select distinct on (x.division, x.id, x.channel_id) x.* from
  unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[]) x (division, id, channel_id, status, code)
  order by x.division, x.id, x.channel_id, array_position(${RANKS}, x.status) desc) d
where r.division = d.division and (r.message_id = d.id or r.channel_message_id = d.channel_id)
  and coalesce(array_position(${RANKS}, r.delivery), 0) < array_position(${RANKS}, d.status)`,
    values: columns(
      told,
      ({ data }) => data.division,
      ({ data }) => data.messageId ?? null,
      ({ data }) => storable(data.channelMessageId),
      ({ data }) => data.status,
      ({ data }) => storableOrNull(data.error?.split(' ')[0] ?? null),
    ),
  });
}

/** These come with a message that is there, or with none. */
const NO_ANSWER = new Set(['system', 'edited']);

/**
 * responded: a message of the customer within 72 h of the blast's (contract.md 7), on whichever ticket; one that quotes
 * a blast's message answers that one, whenever it comes (whatsapp.md 3).
 */
export async function writeAnswers(sql: Sql, events: readonly Recorded[]): Promise<void> {
  const opened = events.filter((event) => event.type === 'TicketOpened');
  if (opened.length > 0) {
    await sql.query({
      name: 'blast_tickets_opened',
      text: `insert into read.blast_tickets (division, ticket_id, customer_id)
select o.division, o.ticket_id, o.customer_id from unnest($1::text[], $2::uuid[], $3::uuid[]) o (division, ticket_id, customer_id)
where exists (select from read.blast_recipients r where r.division = o.division and r.customer_id = o.customer_id)
on conflict do nothing`,
      values: columns(
        opened,
        ({ data }) => data.division,
        ({ data }) => data.ticketId,
        ({ data }) => data.customerId,
      ),
    });
  }
  const answers = events.filter(
    (event): event is Kind<'MessageReceived'> =>
      event.type === 'MessageReceived' && !NO_ANSWER.has(event.data.kind),
  );
  if (answers.length === 0) return;
  await sql.query({
    name: 'blast_recipients_answer',
    // WhatsApp tells whole seconds: an answer in the second of the message came after it.
    text: `update read.blast_recipients r set responded_at = a.at from (
  select r.division, r.blast_id, r.ticket_id, min(m.sent_at) as at
  from unnest($1::text[], $2::uuid[], $3::timestamptz[], $4::text[]) m (division, ticket_id, sent_at, reply_to)
  join read.blast_tickets t on t.division = m.division and t.ticket_id = m.ticket_id
  join read.blast_recipients r on r.division = m.division and r.customer_id = t.customer_id
  where r.responded_at is null and r.attempted_at is not null and case
    when exists (select from read.blast_recipients q where q.division = m.division and q.channel_message_id = m.reply_to)
    then r.channel_message_id = m.reply_to
    else m.sent_at >= date_trunc('second', r.attempted_at) and m.sent_at < r.attempted_at + interval '72 hours' end
  group by 1, 2, 3) a
where r.division = a.division and r.blast_id = a.blast_id and r.ticket_id = a.ticket_id`,
    values: columns(
      answers,
      ({ data }) => data.division,
      ({ data }) => data.ticketId,
      ({ data }) => isoTime(data.sentAt),
      ({ data }) => storableOrNull(data.replyTo),
    ),
  });
}
