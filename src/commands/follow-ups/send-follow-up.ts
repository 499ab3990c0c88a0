/**
 * A single follow-up to a customer who no longer answers (docs/design/api.md#follow-up): a message on L1, delivered
 * by the sender.
 */
import { z } from 'zod';
import {
  conversation,
  type Conversation,
  type ConversationEvent,
  type TemplateForm,
} from '../../domain/conversation/conversation.ts';
import { type Caller, visibleDivision } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type ExistingTicket, ticket, type Ticket } from '../../domain/tickets/ticket.ts';
import { uuid } from '../../domain/vocabulary.ts';
import type { Clock, Ids } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { messageText, requireFits, windowIsOpen } from '../conversation/reply.ts';
import { assigneeOf, requireVisible } from '../tickets/ticket-access.ts';

export const input = z.strictObject({ template_id: uuid.optional(), message: messageText });
export type SendFollowUpInput = z.infer<typeof input>;

/**
 * The form in which a template of the catalogue goes out on this ticket; null where the channel knows no such form.
 * Refusals: TEMPLATE_NOT_FOUND, TEMPLATE_NOT_USABLE.
 */
export type TemplateFormOf = (templateId: string, found: ExistingTicket) => Promise<TemplateForm | null>;

/**
 * Agents on their own tickets only; a person who sees all divisions on any (docs/design/api.md#roles-and-privileges).
 * A closed ticket may be followed up: a cancelled plan is worth another question.
 * @throws Refusal TICKET_NOT_FOUND, DIVISION_FORBIDDEN, NOT_ASSIGNEE
 */
export function requireFollowUpAllowed(state: Ticket, caller: Caller): ExistingTicket {
  const found = requireVisible(state, caller);
  if (visibleDivision(caller) !== 'all' && assigneeOf(found) !== caller.id) throw new Refusal('NOT_ASSIGNEE');
  return found;
}

interface FollowUp {
  readonly messageId: string;
  readonly content: string;
  readonly agentId: string;
  readonly templateId: string | null;
  readonly form: TemplateForm | null;
}

/**
 * Inside the service window as free text; outside as the template, where one was chosen
 * (docs/design/whatsapp.md#service-window).
 * @throws Refusal SERVICE_WINDOW_CLOSED, MESSAGE_TOO_LONG
 */
export function decideSendFollowUp(
  conversationState: Conversation,
  found: ExistingTicket,
  { form, templateId, ...message }: FollowUp,
  now: string,
): ConversationEvent[] {
  const inside = windowIsOpen(found, conversationState, now);
  if (!inside && form === null) throw new Refusal('SERVICE_WINDOW_CLOSED');
  requireFits(found, message.content);
  const data = {
    ticketId: found.id,
    division: found.division,
    ...message,
    sentAt: now,
    followUp: { templateId },
    ...(!inside && form !== null && { template: form }),
  };
  return [{ type: 'AgentReplied', data }];
}

export const sendFollowUp =
  (deps: {
    readonly handler: CommandHandler;
    readonly clock: Clock;
    readonly ids: Ids;
    readonly templateFormOf: TemplateFormOf;
  }) =>
  async (ctx: CommandContext, ticketId: string, { message, template_id }: SendFollowUpInput) => {
    const { handler, clock, ids, templateFormOf } = deps;
    const eventContext = eventContextOf(ctx, clock);
    const found = requireFollowUpAllowed(await handler.load(ticket, ticketId), ctx.caller);
    const form = template_id === undefined ? null : await templateFormOf(template_id, found);
    const followUp = {
      messageId: ids.next(),
      content: message,
      agentId: ctx.caller.id,
      templateId: template_id ?? null,
      form,
    };
    const { events, position } = await handler.executeCommand(
      conversation,
      ticketId,
      eventContext,
      (conversationState) => decideSendFollowUp(conversationState, found, followUp, eventContext.at),
    );
    // With a repeated key these are the events of the first run.
    const sent = events.find((event) => event.type === 'AgentReplied')?.data;
    return {
      message_id: sent?.messageId ?? followUp.messageId,
      sent_at: sent?.sentAt ?? eventContext.at,
      position,
    };
  };
