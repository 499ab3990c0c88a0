/**
 * Sends again what did not arrive, because a person asks for it (docs/design/api.md#resend): a message of its own, so
 * that the talk shows both. Nothing is sent twice by itself.
 */
import { z } from 'zod';
import { decode, type Recorded } from '../../domain/codec.ts';
import {
  conversation,
  type Conversation,
  type ConversationEvent,
  conversationStream,
} from '../../domain/conversation/conversation.ts';
import { deliveryStream } from '../../domain/outbound/delivery.ts';
import { furthestOf } from '../../domain/outbound/furthest.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { type ExistingTicket, ticket, type Ticket } from '../../domain/tickets/ticket.ts';
import type { DeliveryStatus, SentFile } from '../../domain/vocabulary.ts';
import type { Clock, EventStore, Ids } from '../../ports.ts';
import { currentCustomer } from '../customers/current-customer.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { assigneeOf, requireOpen, requireVisible } from '../tickets/ticket-access.ts';
import { requireOpenWindow } from './reply.ts';
import { TEAM_NAME } from './reply-as-sa.ts';

export const input = z.strictObject({
  confirm_unknown: z
    .boolean()
    .optional()
    .meta({ description: 'Of a message that may have arrived: send it all the same.' }),
});
export type ResendInput = z.infer<typeof input>;

/** What a person of ours wrote: an answer, an answer as the team, a follow-up, or one of a blast. */
export type SentMessage = Extract<
  ConversationEvent,
  { type: 'AgentReplied' | 'TeamReplied' | 'BlastMessagePosted' }
>;

/**
 * Who has the ticket, and super admins.
 * @throws Refusal TICKET_NOT_FOUND, DIVISION_FORBIDDEN, NOT_ASSIGNEE
 */
export function requireResendAllowed(state: Ticket, caller: Caller): ExistingTicket {
  const found = requireVisible(state, caller);
  if (assigneeOf(found) !== caller.id && caller.role !== 'super_admin') throw new Refusal('NOT_ASSIGNEE');
  return found;
}

interface Wanted {
  readonly original: SentMessage;
  readonly status: DeliveryStatus;
  readonly confirmUnknown: boolean;
  readonly optedOut: boolean;
  /** Of the new message. */
  readonly messageId: string;
}

/**
 * Once: what was sent again has failed no more.
 * @throws Refusal NOT_FAILED, TICKET_CLOSED, SERVICE_WINDOW_CLOSED, CUSTOMER_OPTED_OUT
 */
export function decideResend(
  state: Conversation,
  found: ExistingTicket,
  { original, status, confirmUnknown, optedOut, messageId }: Wanted,
  caller: Caller,
  now: string,
): ConversationEvent[] {
  const { data } = original;
  const mayGo = status === 'failed' || (status === 'unknown' && confirmUnknown);
  if (!mayGo || state.resent.includes(data.messageId)) throw new Refusal('NOT_FAILED');
  const template = 'template' in data ? data.template : null;
  if (!template) requireOpenWindow(found, state, now);
  const said = {
    ticketId: found.id,
    division: found.division,
    messageId,
    content: data.content,
    sentAt: now,
    resendOf: data.messageId,
    ...besideOf(original),
  };
  const followUp = followUpOf(original);
  if (followUp) {
    // Nobody asked for it: it binds here, too (docs/design/business-rules.md#opt-out).
    if (optedOut) throw new Refusal('CUSTOMER_OPTED_OUT');
    return [
      {
        type: 'AgentReplied',
        data: { ...said, agentId: caller.id, followUp, ...(template && { template }) },
      },
    ];
  }
  requireOpen(found);
  const assignee = assigneeOf(found);
  return original.type === 'AgentReplied' && assignee === caller.id
    ? [{ type: 'AgentReplied', data: { ...said, agentId: caller.id } }]
    : [
        {
          type: 'TeamReplied',
          data: { ...said, senderId: caller.id, displayName: TEAM_NAME, notifiedAgentId: assignee },
        },
      ];
}

