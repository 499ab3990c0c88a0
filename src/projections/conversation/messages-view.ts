/** The view `read.messages_l1`: what each event adds to the talks with customers. */
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import type { Sql } from '../../ports.ts';
import { writeFiles } from '../media/attachments.ts';
import { isDeliveryReport, writeDeliveries } from '../outbound/deliveries.ts';
import { isoTime, storable, storableJson, storableOrNull } from '../../engine/sql/postgres-text.ts';
import { allOf, type View } from '../../engine/projections/view.ts';
import type { Said } from './message-object.ts';
import { wordsColumn } from './search-words.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { write } from '../../engine/sql/statement.ts';

const MESSAGE_EVENTS = [
  'MessageReceived',
  'BotReplied',
  'RepliedElsewhere',
  'QueueNoticePosted',
  'RegistrationReplyPosted',
  'TranscriptLinkPosted',
  'AgentReplied',
  'TeamReplied',
  'BlastMessagePosted',
] as const;
type MessageEvent = Extract<Recorded, { type: (typeof MESSAGE_EVENTS)[number] }>;

interface MessageSender {
  readonly type: 'customer' | 'bot' | 'agent' | 'sa';
  readonly id: string | null;
  readonly name: string | null;
}

/** Who wrote is not told, only where. */
const ELSEWHERE = { phone: 'dari HP', inbox: 'dari kotak masuk Meta' } as const;

function senderOf(event: MessageEvent): MessageSender {
  switch (event.type) {
    case 'MessageReceived':
      return { type: 'customer', id: null, name: storableOrNull(event.data.senderName) };
    case 'BotReplied':
    case 'QueueNoticePosted':
    case 'RegistrationReplyPosted':
    case 'TranscriptLinkPosted':
      return { type: 'bot', id: null, name: null };
    case 'RepliedElsewhere':
      return { type: 'agent', id: null, name: ELSEWHERE[event.data.by] };
    case 'AgentReplied':
      return { type: 'agent', id: event.data.agentId, name: null };
    case 'TeamReplied':
      return { type: 'sa', id: event.data.senderId, name: storable(event.data.displayName) };
    case 'BlastMessagePosted':
      return {
        type: event.data.senderRole === 'super_admin' ? 'sa' : 'agent',
        id: event.data.senderId,
        name: null,
      };
  }
}

const attachmentsOf = ({ data }: MessageEvent): string | null =>
  'attachments' in data && data.attachments !== undefined && data.attachments.length > 0
    ? storableJson(data.attachments)
    : null;

/** Of what we said ourselves. */
function saidOf(event: MessageEvent): string | null {
  const nothing: Said = {
    kind: 'reply',
    sentAs: null,
    blastId: null,
    clientRef: null,
    templateId: null,
    templateName: null,
    templateLanguage: null,
  };
  const formOf = (template: { readonly name: string; readonly language: string } | null | undefined) => ({
    templateName: template?.name ?? null,
    templateLanguage: template?.language ?? null,
  });
  switch (event.type) {
    case 'AgentReplied': {
      const { followUp, template, clientRef = null } = event.data;
      const kind = followUp ? 'followup' : 'reply';
      const templateId = followUp?.templateId ?? null;
      return storableJson({ ...nothing, kind, clientRef, templateId, ...formOf(template) });
    }
    case 'TeamReplied':
      return storableJson({ ...nothing, sentAs: event.data.displayName });
    case 'QueueNoticePosted':
    case 'RegistrationReplyPosted':
    case 'TranscriptLinkPosted':
      return storableJson({ ...nothing, kind: 'notice' });
    case 'BlastMessagePosted': {
      const { blastId, template } = event.data;
      return storableJson({ ...nothing, kind: 'blast', blastId, ...formOf(template) });
    }
    default:
      return null;
  }
}

const isOurs = (event: MessageEvent): event is RecordedOf<'AgentReplied' | 'TeamReplied'> =>
  event.type === 'AgentReplied' || event.type === 'TeamReplied';

const channelIdOf = (event: MessageEvent): string | null =>
  event.type === 'MessageReceived' || event.type === 'BotReplied' || event.type === 'RepliedElsewhere'
    ? storableOrNull(event.data.channelMessageId)
    : null;

/** As they go over the wire. */
function partsOfMessage(event: MessageEvent): string | null {
  if (event.type !== 'MessageReceived' || !event.data.parts) return null;
  const { referral, ...parts } = event.data.parts;
  return storableJson({
    ...parts,
    ...(referral && {
      referral: {
        headline: referral.headline,
        body: referral.body,
        source_url: referral.sourceUrl,
        source_id: referral.sourceId,
        media_url: referral.mediaUrl,
      },
    }),
  });
}

const writeMessages = (sql: Sql, messages: readonly MessageEvent[]): Promise<unknown> =>
  sql.query(
    write(
      'messages_l1_insert',
      `insert into read.messages_l1 (division, ticket_id, id, sender_type, sender_id, sender_name, content, sent_at,
  confidence, attachments, channel_message_id, position, kind, line, reply_to, parts, words, said, quotes)
select * from unnest($1::text[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[],
  $8::timestamptz[], $9::float8[], $10::json[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[], $16::json[],
  $17::tsvector[], $18::json[], $19::uuid[])
on conflict (division, ticket_id, id) do nothing`,
      columnsOf('read.messages_l1', messages, {
        division: ({ data }) => data.division,
        ticket_id: ({ data }) => data.ticketId,
        id: ({ data }) => data.messageId,
        sender_type: (event) => senderOf(event).type,
        sender_id: (event) => senderOf(event).id,
        sender_name: (event) => senderOf(event).name,
        content: ({ data }) => storable(data.content),
        sent_at: ({ data }) => isoTime(data.sentAt),
        confidence: (event) => (event.type === 'BotReplied' ? event.data.confidence : null),
        attachments: attachmentsOf,
        channel_message_id: channelIdOf,
        position: ({ position }) => position,
        kind: ({ data }) => ('kind' in data ? storable(data.kind) : null),
        line: ({ data }) => ('line' in data ? storableOrNull(data.line ?? null) : null),
        reply_to: ({ data }) => ('channel' in data ? storableOrNull(data.replyTo) : null),
        parts: partsOfMessage,
        words: ({ data }) => wordsColumn(data.content),
        said: saidOf,
        quotes: (event) => (isOurs(event) ? (event.data.replyTo ?? null) : null),
      }),
    ),
  );

const isMessage = (event: Recorded): event is MessageEvent =>
  (MESSAGE_EVENTS as readonly string[]).includes(event.type);

/** The view `read.messages_l1`, with deliveries and attachments. */
export function messagesView(): View {
  return {
    name: 'messages_l1',
    streams: ['conversation-', 'delivery-', 'media-'],
    tables: ['messages_l1', 'sends', 'deliveries', 'attachments'],
    forget: () => undefined,
    apply: async (sql, events) => {
      const messages = events.filter(isMessage);
      const reports = events.filter(isDeliveryReport);
      await allOf([
        ...(messages.length > 0 ? [writeMessages(sql, messages)] : []),
        ...writeDeliveries(sql, reports),
        writeFiles(sql, events),
      ]);
      return undefined;
    },
  };
}
