/** The agent who has the ticket answers the customer on L1 (docs/design/api.md#reply). Delivery is the sender's job. */
import { z } from 'zod';
import {
  conversation,
  type Conversation,
  type ConversationEvent,
} from '../../domain/conversation/conversation.ts';
import { fileLine, takesCaption } from '../../domain/media/outgoing.ts';
import { type UploadedFile, uploads, type Uploads } from '../../domain/media/upload.ts';
import { type Channel, type SentFile, uuid } from '../../domain/vocabulary.ts';
import { showsSomething } from '../../domain/words.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { isWithin, TEXT_LIMITS } from '../../domain/outbound/text-limit.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type ExistingTicket, ticket, type Ticket } from '../../domain/tickets/ticket.ts';
import type { Clock, EventStore, Ids } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { assigneeOf, requireOpen, requireVisible } from '../tickets/ticket-access.ts';
import { findQuoted, type Quote } from './find-message.ts';

/** What a person reads: a text that shows nothing is none. */
export const messageText = z
  .string()
  .trim()
  .min(1)
  .max(4096)
  .refine(showsSomething, { message: 'Pesan tidak boleh kosong' });
const MOST_FILES = 10;
export const input = z
  .strictObject({
    message: messageText.optional(),
    media_ids: z
      .array(uuid)
      .min(1)
      .max(MOST_FILES)
      .refine((ids) => new Set(ids).size === ids.length, { error: 'Tidak boleh ada yang sama' })
      .optional()
      .meta({ description: 'Of files that were uploaded to this ticket.' }),
    reply_to: uuid.optional().meta({
      description: 'A message of this talk. The customer sees the quote where the channel can show it.',
    }),
    client_ref: z.string().min(1).max(100).optional().meta({
      description: 'Whatever the client calls it; it comes back with the message, also on the stream.',
      example: 'tab-1-17',
    }),
  })
  .refine(({ message, media_ids }) => message !== undefined || media_ids !== undefined, {
    path: ['message'],
    error: 'Tulis pesan atau lampirkan berkas',
  });
export type ReplyInput = z.infer<typeof input>;

const WINDOW_MS = 24 * 60 * 60 * 1000;

/**
 * WhatsApp lets a business write freely only within 24 h of the customer's last message
 * (docs/design/whatsapp.md#service-window).
 */
export function windowIsOpen(found: ExistingTicket, conversationState: Conversation, now: string): boolean {
  const last = conversationState.lastCustomerMessageAt;
  if (found.channel !== 'whatsapp') return true;
  return last !== null && Date.parse(now) - Date.parse(last) <= WINDOW_MS;
}

const UNIT_WORDS = { characters: 'karakter', bytes: 'byte (satu emoji 4 byte)' } as const;

/** Said now, not by the channel afterwards: nobody waits for an answer that never went out. @throws Refusal MESSAGE_TOO_LONG */
export function requireFits({ channel }: Pick<ExistingTicket, 'channel'>, text: string): void {
  const limit = TEXT_LIMITS[channel];
  if (isWithin(text, limit)) return;
  const most = new Intl.NumberFormat('id-ID').format(limit.most);
  throw new Refusal('MESSAGE_TOO_LONG', [
    { path: 'message', message: `Paling banyak ${most} ${UNIT_WORDS[limit.unit]} di kanal ini` },
  ]);
}

/** @throws Refusal SERVICE_WINDOW_CLOSED */
export function requireOpenWindow(found: ExistingTicket, conversationState: Conversation, now: string): void {
  if (!windowIsOpen(found, conversationState, now)) throw new Refusal('SERVICE_WINDOW_CLOSED');
}

/** @throws Refusal TICKET_NOT_FOUND, DIVISION_FORBIDDEN, NOT_ASSIGNEE, TICKET_CLOSED */
export function requireReplyAllowed(state: Ticket, caller: Caller): ExistingTicket {
  const found = requireVisible(state, caller);
  if (assigneeOf(found) !== caller.id) throw new Refusal('NOT_ASSIGNEE');
  return requireOpen(found);
}

/** What an agent wants to say. */
export interface ReplyWish {
  readonly content: string | null;
  readonly files: readonly UploadedFile[];
  readonly quote: Quote | null;
  readonly clientRef: string | null;
  readonly agentId: string;
  /** At least one more than there are files. */
  readonly messageIds: readonly string[];
}

