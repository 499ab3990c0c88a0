/**
 * What messages are about each other: which one an answer quotes, and what became of a message that was edited, taken
 * back or reacted to (docs/design/api.md#l1-messages).
 */
import { sql } from 'kysely';
import type { Division } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import { isoSql, preview } from '../../engine/sql/postgres-text.ts';
import { statement } from '../../engine/sql/statement.ts';

interface AboutRow {
  /** The channel's id, hashed, of the message that it is about. */
  readonly target: string;
  readonly kind: string | null;
  readonly content: string;
  readonly fromCustomer: boolean;
  readonly at: string;
  /** JSON text of where a place that moves is by then. */
  readonly location: string | null;
}

const ABOUT = `r.reply_to as target, r.kind, r.content, r.sender_type = 'customer' as "fromCustomer",
  ${isoSql('r.sent_at')} as at, case when r.kind = 'moved' then (r.parts -> 'location')::text end as location,
  r.sent_at, r.position`;

/** Of a place that moves for hours only the last step. */
const aboutThese = statement(
  'messages_l1_about_these',
  (division: Division, ticketId: string, targets: readonly string[]) => sql<AboutRow>`
select target, kind, content, "fromCustomer", at, location from (
  (select distinct on (r.reply_to) ${sql.raw(ABOUT)} from read.messages_l1 r
   where r.division = ${division} and r.ticket_id = ${ticketId} and r.reply_to = any(${targets}) and r.kind = 'moved'
   order by r.reply_to, r.sent_at desc, r.position desc)
  union all
  select ${sql.raw(ABOUT)} from read.messages_l1 r
  where r.division = ${division} and r.ticket_id = ${ticketId} and r.reply_to = any(${targets})
    and r.kind in ('reaction', 'edited', 'deleted')) found
order by sent_at, position`,
);

interface QuotedRow {
  readonly channelMessageId: string;
  readonly id: string;
  readonly content: string;
}

/** Also one of ours: its channel's id came with the answer of the channel. */
const quotedByThese = statement(
  'messages_l1_quoted',
  (division: Division, ticketId: string, quoted: readonly string[]) => sql<QuotedRow>`
select coalesce(m.channel_message_id, s.channel_message_id) as "channelMessageId", m.id, left(m.content, 400) as content
from read.messages_l1 m
left join read.sends s on s.division = m.division and s.ticket_id = m.ticket_id and s.message_id = m.id
where m.division = ${division} and m.ticket_id = ${ticketId}
  and coalesce(m.channel_message_id, s.channel_message_id) = any(${quoted})`,
);

interface Referring {
  readonly replyTo: string | null;
  readonly channelMessageId: string | null;
}

const REACTION = /^\[Reaksi\] (.+)$/s;

/** The last word of each side counts: a reaction replaces the one before, and taking it back leaves none. */
function reactionsOf(rows: readonly AboutRow[]): string {
  const last = new Map<boolean, AboutRow>();
  for (const row of rows) if (row.kind === 'reaction') last.set(row.fromCustomer, row);
  const shown = [...last.values()].flatMap(({ content, fromCustomer, at }) => {
    const emoji = REACTION.exec(content)?.[1];
    return emoji === undefined ? [] : [{ emoji, by: fromCustomer ? 'customer' : 'agent', at }];
  });
  return shown.length > 0 ? `,"reactions":${JSON.stringify(shown)}` : '';
}

function changesOf(rows: readonly AboutRow[]): string {
  const at = (...kinds: readonly string[]) =>
    rows.filter(({ kind }) => kinds.includes(kind ?? '')).at(-1)?.at;
  const edited = at('edited', 'moved');
  const revoked = at('deleted');
  return `${edited === undefined ? '' : `,"edited_at":"${edited}"`}${revoked === undefined ? '' : `,"revoked_at":"${revoked}"`}`;
}

/** What a message is about, and what became of it. */
export interface References {
  /** Its members as JSON text, each after a comma. */
  readonly members: string;
  /** Where a place that moves is now, in words and as JSON text: it is one entry (docs/design/channels.md#a-place-that-moves). */
  readonly moved: { readonly content: string; readonly location: string } | null;
}

function movedOf(rows: readonly AboutRow[]): References['moved'] {
  const last = rows.filter(({ kind, location }) => kind === 'moved' && location !== null).at(-1);
  return last?.location == null ? null : { content: last.content, location: last.location };
}

export async function loadReferences(
  on: Sql,
  { division, ticketId }: { readonly division: string; readonly ticketId: string },
  rows: readonly Referring[],
): Promise<(row: Referring) => References> {
  const own = rows.flatMap(({ channelMessageId }) => channelMessageId ?? []);
  const quoted = [...new Set(rows.flatMap(({ replyTo }) => replyTo ?? []))];
  const place = [division as Division, ticketId] as const;
  const [about, targets] = await Promise.all([
    own.length > 0 ? on.query(aboutThese(...place, own)) : [],
    quoted.length > 0 ? on.query(quotedByThese(...place, quoted)) : [],
  ]);
  const byTarget = new Map<string, AboutRow[]>();
  for (const row of about) byTarget.set(row.target, [...(byTarget.get(row.target) ?? []), row]);
  const byId = new Map(targets.map((target) => [target.channelMessageId, target]));
  return ({ replyTo, channelMessageId }) => {
    const target = replyTo === null ? undefined : byId.get(replyTo);
    const said = channelMessageId === null ? [] : (byTarget.get(channelMessageId) ?? []);
    const quote = target
      ? `,"reply_to":${JSON.stringify({ id: target.id, preview: preview(target.content) })}`
      : '';
    return { members: quote + reactionsOf(said) + changesOf(said), moved: movedOf(said) };
  };
}
