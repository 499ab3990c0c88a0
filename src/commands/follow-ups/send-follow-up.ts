/**
 * A single follow-up to a customer who no longer answers (docs/design/api.md#follow-up): a message on L1, delivered
 * by the sender.
 */
import { z } from 'zod';
import {
  conversation,
  type Conversation,
  type ConversationEvent,
} from '../../domain/conversation/conversation.ts';
import { showsSomething } from '../../domain/words.ts';
import { type Caller, visibleDivision } from '../../domain/staff/privileges.ts';
import { isWithin, TEXT_LIMITS } from '../../domain/outbound/text-limit.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type ExistingTicket, ticket, type Ticket } from '../../domain/tickets/ticket.ts';
import { uuid } from '../../domain/vocabulary.ts';
import type { Clock, Ids } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { personalText } from '../blasts/template-catalogue.ts';
import { requireFits, windowIsOpen } from '../conversation/reply.ts';
import { assigneeOf, requireVisible } from '../tickets/ticket-access.ts';
import {
  renderFollowUp,
  type RenderedFollowUp,
  type WantedFollowUp,
  wantedFollowUp,
} from './render-follow-up.ts';

export const input = z
  .strictObject({
    template_id: uuid.optional(),
    message: personalText(4096).refine(showsSomething, { message: 'Pesan tidak boleh kosong' }).optional(),
  })
  .refine(({ template_id, message }) => template_id !== undefined || message !== undefined, {
    path: ['message'],
    message: 'Isi pesan atau pilih template',
  });
export type SendFollowUpInput = z.infer<typeof input>;

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
  readonly agentId: string;
  readonly wanted: WantedFollowUp;
}

/**
 * Inside the service window as free text; outside as the template, where one was chosen
 * (docs/design/whatsapp.md#service-window). L1 holds what the customer gets.
 * @throws Refusal SERVICE_WINDOW_CLOSED, MESSAGE_NOT_SENT_AS_TEMPLATE, CUSTOMER_OPTED_OUT, MESSAGE_TOO_LONG
 */
export function decideSendFollowUp(
  conversationState: Conversation,
  found: ExistingTicket,
  { messageId, agentId, wanted }: FollowUp,
  now: string,
): ConversationEvent[] {
  const { text, form, refusal } = renderFollowUp(wanted, windowIsOpen(found, conversationState, now));
  if (refusal !== null) throw new Refusal(refusal);
  requireFits(found, text);
  const data = {
    ticketId: found.id,
    division: found.division,
    messageId,
    content: text,
    agentId,
    sentAt: now,
    followUp: { templateId: wanted.template?.id ?? null },
    ...(form !== null && { template: form }),
  };
  return [{ type: 'AgentReplied', data }];
}

interface Deps {
  readonly handler: CommandHandler;
  readonly clock: Clock;
  readonly ids: Ids;
}

export const sendFollowUp =
  ({ handler, clock, ids }: Deps) =>
  async (ctx: CommandContext, ticketId: string, wish: SendFollowUpInput) => {
    const eventContext = eventContextOf(ctx, clock);
    const found = requireFollowUpAllowed(await handler.load(ticket, ticketId), ctx.caller);
    const wanted = await wantedFollowUp(handler, found, wish);
    const followUp = { messageId: ids.next(), agentId: ctx.caller.id, wanted };
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

/** What it would be, without sending it. @throws as `sendFollowUp`, but for what the preview itself says */
export const previewFollowUp =
  ({ handler, clock }: Omit<Deps, 'ids'>) =>
  async (ctx: CommandContext, ticketId: string, wish: SendFollowUpInput): Promise<RenderedFollowUp> => {
    const found = requireFollowUpAllowed(await handler.load(ticket, ticketId), ctx.caller);
    const wanted = await wantedFollowUp(handler, found, wish);
    const state = await handler.load(conversation, ticketId);
    const shown = renderFollowUp(wanted, windowIsOpen(found, state, clock.now().toISOString()));
    const fits = isWithin(shown.text, TEXT_LIMITS[found.channel]);
    return shown.refusal === null && !fits ? { ...shown, refusal: 'MESSAGE_TOO_LONG' } : shown;
  };
