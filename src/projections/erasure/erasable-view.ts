/** Erases a customer's texts and names from the rows of each view that holds them. */
import { sql } from 'kysely';
import type { Crm } from '../../domain/crm/crm.ts';
import { FREE_TEXTS } from '../../domain/crm/forms.ts';
import { erasedText } from '../../domain/personal.ts';
import {
  type Attachment,
  ERASED,
  erasedAttachment,
  erasedSentFile,
  type SentFile,
} from '../../domain/vocabulary.ts';
import { allOf, type View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { storableJson } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Sql } from '../../ports.ts';
import { erasedCard, type InvoiceCard } from '../invoices/invoice-row.ts';
import { eraseJobs } from '../field-jobs/jobs-view.ts';
import { countedPrefixes } from '../tickets/search.ts';
import { countChanges } from '../tickets/ticket-counts.ts';
import { loadTickets, writeTags, writeTickets } from '../tickets/ticket-writes.ts';
import { type ErasureFacts, withErasure } from './with-erasure.ts';

/** What JavaScript's `trim` removes. A text of nothing else is blank, and stays (`domain/personal`). */
const BLANKS =
  ' \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';

/** SQL: sets a text to `erased` unless it is blank. */
const erasedSql = (column: string, erased: string, blanks: string): string =>
  `${column} = case when btrim(${column}, ${blanks}) = '' then ${column} else ${erased} end`;

/** Erases name, number, tags and preview of the last message from the inbox, and the terms that the search finds them by. */
async function eraseInbox(on: Sql, { division, ticketIds }: ErasureFacts): Promise<void> {
  const rows = await loadTickets(on, new Map([[division, ticketIds]]));
  if (rows.length === 0) return;
  const changed = rows.map((before) => {
    const { last_message_preview: preview } = before.card;
    const last_message_preview = preview === null ? null : erasedText(preview);
    const card = {
      ...before.card,
      customer_name: null,
      customer_phone: null,
      tags: [],
      last_message_preview,
    };
    const kept = { ...before.kept, note: null };
    return { before, after: { ...before, card, kept } };
  });
  await writeTickets(
    on,
    changed.map(({ after }) => after),
  );
  await writeTags(on, changed);
  const counts = countChanges();
  for (const { before, after } of changed) counts.moved(before, after);
  await counts.write(on);
  // The name of a counter holds the tag. Also of one that was taken off long ago.
  await on.query(
    write(null, `delete from read.ticket_counts where division = $1 and lens ~ '^[pt]|^a[^ ]* t' and n = 0`, [
      division,
    ]),
  );
  await on.query(
    write(null, `update read.tickets set search = '' where division = $1 and id = any($2::uuid[])`, [
      division,
      ticketIds,
    ]),
  );
  const termsOf = new Map(rows.map(({ card, search }) => [card.id, search.split(' ').filter(Boolean)]));
  const terms = [...termsOf].flatMap(([id, ofTicket]) => ofTicket.map((term) => ({ id, term })));
  await on.query(
    write(
      null,
      `delete from read.ticket_terms t using unnest($2::uuid[], $3::text[]) g (id, term)
where t.division = $1 and t.term = g.term and t.id = g.id`,
      [division, ...columnsOf('read.ticket_terms', terms, { id: ({ id }) => id, term: ({ term }) => term })],
    ),
  );
  const prefixes = new Map<string, number>();
  for (const ofTicket of termsOf.values())
    for (const prefix of countedPrefixes(ofTicket)) prefixes.set(prefix, (prefixes.get(prefix) ?? 0) + 1);
  await on.query(
    write(
      null,
      `update read.term_counts c set n = c.n - g.n from unnest($2::text[], $3::int[]) g (prefix, n)
where c.division = $1 and c.prefix = g.prefix`,
      [
        division,
        ...columnsOf('read.term_counts', [...prefixes], { prefix: ([prefix]) => prefix, n: ([, n]) => n }),
      ],
    ),
  );
  // A term that no other ticket has may be a name.
  await on.query(
    write(null, 'delete from read.term_counts where division = $1 and prefix = any($2::text[]) and n <= 0', [
      division,
      [...prefixes.keys()],
    ]),
  );
}

type AttachmentsRow = Columns<'read.messages_l1', { id: 'id'; ticketId: 'ticket_id' }> & {
  readonly attachments: readonly (Attachment | SentFile)[];
};

const erasedFile = (file: Attachment | SentFile): Attachment | SentFile =>
  'size' in file ? erasedSentFile(file) : erasedAttachment(file);

