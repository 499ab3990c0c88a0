/** The rows that hold a customer's words or names, view by view, and what they become. */
import { erasedAttachment, type Attachment } from '../../domain/vocabulary.ts';
import { FREE_TEXTS } from '../../domain/crm/forms.ts';
import type { Crm } from '../../domain/crm/crm.ts';
import { ERASED, erasedText } from '../../domain/personal.ts';
import type { Sql } from '../../ports.ts';
import { type Erased, withErasure } from './with-erasure.ts';
import { countedPrefixes } from '../tickets/search.ts';
import { storableJson } from '../../engine/sql/postgres-text.ts';
import { loadTickets, writeTickets } from '../tickets/ticket-writes.ts';
import { allOf, columns, type View } from '../../engine/projections/view.ts';

/** What JavaScript's `trim` takes away: a text of nothing else says nothing, and stays (`domain/personal`). */
const BLANKS =
  ' \t\n\v\f\r\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff';

const erasedSql = (column: string, erased: string, blanks: string): string =>
  `${column} = case when btrim(${column}, ${blanks}) = '' then ${column} else ${erased} end`;

/** Name, number and last words on the card, and what the ticket is found by. */
async function wipeInbox(sql: Sql, { division, ticketIds }: Erased): Promise<void> {
  const rows = await loadTickets(sql, new Map([[division, ticketIds]]));
  if (rows.length === 0) return;
  await writeTickets(
    sql,
    rows.map((row) => {
      const { last_message_preview: words } = row.card;
      const last_message_preview = words === null ? null : erasedText(words);
      return {
        ...row,
        card: { ...row.card, customer_name: null, customer_phone: null, last_message_preview },
      };
    }),
  );
  await sql.query({
    text: `update read.tickets set search = '' where division = $1 and id = any($2::uuid[])`,
    values: [division, ticketIds],
  });
  const termsOf = new Map(rows.map(({ card, search }) => [card.id, search.split(' ').filter(Boolean)]));
  await sql.query({
    text: `delete from read.ticket_terms t using unnest($2::uuid[], $3::text[]) g (id, term)
where t.division = $1 and t.term = g.term and t.id = g.id`,
    values: [
      division,
      ...columns(
        [...termsOf].flatMap(([id, terms]) => terms.map((term) => ({ id, term }))),
        ({ id }) => id,
        ({ term }) => term,
      ),
    ],
  });
  const counts = new Map<string, number>();
  for (const terms of termsOf.values())
    for (const prefix of countedPrefixes(terms)) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  await sql.query({
    text: `update read.term_counts c set n = c.n - g.n from unnest($2::text[], $3::int[]) g (prefix, n)
where c.division = $1 and c.prefix = g.prefix`,
    values: [division, [...counts.keys()], [...counts.values()]],
  });
  // A word nobody else has is a name.
  await sql.query({
    text: 'delete from read.term_counts where division = $1 and prefix = any($2::text[]) and n <= 0',
    values: [division, [...counts.keys()]],
  });
}

async function wipeMessages(sql: Sql, { division, ticketIds }: Erased): Promise<void> {
  const ofThem = [division, ticketIds];
  const attached = await sql.query<{ id: string; ticketId: string; attachments: Attachment[] }>({
    text: `select id, ticket_id as "ticketId", attachments from read.messages_l1
where division = $1 and ticket_id = any($2::uuid[]) and attachments is not null`,
    values: ofThem,
  });
  await allOf<unknown>([
    sql.query({
      text: `update read.messages_l1 set ${erasedSql('content', '$3', '$4')},
  sender_name = case when sender_type = 'customer' then null else sender_name end
where division = $1 and ticket_id = any($2::uuid[])`,
      values: [...ofThem, ERASED, BLANKS],
    }),
    sql.query({
      text: `update read.messages_l1 m set attachments = a.attachments
from unnest($2::uuid[], $3::uuid[], $4::json[]) a (ticket_id, id, attachments)
where m.division = $1 and m.ticket_id = a.ticket_id and m.id = a.id`,
      values: [
        division,
        ...columns(
          attached,
          ({ ticketId }) => ticketId,
          ({ id }) => id,
          ({ attachments }) => storableJson(attachments.map(erasedAttachment)),
        ),
      ],
    }),
    sql.query({
      text: `update read.attachments set file_name = null, mime_type = case when size is not null then mime_type end
where division = $1 and ticket_id = any($2::uuid[])`,
      values: ofThem,
    }),
    // The channel's code stays, its words go.
    ...['sends', 'deliveries'].map((table) =>
      sql.query({
        text: `update read.${table} set error = split_part(error, ' ', 1) where division = $1 and ticket_id = any($2::uuid[])`,
        values: ofThem,
      }),
    ),
  ]);
}

