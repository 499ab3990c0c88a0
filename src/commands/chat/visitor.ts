/** A visitor of the web chat: a customer of the channel `web`, and the ticket that their talk is (docs/design/chat.md#one-talk-one-ticket). */
import type { InboundMessage } from '../../domain/inbound/inbound.ts';
import type { ChatMode } from '../../domain/chat/talk.ts';
import { ticket, type Ticket } from '../../domain/tickets/ticket.ts';
import { type Division, DIVISIONS } from '../../domain/vocabulary.ts';
import type { BlindIndex, Clock, Ids } from '../../ports.ts';
import type { CommandHandler, EventContext } from '../../engine/commands/command-handler.ts';
import { currentCustomer, type ResolvedCustomer } from '../customers/current-customer.ts';
import type { Receive } from '../inbound/receive.ts';

export interface Visitor {
  readonly sessionId: string;
  readonly siteKey: string;
  readonly division: Division;
}

export interface ChatDeps {
  readonly handler: CommandHandler;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly blindIndex: BlindIndex;
  /** IANA name; office hours are local to it. */
  readonly timezone: string;
  readonly receive: Receive;
}

export interface VisitorTalk extends ResolvedCustomer {
  /** The current one; absent before the first message. */
  readonly ticket: Ticket;
}

/** Who has the word, as the widget shows it. */
export const modeOf = ({ status }: Ticket): ChatMode =>
  status === 'queued'
    ? 'waiting_admin'
    : status === 'assigned'
      ? 'admin'
      : status === 'closed'
        ? 'closed'
        : 'bot';

const userIdOf = ({ sessionId }: Visitor): string => `web_${sessionId}`;

export const keyOfVisitor = (blindIndex: BlindIndex, visitor: Visitor): string =>
  `${visitor.division}_${blindIndex('customer', userIdOf(visitor))}`;

/** @throws StoreUnavailable */
export async function findTalk(
  { handler, blindIndex }: Pick<ChatDeps, 'handler' | 'blindIndex'>,
  visitor: Visitor,
): Promise<VisitorTalk> {
  const found = await currentCustomer(handler, keyOfVisitor(blindIndex, visitor));
  const id = found.known.status === 'known' ? found.known.currentTicketId : null;
  return { ...found, ticket: id === null ? ticket.initial : await handler.load(ticket, id) };
}

/** For staff, who name a talk by its session. @returns the current ticket; null: nothing was written. @throws StoreUnavailable */
export async function ticketOfSession(
  deps: Pick<ChatDeps, 'handler' | 'blindIndex'>,
  sessionId: string,
): Promise<string | null> {
  for (const division of DIVISIONS) {
    const { ticket: found } = await findTalk(deps, { sessionId, siteKey: '', division });
    if (found.status !== 'absent') return found.id;
  }
  return null;
}

/** Metadata of what a visitor, or the bot for them, does. */
export const visitorContext = (
  { clock }: Pick<ChatDeps, 'clock'>,
  requestId: string,
  kind: 'customer' | 'bot',
): EventContext => ({
  actor: { kind },
  correlationId: requestId,
  causationId: requestId,
  requestId,
  at: clock.now().toISOString(),
});

/** Writes what a visitor said, like a message of any channel. @throws Refusal BUSY; StoreUnavailable */
export async function receiveFromVisitor(
  { ids, clock, receive }: Pick<ChatDeps, 'ids' | 'clock' | 'receive'>,
  visitor: Visitor,
  content: string,
  contact: { readonly name: string | null; readonly phone: string | null } = { name: null, phone: null },
): Promise<{ readonly messageId: string }> {
  const sentAt = clock.now().toISOString();
  const key = ids.next();
  const message: InboundMessage = {
    kind: 'message',
    division: visitor.division,
    channel: 'web',
    line: visitor.division,
    userId: userIdOf(visitor),
    businessScopedId: null,
    phone: contact.phone,
    userName: contact.name,
    botId: null,
    waPhoneId: null,
    waDisplayName: null,
    sentAt,
    isOfficeHours: null,
    channelMessageId: key,
    contentKind: 'text',
    content,
    attachments: [],
    replyTo: null,
  };
  await receive(message, { key, receivedAt: sentAt });
  return { messageId: ids.fromAt(new Date(sentAt), 'message', key) };
}