const messagesWithFiles = statement(
  null,
  (division: string, ticketIds: readonly string[]) =>
    sql<AttachmentsRow>`select id, ticket_id as "ticketId", attachments from read.messages_l1
where division = ${division} and ticket_id = any(${ticketIds}::uuid[]) and attachments is not null`,
);

async function eraseMessages(on: Sql, { division, ticketIds }: ErasureFacts): Promise<void> {
  const ofTickets = [division, ticketIds];
  const withFiles = await on.query(messagesWithFiles(division, ticketIds));
  await allOf<unknown>([
    on.query(
      write(
        null,
        `update read.messages_l1 set words = '', ${erasedSql('content', '$3', '$4')},
  parts = case when parts is not null then '{}'::json end,
  sender_name = case when sender_type = 'customer' then null else sender_name end
where division = $1 and ticket_id = any($2::uuid[])`,
        [...ofTickets, ERASED, BLANKS],
      ),
    ),
    on.query(
      write(
        null,
        `update read.messages_l1 m set attachments = a.attachments
from unnest($2::uuid[], $3::uuid[], $4::json[]) a (ticket_id, id, attachments)
where m.division = $1 and m.ticket_id = a.ticket_id and m.id = a.id`,
        [
          division,
          ...columnsOf('read.messages_l1', withFiles, {
            ticket_id: ({ ticketId }) => ticketId,
            id: ({ id }) => id,
            attachments: ({ attachments }) => storableJson(attachments.map(erasedFile)),
          }),
        ],
      ),
    ),
    on.query(
      write(
        null,
        `update read.attachments set file_name = null, mime_type = case when size is not null then mime_type end
where division = $1 and ticket_id = any($2::uuid[])`,
        ofTickets,
      ),
    ),
    // The channel's error code stays, its text goes.
    ...(['read.sends', 'read.deliveries'] as const).map((table) =>
      on.query(
        write(
          null,
          `update ${table} set error = split_part(error, ' ', 1) where division = $1 and ticket_id = any($2::uuid[])`,
          ofTickets,
        ),
      ),
    ),
  ]);
}

async function eraseNotes(on: Sql, { division, ticketIds }: ErasureFacts): Promise<void> {
  await on.query(
    write(
      null,
      `update read.messages_l2 set words = '', ${erasedSql('content', '$3', '$4')} where division = $1 and ticket_id = any($2::uuid[])`,
      [division, ticketIds, ERASED, BLANKS],
    ),
  );
}

/** The free text in the metadata of each audit event: the name of its member, and what is left of it, if anything. */
const AUDIT_TEXTS: Readonly<Record<string, { readonly member: string; readonly left?: string }>> = {
  assigned: { member: 'note' },
  reassigned: { member: 'reason' },
  handoff: { member: 'reason' },
  closed: { member: 'reason' },
  reopened: { member: 'reason' },
  tag_added: { member: 'tag', left: ERASED },
  tag_removed: { member: 'tag', left: ERASED },
};

type AuditRow = Columns<'read.audit_log', { ticketId: 'ticket_id'; position: 'position'; event: 'event' }> & {
  readonly metadata: Readonly<Record<string, unknown>>;
};

const auditEntriesWithText = statement(
  null,
  (division: string, ticketIds: readonly string[], events: readonly string[]) =>
    sql<AuditRow>`select ticket_id as "ticketId", position, event, metadata from read.audit_log
where division = ${division} and ticket_id = any(${ticketIds}::uuid[]) and event = any(${events}) and metadata is not null`,
);

async function eraseAudit(on: Sql, { division, ticketIds }: ErasureFacts): Promise<void> {
  const rows = await on.query(auditEntriesWithText(division, ticketIds, Object.keys(AUDIT_TEXTS)));
  const withoutText = ({ event, metadata }: AuditRow): string | null => {
    const text = AUDIT_TEXTS[event];
    const kept = Object.entries(metadata).flatMap(([name, value]) =>
      name !== text?.member
        ? [[name, value] as const]
        : text.left === undefined
          ? []
          : [[name, text.left] as const],
    );
    return kept.length === 0 ? null : storableJson(Object.fromEntries(kept));
  };
  await on.query(
    write(
      null,
      `update read.audit_log a set metadata = g.metadata
from unnest($2::uuid[], $3::text[], $4::json[]) g (ticket_id, position, metadata)
where a.division = $1 and a.ticket_id = g.ticket_id and a.position = g.position`,
      [
        division,
        ...columnsOf('read.audit_log', rows, {
          ticket_id: ({ ticketId }) => ticketId,
          position: ({ position }) => position,
          metadata: withoutText,
        }),
      ],
    ),
  );
}

