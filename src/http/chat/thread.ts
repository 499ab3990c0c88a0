/** The talk as its visitor reads it: from the events, so that it is there at once (docs/design/chat.md#thread). */
import { z } from 'zod';
import type { VisitorTalk } from '../../commands/chat/visitor.ts';
import { type BotCard, conversationStream } from '../../domain/conversation/conversation.ts';
import { decode, type Recorded } from '../../domain/codec.ts';
import { attachmentId } from '../../domain/media/media.ts';
import { ticketStream } from '../../domain/tickets/ticket.ts';
import type { MessageWording } from '../../ports.ts';
import type { SentFile } from '../../domain/vocabulary.ts';
import type { Deps } from '../framework/dependencies.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { id, time } from '../framework/schemas.ts';

export const ctaObject = z
  .strictObject({ primary: z.string(), secondary: z.string() })
  .meta({ memberExamples: { primary: 'Minta penawaran', secondary: 'Lihat daftar dokumen' } });
export const choiceObject = z
  .strictObject({ intent: z.string(), title: z.string() })
  .meta({ memberExamples: { intent: 'ONGKIR_MOBIL', title: 'Biaya kirim mobil' } });
export const sourceObject = z
  .strictObject({ title: z.string(), url: z.string().optional() })
  .meta({ memberExamples: { title: 'Syarat dan ketentuan', url: 'https://www.example.com/syarat' } });

export const chatMessageObject = z
  .strictObject({
    id,
    role: z.enum(['visitor', 'bot', 'admin', 'system']),
    name: z.string().nullable().meta({ description: 'Of the admin; null: of the others.' }),
    text: z.string(),
    sent_at: time,
    intent: z.string().nullable(),
    benefits: z.array(z.string()),
    cta: ctaObject.nullable(),
    sources: z.array(sourceObject),
    choices: z.array(choiceObject),
    attachments: z.array(
      z.strictObject({ name: z.string().nullable(), mime_type: z.string(), size: z.int(), url: z.string() }),
    ),
  })
  .meta({
    id: 'ChatMessage',
    memberExamples: {
      id: EXAMPLE_IDS.message,
      role: 'bot',
      name: null,
      text: 'Biaya kirim mobil tergantung rute dan jenis mobil.',
      intent: 'ONGKIR_MOBIL',
      benefits: ['Jemput di rumah', 'Asuransi perjalanan', 'Laporan posisi'],
      sources: [],
      choices: [],
      attachments: [],
    },
  });
export type ChatMessage = z.infer<typeof chatMessageObject>;

/** A visitor with more talks reads the newest ones, and of each its end. */
const MOST_TALKS = 5;
const MOST_EVENTS = 300;

const PLAIN = {
  name: null,
  intent: null,
  benefits: [],
  cta: null,
  sources: [],
  choices: [],
  attachments: [],
};

const cardOf = (card: BotCard | undefined) =>
  card === undefined
    ? {}
    : {
        intent: card.intent,
        benefits: card.benefits,
        cta: card.cta,
        sources: card.sources,
        choices: card.choices,
      };

type ThreadContext = Pick<Deps, 'events' | 'directory'> & { readonly messageWording: MessageWording };

/** @param isWeb of the ticket: what is said elsewhere is read there. Null: nothing that this visitor reads. */
async function messageOf(
  event: Recorded,
  isWeb: boolean,
  context: ThreadContext,
): Promise<ChatMessage | null> {
  const files = (messageId: string, ticketId: string, all: readonly SentFile[] = []) =>
    all.map(({ fileName, mimeType, size }, index) => ({
      ...{ name: fileName, mime_type: mimeType, size },
      url: context.messageWording.fileUrl(ticketId, attachmentId(messageId, index)),
    }));
  if (event.type === 'MessageReceived') {
    const { messageId, content, sentAt, channel } = event.data;
    return channel === 'web'
      ? { ...PLAIN, id: messageId, role: 'visitor', text: content, sent_at: sentAt }
      : null;
  }
  if (!isWeb) return null;
  switch (event.type) {
    case 'BotReplied': {
      const { messageId, content, sentAt, card } = event.data;
      return { ...PLAIN, ...cardOf(card), id: messageId, role: 'bot', text: content, sent_at: sentAt };
    }
    case 'QueueNoticePosted':
    case 'RegistrationReplyPosted':
    case 'TranscriptLinkPosted': {
      const { messageId, content, sentAt } = event.data;
      return { ...PLAIN, id: messageId, role: 'system', text: content, sent_at: sentAt };
    }
    case 'BlastMessagePosted': {
      const { messageId, content, sentAt } = event.data;
      return { ...PLAIN, id: messageId, role: 'admin', text: content, sent_at: sentAt };
    }
    case 'AgentReplied': {
      const { messageId, content, sentAt, agentId, ticketId, attachments } = event.data;
      const name = (await context.directory.byId(agentId))?.name ?? null;
      const sent = files(messageId, ticketId, attachments);
      return {
        ...PLAIN,
        id: messageId,
        role: 'admin',
        name,
        text: content,
        sent_at: sentAt,
        attachments: sent,
      };
    }
    case 'TeamReplied': {
      const { messageId, content, sentAt, displayName, ticketId, attachments } = event.data;
      const sent = files(messageId, ticketId, attachments);
      return {
        ...{ ...PLAIN, id: messageId, role: 'admin', name: displayName, text: content, sent_at: sentAt },
        attachments: sent,
      };
    }
    default:
      return null;
  }
}

/** Which of their tickets are talks of the web chat: others came with a code from WhatsApp. */
async function isOfWeb({ events }: ThreadContext, ticketId: string): Promise<boolean> {
  const [first] = await events.read(ticketStream(ticketId), { limit: 1 });
  const opened = first && decode(first);
  return opened?.type === 'TicketOpened' && opened.data.channel === 'web';
}

/** Oldest first. @param after id of a message: what comes behind it; unknown: everything @throws StoreUnavailable */
export async function threadOf(
  context: ThreadContext,
  { known }: Pick<VisitorTalk, 'known'>,
  after?: string,
): Promise<readonly ChatMessage[]> {
  if (known.status === 'unknown') return [];
  const messages: ChatMessage[] = [];
  for (const ticketId of known.ticketIds.slice(-MOST_TALKS)) {
    const isWeb = await isOfWeb(context, ticketId);
    const newest = await context.events.read(conversationStream(ticketId), {
      direction: 'backwards',
      limit: MOST_EVENTS,
    });
    for (const stored of newest.toReversed()) {
      const message = await messageOf(decode(stored), isWeb, context);
      if (message !== null) messages.push(message);
    }
  }
  const from = after === undefined ? -1 : messages.findIndex((one) => one.id === after);
  return messages.slice(from + 1);
}
