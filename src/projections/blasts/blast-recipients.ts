/** One recipient's way: tried, taken, reported by the channel, answered by the customer. */
import type { Recorded } from '../../domain/codec.ts';
import { isWritten } from '../../domain/conversation/conversation.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import { MOVED, type Moved, sameAs } from './blast-days.ts';
import { isoTime, storable, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { columns } from '../../engine/projections/view.ts';

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
  /** Where answers will come, as each attempt said. */
  readonly answersTo: string[];
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
    answersTo: [],
  };
  steps.set(key, step);
  step.status = status;
  step.reason = null;
  switch (event.type) {
    case 'BlastRecipientAttempted':
      step.form = event.data.form;
      step.messageId = event.data.messageId;
      step.attemptedAt = isoTime(event.metadata.at);
      if (event.data.answersTo !== null && event.data.answersTo !== ticketId)
        step.answersTo.push(event.data.answersTo);
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

/** @returns how each of them stands now, and stood before */
export async function writeSteps(sql: Sql, steps: readonly Step[]): Promise<readonly Moved[]> {
  const moved = await sql.query<Moved>({
    name: 'blast_recipients_step',
    text: `update read.blast_recipients r set status = s.status, form = coalesce(s.form, r.form),
  message_id = coalesce(s.message_id, r.message_id),
  channel_message_id = coalesce(s.channel_message_id, r.channel_message_id), reason = s.reason,
  attempted_at = coalesce(s.attempted_at, r.attempted_at)
from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::uuid[], $7::text[], $8::text[],
  $9::timestamptz[]) s (division, blast_id, ticket_id, status, form, message_id, channel_message_id, reason, attempted_at),
  read.blast_recipients o
where r.division = s.division and r.blast_id = s.blast_id and r.ticket_id = s.ticket_id and ${sameAs('s')}
${MOVED}`,
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
  const elsewhere = steps.flatMap(({ answersTo, ...step }) => answersTo.map((to) => ({ ...step, to })));
  if (elsewhere.length === 0) return moved;
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
      ({ to }) => to,
    ),
  });
  return moved;
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

/**
 * Where a batch has to be cut, as `partsOf` asks: within a part blasts are written before what is reported and
 * answered. That is their order mostly; a webhook may overtake what the sender records, and then the row decides.
 */
export function touching(): (event: Recorded) => boolean {
  /** Tickets and messages that the part's reports, answers and openings are about. */
  let told = new Set<string | null | undefined>();
  let failed = false;
  let lastAnswer = Number.NEGATIVE_INFINITY;
  /** On whichever ticket the customer wrote: it may answer a message that goes out only now, or went out before. */
  const mayBeAnswered = ({ data, metadata }: Kind<'BlastRecipientAttempted'>): boolean =>
    lastAnswer > (data.attempt > 1 ? Number.NEGATIVE_INFINITY : Date.parse(metadata.at) - 1000);
  return (event) => {
    const { type, data } = event;
    // Skipped names no message; all it could take away is the reason of a failure.
    const isCut =
      type === 'BlastCreated'
        ? told.size > 0
        : STATUSES[type] !== undefined &&
          ((type === 'BlastRecipientSkipped' && failed) ||
            (type === 'BlastRecipientAttempted' && mayBeAnswered(event)) ||
            idsOf(data).some((id) => told.has(id)));
    if (isCut) {
      told = new Set();
      failed = false;
      lastAnswer = Number.NEGATIVE_INFINITY;
    }
    if (type === 'TicketOpened') told.add(data.ticketId);
    else if (type === 'MessageReceived') {
      told.add(data.ticketId).add(data.replyTo);
      lastAnswer = Math.max(lastAnswer, Date.parse(data.sentAt));
    } else if (type === 'DeliveryReported') {
      told.add(data.ticketId).add(data.messageId).add(data.channelMessageId);
      failed ||= data.status === 'failed';
    }
    return isCut;
  };
}

const ID_FIELDS: ReadonlySet<string> = new Set(['ticketId', 'answersTo', 'messageId', 'channelMessageId']);
const idsOf = (data: Recorded['data']): readonly string[] =>
  Object.entries(data).flatMap(([name, id]) => (ID_FIELDS.has(name) && typeof id === 'string' ? [id] : []));

const RANKS = `array['failed', 'delivered', 'read']`;
const REPORTED = new Set(['failed', 'delivered', 'read']);

/**
 * What was delivered did not fail, whichever was told first (whatsapp.md 2); the reason stays that of the first word.
 * @returns how each recipient it changed stands now, and stood before
 */
export async function writeReports(
  sql: Sql,
  reports: readonly Kind<'DeliveryReported'>[],
): Promise<readonly Moved[]> {
  const told = reports.filter(({ data }) => REPORTED.has(data.status));
  if (told.length === 0) return [];
  return sql.query<Moved>({
    name: 'blast_recipients_report',
    text: `update read.blast_recipients r set delivery = (${RANKS})[d.furthest],
  reason = case when r.delivery is null and d.first = 'failed' then d.code else r.reason end
from (select q.division, q.blast_id, q.ticket_id, max(array_position(${RANKS}, x.status)) as furthest,
    (array_agg(x.status order by x.n))[1] as first, (array_agg(x.code order by x.n))[1] as code
  from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[]) with ordinality
    x (division, id, channel_id, status, code, n)
  join read.blast_recipients q on q.division = x.division and (q.message_id = x.id or q.channel_message_id = x.channel_id)
  group by 1, 2, 3) d, read.blast_recipients o
where r.division = d.division and r.blast_id = d.blast_id and r.ticket_id = d.ticket_id
  and coalesce(array_position(${RANKS}, r.delivery), 0) < d.furthest
  and ${sameAs('d')}
${MOVED}`,
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

/** An edit comes with a message that is there. */
const isAnswer = (kind: string): boolean => isWritten(kind) && kind !== 'edited';

/**
 * responded: a message of the customer within 72 h of the blast's (contract.md 7), on whichever ticket; one that quotes
 * a blast's message answers that one, whenever it comes (whatsapp.md 3).
 * @returns how each recipient it changed stands now, and stood before
 */
export async function writeAnswers(sql: Sql, events: readonly Recorded[]): Promise<readonly Moved[]> {
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
      event.type === 'MessageReceived' && isAnswer(event.data.kind),
  );
  if (answers.length === 0) return [];
  return sql.query<Moved>({
    name: 'blast_recipients_answer',
    // WhatsApp tells whole seconds: an answer in the second of the message came after it.
    text: `update read.blast_recipients r set responded_at = a.at from (
  select r.division, r.blast_id, r.ticket_id, (array_agg(m.sent_at order by m.n))[1] as at
  from unnest($1::text[], $2::uuid[], $3::timestamptz[], $4::text[]) with ordinality
    m (division, ticket_id, sent_at, reply_to, n)
  join read.blast_tickets t on t.division = m.division and t.ticket_id = m.ticket_id
  join read.blast_recipients r on r.division = m.division and r.customer_id = t.customer_id
  where r.responded_at is null and r.attempted_at is not null and case
    when exists (select from read.blast_recipients q where q.division = m.division and q.channel_message_id = m.reply_to)
    then r.channel_message_id = m.reply_to
    else m.sent_at >= date_trunc('second', r.attempted_at) and m.sent_at < r.attempted_at + interval '72 hours' end
  group by 1, 2, 3) a, read.blast_recipients o
where r.division = a.division and r.blast_id = a.blast_id and r.ticket_id = a.ticket_id and ${sameAs('a')}
${MOVED}`,
    values: columns(
      answers,
      ({ data }) => data.division,
      ({ data }) => data.ticketId,
      ({ data }) => isoTime(data.sentAt),
      ({ data }) => storableOrNull(data.replyTo),
    ),
  });
}