type Part = { readonly content: string } | { readonly file: SentFile };

/**
 * Each file is a message of its own, as on every channel: each has its own way to the customer. The text stands beside the
 * first one where the channel can, else it goes before them.
 */
function partsOf(channel: Channel, { content, files }: ReplyWish): readonly Part[] {
  const [first] = files;
  const isCaption = content !== null && first !== undefined && takesCaption(channel, first.kind, content);
  const sent = files.map((file, at) => ({
    file: { ...file, caption: isCaption && at === 0 ? content : null },
  }));
  return content === null || isCaption ? sent : [{ content }, ...sent];
}

/** @throws Refusal SERVICE_WINDOW_CLOSED, MESSAGE_TOO_LONG */
export function decideReply(
  conversationState: Conversation,
  found: ExistingTicket,
  wish: ReplyWish,
  now: string,
): ConversationEvent[] {
  requireOpenWindow(found, conversationState, now);
  const { agentId, clientRef, quote, messageIds } = wish;
  return partsOf(found.channel, wish).map((part, at): ConversationEvent => {
    const content = 'file' in part ? fileLine(part.file) : part.content;
    if (!('file' in part)) requireFits(found, content);
    const about = { ticketId: found.id, division: found.division, messageId: messageIds[at] ?? '' };
    return {
      type: 'AgentReplied',
      data: {
        ...{ ...about, content, agentId, sentAt: now },
        ...('file' in part && { attachments: [part.file] }),
        // What belongs to the whole stands with its first message.
        ...(at === 0 && quote && { replyTo: quote.messageId }),
        ...(at === 0 && quote?.ref != null && { quoteRef: quote.ref }),
        ...(at === 0 && clientRef !== null && { clientRef }),
      },
    };
  });
}

/** In the order in which they were asked for. @throws Refusal MEDIA_NOT_FOUND */
export function requireUploaded({ files }: Uploads, wanted: readonly string[]): readonly UploadedFile[] {
  return wanted.map((mediaId) => {
    const file = files.find((one) => one.mediaId === mediaId);
    if (!file) throw new Refusal('MEDIA_NOT_FOUND');
    return file;
  });
}

/** @throws Refusal VALIDATION_FAILED: the talk has no such message */
async function requireQuote(
  store: Pick<EventStore, 'read'>,
  ticketId: string,
  messageId: string | undefined,
): Promise<Quote | null> {
  if (messageId === undefined) return null;
  const quote = await findQuoted(store, ticketId, messageId);
  if (quote) return quote;
  throw new Refusal('VALIDATION_FAILED', [
    { path: 'reply_to', message: 'Pesan ini tidak ada di percakapan tiket ini' },
  ]);
}

export const reply =
  (deps: {
    readonly handler: CommandHandler;
    readonly store: Pick<EventStore, 'read'>;
    readonly clock: Clock;
    readonly ids: Ids;
  }) =>
  async (ctx: CommandContext, ticketId: string, wanted: ReplyInput) => {
    const { handler, store, clock, ids } = deps;
    const eventContext = eventContextOf(ctx, clock);
    const found = requireReplyAllowed(await handler.load(ticket, ticketId), ctx.caller);
    const { message = null, media_ids: mediaIds = [], client_ref: clientRef = null } = wanted;
    const files =
      mediaIds.length === 0 ? [] : requireUploaded(await handler.load(uploads, ticketId), mediaIds);
    const wish: ReplyWish = {
      content: message,
      files,
      quote: await requireQuote(store, ticketId, wanted.reply_to),
      clientRef,
      agentId: ctx.caller.id,
      messageIds: Array.from({ length: files.length + 1 }, () => ids.next()),
    };
    const { events, position } = await handler.executeCommand(
      conversation,
      ticketId,
      eventContext,
      (conversationState) => decideReply(conversationState, found, wish, eventContext.at),
    );
    // With a repeated key these are the events of the first run.
    const sent = events.flatMap((event) => (event.type === 'AgentReplied' ? [event.data] : []));
    const [first] = sent;
    return {
      message_id: first?.messageId ?? '',
      sent_at: first?.sentAt ?? eventContext.at,
      messageIds: sent.map(({ messageId }) => messageId),
      position,
    };
  };