type CrmOfTicket = Columns<'read.crm', { ticketId: 'ticket_id' }> & { readonly crm: Crm };

const crmOfTickets = statement(
  null,
  (division: string, ticketIds: readonly string[]) =>
    sql<CrmOfTicket>`select ticket_id as "ticketId", crm from read.crm where division = ${division} and ticket_id = any(${ticketIds}::uuid[])`,
);

async function eraseCrm(on: Sql, { division, ticketIds }: ErasureFacts): Promise<void> {
  const rows = await on.query(crmOfTickets(division, ticketIds));
  const withoutTexts = ({ values }: Crm) =>
    Object.fromEntries(Object.entries(values).filter(([field]) => !FREE_TEXTS.has(field)));
  await on.query(
    write(
      null,
      `update read.crm c set crm = g.crm from unnest($2::uuid[], $3::json[]) g (ticket_id, crm)
where c.division = $1 and c.ticket_id = g.ticket_id`,
      [
        division,
        ...columnsOf('read.crm', rows, {
          ticket_id: ({ ticketId }) => ticketId,
          crm: ({ crm }) => storableJson({ ...crm, values: withoutTexts(crm) }),
        }),
      ],
    ),
  );
}

async function eraseQuestions(on: Sql, { division, ticketIds }: ErasureFacts): Promise<void> {
  await on.query(
    write(
      null,
      `update read.chat_answers set ${erasedSql('question', '$3', '$4')} where division = $1 and ticket_id = any($2::uuid[])`,
      [division, ticketIds, ERASED, BLANKS],
    ),
  );
}

async function eraseCustomer(on: Sql, { division, customerId }: ErasureFacts): Promise<void> {
  await on.query(
    write(
      null,
      `update read.customers set channel_user_id = $3, phone = null, name = null, email = null, address = null, notes = null,
  words = '', is_erased = true where division = $1 and id = $2`,
      [division, customerId, ERASED],
    ),
  );
}

const invoicesOfCustomer = statement(
  null,
  (division: string, customerId: string) =>
    sql<{
      readonly card: InvoiceCard;
    }>`select card from read.invoices where division = ${division} and customer_id = ${customerId}`,
);

/** The number and the amounts of an invoice stay: the law wants them (docs/design/field-service.md#erasure-of-invoices). */
async function eraseInvoices(on: Sql, { division, customerId }: ErasureFacts): Promise<void> {
  const cards = await on.query(invoicesOfCustomer(division, customerId));
  await allOf<unknown>([
    on.query(
      write(
        null,
        `update read.invoice_lines l set ${erasedSql('description', '$3', '$4')} from read.invoices i
where i.division = $1 and i.customer_id = $2 and l.division = $1 and l.invoice_id = i.id`,
        [division, customerId, ERASED, BLANKS],
      ),
    ),
    on.query(
      write(
        null,
        `update read.invoices i set card = g.card from unnest($2::uuid[], $3::json[]) g (id, card)
where i.division = $1 and i.id = g.id`,
        [
          division,
          ...columnsOf('read.invoices', cards, {
            id: ({ card }) => card.id,
            card: ({ card }) => storableJson(erasedCard(card)),
          }),
        ],
      ),
    ),
  ]);
}

async function eraseRatings(on: Sql, { division, customerId }: ErasureFacts): Promise<void> {
  await on.query(
    write(
      null,
      `update read.ratings set is_erased = true, ${erasedSql('comment', 'null', '$3')} where division = $1 and customer_id = $2`,
      [division, customerId, BLANKS],
    ),
  );
}

/** By the name of the view. The other views hold only ids, codes and what staff wrote. */
const ERASURES: Readonly<Record<string, (on: Sql, erased: ErasureFacts) => Promise<void>>> = {
  inbox: eraseInbox,
  messages_l1: eraseMessages,
  messages_l2: eraseNotes,
  audit_log: eraseAudit,
  crm: eraseCrm,
  customers: eraseCustomer,
  chat_answers: eraseQuestions,
  invoices: eraseInvoices,
  ratings: eraseRatings,
  jobs: eraseJobs,
};

/** @returns the view, which also follows erasures where it holds personal data */
export function erasable(view: View): View {
  const erase = ERASURES[view.name];
  return erase ? withErasure(view, erase) : view;
}