async function wipeNotes(sql: Sql, { division, ticketIds }: Erased): Promise<void> {
  await sql.query({
    text: `update read.messages_l2 set ${erasedSql('content', '$3', '$4')} where division = $1 and ticket_id = any($2::uuid[])`,
    values: [division, ticketIds, ERASED, BLANKS],
  });
}

/** What a person wrote in words about each of these, by the name it has in `metadata`. */
const AUDIT_WORDS: Readonly<Record<string, string>> = {
  assigned: 'note',
  reassigned: 'reason',
  handoff: 'reason',
  closed: 'reason',
  reopened: 'reason',
};

async function wipeAudit(sql: Sql, { division, ticketIds }: Erased): Promise<void> {
  const rows = await sql.query<{
    ticketId: string;
    position: string;
    event: string;
    metadata: Record<string, unknown>;
  }>({
    text: `select ticket_id as "ticketId", position, event, metadata from read.audit_log
where division = $1 and ticket_id = any($2::uuid[]) and event = any($3) and metadata is not null`,
    values: [division, ticketIds, Object.keys(AUDIT_WORDS)],
  });
  const left = (event: string, metadata: Record<string, unknown>): string | null => {
    const kept = Object.entries(metadata).filter(([name]) => name !== AUDIT_WORDS[event]);
    return kept.length === 0 ? null : storableJson(Object.fromEntries(kept));
  };
  await sql.query({
    text: `update read.audit_log a set metadata = g.metadata
from unnest($2::uuid[], $3::text[], $4::json[]) g (ticket_id, position, metadata)
where a.division = $1 and a.ticket_id = g.ticket_id and a.position = g.position`,
    values: [
      division,
      ...columns(
        rows,
        ({ ticketId }) => ticketId,
        ({ position }) => position,
        ({ event, metadata }) => left(event, metadata),
      ),
    ],
  });
}

async function wipeCrm(sql: Sql, { division, ticketIds }: Erased): Promise<void> {
  const rows = await sql.query<{ ticketId: string; crm: Crm }>({
    text: 'select ticket_id as "ticketId", crm from read.crm where division = $1 and ticket_id = any($2::uuid[])',
    values: [division, ticketIds],
  });
  const values = ({ crm }: { crm: Crm }) =>
    Object.fromEntries(Object.entries(crm.values).filter(([field]) => !FREE_TEXTS.has(field)));
  await sql.query({
    text: `update read.crm c set crm = g.crm from unnest($2::uuid[], $3::json[]) g (ticket_id, crm)
where c.division = $1 and c.ticket_id = g.ticket_id`,
    values: [
      division,
      ...columns(
        rows,
        ({ ticketId }) => ticketId,
        (row) => storableJson({ ...row.crm, values: values(row) }),
      ),
    ],
  });
}

async function wipeCustomer(sql: Sql, { division, customerId }: Erased): Promise<void> {
  await sql.query({
    text: `update read.customers set channel_user_id = $3, phone = null, name = null where division = $1 and id = $2`,
    values: [division, customerId, ERASED],
  });
}

/** The other views hold ids, codes and words of staff only. */
const WIPES: Readonly<Record<string, (sql: Sql, erased: Erased) => Promise<void>>> = {
  inbox: wipeInbox,
  messages_l1: wipeMessages,
  messages_l2: wipeNotes,
  audit_log: wipeAudit,
  crm: wipeCrm,
  customers: wipeCustomer,
};

/** @returns the view, which also follows erasures where it has something to forget */
export function erasable(view: View): View {
  const wipe = WIPES[view.name];
  return wipe ? withErasure(view, wipe) : view;
}
