/**
 * The product sends a customer a link over the channel of their talk (docs/design/field-service.md#links): as a free text inside
 * the service window, else in the template that was set up for it.
 */
import {
  conversation,
  type Conversation,
  type ConversationEvent,
  type TemplateForm,
} from '../../domain/conversation/conversation.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type ExistingTicket, ticket } from '../../domain/tickets/ticket.ts';
import type { TemplatesBy } from '../../domain/vocabulary.ts';
import type { CommandHandler, EventContext } from '../../engine/commands/command-handler.ts';
import { requireFits, templatesOn, windowIsOpen } from '../conversation/reply.ts';

export interface LinkMessage {
  /** The same id is the same message: it goes out once. */
  readonly messageId: string;
  /** Whose message it is. */
  readonly senderId: string;
  readonly text: string;
  /** Name under which Meta approved the template, or the sid of a content at Twilio; null: there is none. */
  readonly template: string | null;
  /** What fills the template, in its order. */
  readonly parameters: readonly { readonly name: string; readonly text: string }[];
}

const SID = /^HX[0-9a-f]{32}$/i;

function formOf({ template, parameters }: LinkMessage, by: TemplatesBy): TemplateForm | null {
  if (template === null || by === 'none' || SID.test(template) !== (by === 'content_sid')) return null;
  const form = { name: template, language: 'id', parameters: [...parameters] };
  return by === 'content_sid' ? { ...form, contentSid: template } : form;
}

/** @throws Refusal SERVICE_WINDOW_CLOSED, LINE_ONLY_ANSWERS, MESSAGE_TOO_LONG */
export function decidePostLink(
  state: Conversation,
  found: ExistingTicket,
  message: LinkMessage,
  now: string,
): ConversationEvent[] {
  const { messageId, senderId: agentId, text: content } = message;
  if (state.seen.includes(messageId)) return [];
  const by = templatesOn(state);
  const template = windowIsOpen(found, state, now) ? undefined : formOf(message, by);
  if (template === null) throw new Refusal(by === 'none' ? 'LINE_ONLY_ANSWERS' : 'SERVICE_WINDOW_CLOSED');
  requireFits(found, content);
  return [
    {
      type: 'AgentReplied',
      data: {
        ...{ ticketId: found.id, division: found.division, messageId, content, agentId, sentAt: now },
        followUp: { templateId: null },
        ...(template && { template }),
      },
    },
  ];
}

/** @throws Refusal TICKET_NOT_FOUND, and those of `decidePostLink`; StoreUnavailable */
export async function postLink(
  handler: CommandHandler,
  ticketId: string,
  eventContext: EventContext,
  message: LinkMessage,
): Promise<void> {
  const found = await handler.load(ticket, ticketId);
  if (found.status === 'absent') throw new Refusal('TICKET_NOT_FOUND');
  await handler.executeCommand(conversation, ticketId, eventContext, (state) =>
    decidePostLink(state, found, message, eventContext.at),
  );
}
