/**
 * What messages are about each other: which one an answer quotes, and what became of a message that was edited, taken
 * back or reacted to (docs/design/api.md#l1-messages).
 */
import { sql } from 'kysely';
import type { Division } from '../../domain/vocabulary.ts';
import type { MessageParts } from '../../domain/inbound/parts.ts';
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
  readonly channelMessageId: string | null;
  readonly id: string;
  readonly content: string;
}

/** By the channel's id, hashed, also one of ours: it came with the answer of the channel. Or by our own. */
const quotedByThese = statement(
  'messages_l1_quoted',
  (division: Division, ticketId: string, quoted: readonly string[], ids: readonly string[]) => sql<QuotedRow>`
select coalesce(m.channel_message_id, s.channel_message_id) as "channelMessageId", m.id, left(m.content, 400) as content
from read.messages_l1 m
left join read.sends s on s.division = m.division and s.ticket_id = m.ticket_id and s.message_id = m.id
where m.division = ${division} and m.ticket_id = ${ticketId}
  and (m.channel_message_id = any(${quoted}) or s.channel_message_id = any(${quoted}) or m.id = any(${ids}::uuid[]))`,
);

interface Referring {
  readonly replyTo: string | null;
  readonly quotes: string | null;
  readonly channelMessageId: string | null;
}

const REACTION = /^\[Reaksi\] (.+)$/s;

/** The last word of each side counts: a reaction replaces the one before, and taking it back leaves none. */
function reactionsOf(rows: readonly AboutRow[]): References['reactions'] {
  const last = new Map<boolean, AboutRow>();
  for (const row of rows) if (row.kind === 'reaction') last.set(row.fromCustomer, row);
  return [...last.values()].flatMap(({ content, fromCustomer, at }) => {
    const emoji = REACTION.exec(content)?.[1];
    return emoji === undefined ? [] : [{ emoji, by: fromCustomer ? 'customer' : 'agent', at } as const];
  });
}

/** What a message is about, and what became of it. */
export interface References {
  readonly quoted: { readonly id: string; readonly preview: string } | null;
  readonly reactions: readonly {
    readonly emoji: string;
    readonly by: 'customer' | 'agent';
    readonly at: string;
  }[];
  readonly editedAt: string | null;
  readonly revokedAt: string | null;
  /** Where a place that moves is now: it is one entry (docs/design/channels.md#a-place-that-moves). */
  readonly moved: { readonly content: string; readonly location: Place } | null;
}

type Place = NonNullable<MessageParts['location']>;

function movedOf(rows: readonly AboutRow[]): References['moved'] {
  const last = rows.filter(({ kind, location }) => kind === 'moved' && location !== null).at(-1);
  return last?.location == null
    ? null
    : { content: last.content, location: JSON.parse(last.location) as Place };
}

export async function loadReferences(
  on: Sql,
  { division, ticketId }: { readonly division: string; readonly ticketId: string },
  rows: readonly Referring[],
): Promise<(row: Referring) => References> {
  const own = rows.flatMap(({ channelMessageId }) => channelMessageId ?? []);
  const quoted = [...new Set(rows.flatMap(({ replyTo }) => replyTo ?? []))];
  const ids = [...new Set(rows.flatMap(({ quotes }) => quotes ?? []))];
  const place = [division as Division, ticketId] as const;
  const [about, targets] = await Promise.all([
    own.length > 0 ? on.query(aboutThese(...place, own)) : [],
    quoted.length + ids.length > 0 ? on.query(quotedByThese(...place, quoted, ids)) : [],
  ]);
  const byTarget = new Map<string, AboutRow[]>();
  for (const row of about) byTarget.set(row.target, [...(byTarget.get(row.target) ?? []), row]);
  const byChannelId = new Map(targets.map((target) => [target.channelMessageId, target]));
  const byId = new Map(targets.map((target) => [target.id, target]));
  return ({ replyTo, quotes, channelMessageId }) => {
    const target =
      (quotes === null ? undefined : byId.get(quotes)) ??
      (replyTo === null ? undefined : byChannelId.get(replyTo));
    const said = channelMessageId === null ? [] : (byTarget.get(channelMessageId) ?? []);
    const at = (...kinds: readonly string[]) =>
      said.filter(({ kind }) => kinds.includes(kind ?? '')).at(-1)?.at ?? null;
    return {
      quoted: target ? { id: target.id, preview: preview(target.content) } : null,
      reactions: reactionsOf(said),
      editedAt: at('edited', 'moved'),
      revokedAt: at('deleted'),
      moved: movedOf(said),
    };
  };
}
