/** What comes back about a blast's messages: reports of the channel, and answers of the customer. */
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import { saysSomething } from '../../domain/conversation/conversation.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { isoTime, storable, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { assembled, write } from '../../engine/sql/statement.ts';
import type { Sql } from '../../ports.ts';
import { type RecipientChange, RETURNING_CHANGE, sameRecipient } from './blast-days.ts';

const DELIVERY_RANKS = `array['failed', 'delivered', 'read']`;
const DELIVERY_STATUSES = new Set(['failed', 'delivered', 'read']);

/**
 * Writes what channels report. A message that was delivered did not fail, in whichever order the reports come
 * (docs/design/whatsapp.md#delivery-guarantees); the reason is that of the first report.
 * @returns each recipient that changed, before and after
 */
export async function writeReports(
  on: Sql,
  reports: readonly RecordedOf<'DeliveryReported'>[],
): Promise<readonly RecipientChange[]> {
  const relevant = reports.filter(({ data }) => DELIVERY_STATUSES.has(data.status));
  if (relevant.length === 0) return [];
  return on.query(
    assembled<RecipientChange>(
      'blast_recipients_report',
      `update read.blast_recipients r set delivery = (${DELIVERY_RANKS})[d.furthest],
  reason = case when r.delivery is null and d.first = 'failed' then d.code else r.reason end
from (select q.division, q.blast_id, q.ticket_id, max(array_position(${DELIVERY_RANKS}, x.status)) as furthest,
    (array_agg(x.status order by x.n))[1] as first, (array_agg(x.code order by x.n))[1] as code
  from unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[]) with ordinality
    x (division, id, channel_id, status, code, n)
  join read.blast_recipients q on q.division = x.division and (q.message_id = x.id or q.channel_message_id = x.channel_id)
  group by 1, 2, 3) d, read.blast_recipients o
where r.division = d.division and r.blast_id = d.blast_id and r.ticket_id = d.ticket_id
  and coalesce(array_position(${DELIVERY_RANKS}, r.delivery), 0) < d.furthest
  and ${sameRecipient('d')}
${RETURNING_CHANGE}`,
      columnsOf('read.blast_recipients', relevant, {
        division: ({ data }) => data.division,
        message_id: ({ data }) => data.messageId ?? null,
        channel_message_id: ({ data }) => storable(data.channelMessageId),
        delivery: ({ data }) => data.status,
        reason: ({ data }) => storableOrNull(data.error?.split(' ')[0] ?? null),
      }),
    ),
  );
}

/**
 * Writes who answered: a message of the customer within 72 h of the blast's message
 * (docs/design/api.md#blast-response), on any ticket. One that quotes a blast's message answers that message, at any
 * time (docs/design/whatsapp.md#message-types).
 * @returns each recipient that changed, before and after
 */
export async function writeAnswers(
  on: Sql,
  events: readonly Recorded[],
): Promise<readonly RecipientChange[]> {
  await writeOpenedTickets(
    on,
    events.filter((event) => event.type === 'TicketOpened'),
  );
  const answers = events.filter(
    (event): event is RecordedOf<'MessageReceived'> =>
      // 'STOP' answers no offer (docs/design/business-rules.md#opt-out).
      event.type === 'MessageReceived' && saysSomething(event.data.kind) && event.data.wish !== 'stop',
  );
  if (answers.length === 0) return [];
  return on.query(
    assembled<RecipientChange>(
      'blast_recipients_answer',
      // WhatsApp sends whole seconds: an answer in the second of the message came after it.
      `update read.blast_recipients r set responded_at = a.at from (
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
where r.division = a.division and r.blast_id = a.blast_id and r.ticket_id = a.ticket_id and ${sameRecipient('a')}
${RETURNING_CHANGE}`,
      columnsOf('read.blast_recipients', answers, {
        division: ({ data }) => data.division,
        ticket_id: ({ data }) => data.ticketId,
        responded_at: ({ data }) => isoTime(data.sentAt),
        channel_message_id: ({ data }) => storableOrNull(data.replyTo),
      }),
    ),
  );
}

/** A customer of a blast may also answer on a ticket that is opened later. */
async function writeOpenedTickets(on: Sql, opened: readonly RecordedOf<'TicketOpened'>[]): Promise<void> {
  if (opened.length === 0) return;
  await on.query(
    write(
      'blast_tickets_opened',
      `insert into read.blast_tickets (division, ticket_id, customer_id)
select o.division, o.ticket_id, o.customer_id from unnest($1::text[], $2::uuid[], $3::uuid[]) o (division, ticket_id, customer_id)
where exists (select from read.blast_recipients r where r.division = o.division and r.customer_id = o.customer_id)
on conflict do nothing`,
      columnsOf('read.blast_tickets', opened, {
        division: ({ data }) => data.division,
        ticket_id: ({ data }) => data.ticketId,
        customer_id: ({ data }) => data.customerId,
      }),
    ),
  );
}

/**
 * Two customers turned out to be one: what either answers is the answer of both, also in a ticket that was of no blast
 * (docs/design/business-rules.md#two-customers-who-are-one).
 */
export async function writeAbsorbed(on: Sql, { data }: RecordedOf<'CustomerAbsorbed'>): Promise<void> {
  const { division, customerId, absorbed, currentTicketId } = data;
  const both = [division, customerId, absorbed.customerId];
  for (const [name, table] of [
    ['blast_recipients_absorbed', 'read.blast_recipients'],
    ['blast_tickets_absorbed', 'read.blast_tickets'],
  ] as const)
    await on.query(
      write(
        name,
        `update ${table} set customer_id = $2::uuid where division = $1 and customer_id = $3::uuid`,
        both,
      ),
    );
  if (currentTicketId === null) return;
  await on.query(
    write(
      'blast_tickets_joined',
      `insert into read.blast_tickets (division, ticket_id, customer_id)
select $1, $3::uuid, $2::uuid
where exists (select from read.blast_recipients r where r.division = $1 and r.customer_id = $2::uuid)
on conflict do nothing`,
      [division, customerId, currentTicketId],
    ),
  );
}