/** The file and the quote go with it again. */
function besideOf(original: SentMessage): {
  attachments?: SentFile[];
  replyTo?: string;
  quoteRef?: string;
} {
  if (original.type === 'BlastMessagePosted') return {};
  const { attachments, replyTo, quoteRef } = original.data;
  return {
    ...(attachments && { attachments }),
    ...(replyTo !== undefined && { replyTo }),
    ...(quoteRef !== undefined && { quoteRef }),
  };
}

function followUpOf(original: SentMessage): { readonly templateId: string | null } | undefined {
  if (original.type === 'BlastMessagePosted') return { templateId: null };
  return original.type === 'AgentReplied' ? original.data.followUp : undefined;
}

const PAGE = 256;

/** The message, and what channels reported on the talk since. @throws Refusal MESSAGE_NOT_FOUND; StoreUnavailable */
export async function findSent(
  store: Pick<EventStore, 'read'>,
  ticketId: string,
  messageId: string,
): Promise<{ readonly original: SentMessage; readonly since: readonly Recorded[] }> {
  const since: Recorded[] = [];
  let from: bigint | undefined;
  for (;;) {
    const page = await store.read(conversationStream(ticketId), {
      direction: 'backwards',
      limit: PAGE,
      ...(from !== undefined && { from }),
    });
    for (const stored of page) {
      const event = decode(stored);
      const isOurs =
        event.type === 'AgentReplied' || event.type === 'TeamReplied' || event.type === 'BlastMessagePosted';
      if (isOurs && event.data.messageId === messageId) return { original: event, since };
      since.push(event);
    }
    const oldest = page.at(-1);
    if (!oldest || oldest.revision === 0n) throw new Refusal('MESSAGE_NOT_FOUND');
    from = oldest.revision - 1n;
  }
}

/** How far it came: what the sender recorded, and what the channel reported by our id or by its own. */
async function statusOf(
  store: Pick<EventStore, 'read'>,
  messageId: string,
  since: readonly Recorded[],
): Promise<DeliveryStatus> {
  const steps = (await store.read(deliveryStream(messageId))).map((stored) => decode(stored));
  const channelIds = new Set(
    steps.flatMap((step) => (step.type === 'DeliveryAccepted' ? (step.data.channelMessageId ?? []) : [])),
  );
  const recorded = steps.flatMap((step): DeliveryStatus[] => {
    if (step.type === 'DeliveryAccepted') return ['sent'];
    if (step.type === 'DeliveryFailed') return ['failed'];
    return step.type === 'DeliveryLeftUnknown' ? ['unknown'] : [];
  });
  const reported = since.flatMap((event): DeliveryStatus[] =>
    event.type === 'DeliveryReported' &&
    (event.data.messageId === messageId || channelIds.has(event.data.channelMessageId))
      ? [event.data.status]
      : [],
  );
  return furthestOf([...recorded, ...reported]);
}

export const resend =
  (deps: {
    readonly handler: CommandHandler;
    readonly store: Pick<EventStore, 'read'>;
    readonly clock: Clock;
    readonly ids: Ids;
  }) =>
  async (ctx: CommandContext, ticketId: string, messageId: string, { confirm_unknown }: ResendInput) => {
    const { handler, store, clock, ids } = deps;
    const eventContext = eventContextOf(ctx, clock);
    const found = requireResendAllowed(await handler.load(ticket, ticketId), ctx.caller);
    const { original, since } = await findSent(store, ticketId, messageId);
    const status = await statusOf(store, messageId, since);
    const { known } = await currentCustomer(handler, found.customerKey);
    const wanted = {
      original,
      status,
      confirmUnknown: confirm_unknown === true,
      optedOut: known.status === 'known' && known.optedOut,
      messageId: ids.next(),
    };
    const { events, position } = await handler.executeCommand(conversation, ticketId, eventContext, (state) =>
      decideResend(state, found, wanted, ctx.caller, eventContext.at),
    );
    // With a repeated key these are the events of the first run.
    const sent = events.find(({ type }) => type === 'AgentReplied' || type === 'TeamReplied')?.data;
    const newId = sent && 'messageId' in sent ? sent.messageId : undefined;
    return { message_id: newId ?? wanted.messageId, position };
  };
