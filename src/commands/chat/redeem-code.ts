/** Who brings the code of a visitor to WhatsApp is the same customer (docs/design/chat.md#to-whatsapp). */
import {
  codeIn,
  handoffCode,
  type HandoffCode,
  type HandoffCodeEvent,
} from '../../domain/chat/handoff-code.ts';
import {
  conversation,
  type Conversation,
  type ConversationEvent,
} from '../../domain/conversation/conversation.ts';
import type { InboundMessage } from '../../domain/inbound/inbound.ts';
import { ticket } from '../../domain/tickets/ticket.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { BlindIndex, Ids } from '../../ports.ts';
import type { CommandHandler, EventContext } from '../../engine/commands/command-handler.ts';
import { currentCustomer } from '../customers/current-customer.ts';
import { decideJoin, decideTakeUp } from '../customers/decide-merge.ts';
import { mergeCustomers } from '../customers/merge.ts';

export const hashOfCode = (blindIndex: BlindIndex, code: string): string => blindIndex('handoff-code', code);

/** No event for a code that is unknown, used, over, or of another division: then the message is only a message. */
export function decideRedeemCode(
  state: HandoffCode,
  {
    division,
    customerKey,
    now,
  }: { readonly division: Division; readonly customerKey: string; readonly now: string },
): HandoffCodeEvent[] {
  if (state.status !== 'issued' || state.division !== division) return [];
  if (Date.parse(now) >= Date.parse(state.expiresAt)) return [];
  return [{ type: 'HandoffCodeUsed', data: { division, customerKey } }];
}

/** @param data its `messageId` is made of the message that brought the code: a repeat posts nothing twice */
export const decidePostTranscript = (
  state: Conversation,
  data: Extract<ConversationEvent, { type: 'TranscriptLinkPosted' }>['data'],
): ConversationEvent[] =>
  state.seen.includes(data.messageId) ? [] : [{ type: 'TranscriptLinkPosted', data }];

const transcriptWords = (url: string): string =>
  `Ini transkrip percakapan Anda di situs kami: ${url}\nTautan ini berlaku tujuh hari.`;

interface CodeDeps {
  readonly handler: CommandHandler;
  readonly ids: Ids;
  readonly blindIndex: BlindIndex;
}

/**
 * The web talk goes on in the ticket of the message that brought the code, so that it is answered where they are now: that ticket
 * takes up what is known, and then both customers are one. Who asked for a transcript gets the link to it first. A message that is received again finishes what was left.
 * @param customerKey of who wrote @throws Refusal BUSY; StoreUnavailable
 */
export async function redeemCode(
  deps: CodeDeps,
  message: Pick<InboundMessage, 'channel' | 'content' | 'division'>,
  {
    customerKey,
    ticketId,
    messageId,
  }: { readonly customerKey: string; readonly ticketId: string; readonly messageId: string },
  eventContext: EventContext,
): Promise<void> {
  const code = message.channel === 'whatsapp' ? codeIn(message.content) : null;
  if (code === null) return;
  const { handler, blindIndex, ids } = deps;
  const { division } = message;
  const { state } = await handler.executeCommand(
    handoffCode,
    hashOfCode(blindIndex, code),
    eventContext,
    (now) => decideRedeemCode(now, { division, customerKey, now: eventContext.at }),
  );
  if (state.status !== 'used' || state.usedBy !== customerKey) return;
  const { transcriptUrl } = state;
  if (transcriptUrl !== undefined) {
    const data = {
      ...{ ticketId, division, content: transcriptWords(transcriptUrl), sentAt: eventContext.at },
      ...{ messageId: ids.from('transcript-link', messageId), causedBy: messageId },
    };
    const context = { ...eventContext, actor: { kind: 'bot' as const } };
    await handler.executeCommand(conversation, ticketId, context, (now) => decidePostTranscript(now, data));
  }
  const { known, customerKey: webKey } = await currentCustomer(handler, state.customerKey);
  if (known.status === 'unknown' || webKey === customerKey) return;
  const webId = known.currentTicketId;
  const web = webId === null || webId === ticketId ? null : await handler.load(ticket, webId);
  if (web !== null && web.status !== 'absent' && web.status !== 'closed' && web.channel === 'web') {
    await handler.executeCommand(ticket, ticketId, eventContext, (now) =>
      decideTakeUp(now, web, eventContext.at),
    );
    await handler.executeCommand(ticket, web.id, eventContext, (now) => decideJoin(now, ticketId));
  }
  await mergeCustomers(deps, [customerKey, webKey], eventContext, { because: 'channel', joinTickets: false });
}
