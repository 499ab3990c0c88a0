/** How a blast goes to each recipient, as events; and its message on the ticket's conversation. */
import {
  blast,
  type Blast,
  type BlastEvent,
  type BlastForm,
  type BlastRecipient,
  isUnfinishedRecipient,
  maySend,
  type SKIPPED_BECAUSE,
} from '../../domain/blasts/blast.ts';
import { conversation, type ConversationEvent } from '../../domain/conversation/conversation.ts';
import { delivery, type Delivery } from '../../domain/outbound/delivery.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { Clock, Ids } from '../../ports.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';
import { optOut } from '../customers/opt-out.ts';

export interface AboutRecipient {
  readonly blastId: string;
  readonly ticketId: string;
  readonly division: Division;
}

export type RecipientOutcome =
  | { readonly kind: 'accepted'; readonly channelMessageId: string | null }
  | {
      readonly kind: 'deferred';
      readonly code: string;
      readonly retryAt: string;
      readonly needsTemplate: boolean;
    }
  | { readonly kind: 'failed'; readonly code: string }
  | { readonly kind: 'unknown'; readonly reason: string };

const recipientOf = (state: Blast, ticketId: string): BlastRecipient | undefined =>
  state.status === 'absent' ? undefined : state.recipients.get(ticketId);

/** Only while the blast may send, and only a recipient who is planned or deferred. */
export function decideRecipientAttempt(
  state: Blast,
  about: AboutRecipient,
  messageId: string,
  form: BlastForm,
  answersTo: string | null,
): BlastEvent[] {
  const was = recipientOf(state, about.ticketId);
  if (!maySend(state) || !was || (was.status !== 'planned' && was.status !== 'deferred')) return [];
  const attempt = was.status === 'deferred' ? was.attempts + 1 : 1;
  return [{ type: 'BlastRecipientAttempted', data: { ...about, messageId, form, attempt, answersTo } }];
}

/** The outcome of the open attempt, also after a pause or a cancellation. */
export function decideRecipientOutcome(
  state: Blast,
  about: AboutRecipient,
  outcome: RecipientOutcome,
): BlastEvent[] {
  const was = recipientOf(state, about.ticketId);
  if (was?.status !== 'attempted') return [];
  const { messageId } = was;
  switch (outcome.kind) {
    case 'accepted':
      return [
        {
          type: 'BlastRecipientAccepted',
          data: { ...about, messageId, channelMessageId: outcome.channelMessageId },
        },
      ];
    case 'deferred': {
      const { code, retryAt, needsTemplate } = outcome;
      return [
        { type: 'BlastRecipientDeferred', data: { ...about, messageId, code, retryAt, needsTemplate } },
      ];
    }
    case 'failed':
      return [{ type: 'BlastRecipientFailed', data: { ...about, messageId, code: outcome.code } }];
    case 'unknown':
      return [{ type: 'BlastRecipientUnknown', data: { ...about, messageId, reason: outcome.reason } }];
  }
}

/** Only while the blast may send, and only a recipient who is planned or deferred. */
export function decideRecipientSkip(
  state: Blast,
  about: AboutRecipient,
  reason: (typeof SKIPPED_BECAUSE)[number],
): BlastEvent[] {
  const was = recipientOf(state, about.ticketId);
  if (!maySend(state) || (was?.status !== 'planned' && was?.status !== 'deferred')) return [];
  return [{ type: 'BlastRecipientSkipped', data: { ...about, reason } }];
}

/** The program pauses it when no message would get through, and notifies its creator and the approvers. */
export function decideBlastStop(state: Blast, reason: string): BlastEvent[] {
  if (state.status !== 'approved' && state.status !== 'sending') return [];
  const { blastId, creatorId, approvers } = state.facts;
  return [
    {
      type: 'BlastPaused',
      data: { blastId, by: null, reason, recipients: [...new Set([creatorId, ...approvers])] },
    },
  ];
}

/** When every recipient has an outcome. */
export function decideBlastDone(state: Blast): BlastEvent[] {
  if (!maySend(state) || [...state.recipients.values()].some(isUnfinishedRecipient)) return [];
  return [{ type: 'BlastDone', data: { blastId: state.facts.blastId } }];
}

export type Posted = Extract<ConversationEvent, { type: 'BlastMessagePosted' }>;

export type RecordBlast = ReturnType<typeof recordBlast>;

/** Every function throws StoreUnavailable. */
export function recordBlast({ handler, clock, ids }: { handler: CommandHandler; clock: Clock; ids: Ids }) {
  const eventContext = (cause: string): EventContext => ({
    actor: { kind: 'system', process: 'blast' },
    correlationId: cause,
    causationId: cause,
    requestId: cause,
    at: clock.now().toISOString(),
  });
  const record = (blastId: string, decide: (state: Blast) => BlastEvent[]) =>
    handler.executeCommand(blast, blastId, eventContext(blastId), decide);
  return {
    load: (blastId: string): Promise<Blast> => handler.load(blast, blastId),
    /** One message per recipient and form, however often it is tried. */
    messageIdOf: ({ blastId, ticketId }: AboutRecipient, form: BlastForm): string =>
      ids.from('blast', blastId, ticketId, form),
    /** @returns whether this request may go to the channel */
    attempt: async (
      about: AboutRecipient,
      messageId: string,
      form: BlastForm,
      answersTo: string | null,
    ): Promise<boolean> => {
      const decided = await record(about.blastId, (state) =>
        decideRecipientAttempt(state, about, messageId, form, answersTo),
      );
      return decided.events.length > 0;
    },
    outcome: async (about: AboutRecipient, outcome: RecipientOutcome): Promise<void> => {
      await record(about.blastId, (state) => decideRecipientOutcome(state, about, outcome));
    },
    skip: async (about: AboutRecipient, reason: (typeof SKIPPED_BECAUSE)[number]): Promise<void> => {
      await record(about.blastId, (state) => decideRecipientSkip(state, about, reason));
    },
    stop: async (blastId: string, reason: string): Promise<void> => {
      await record(blastId, (state) => decideBlastStop(state, reason));
    },
    done: async (blastId: string): Promise<boolean> =>
      (await record(blastId, decideBlastDone)).events.length > 0,
    /** Puts the message on the ticket's conversation, once. */
    post: async (message: Posted['data']): Promise<void> => {
      await handler.executeCommand(
        conversation,
        message.ticketId,
        eventContext(message.blastId),
        (conversationState) =>
          conversationState.seen.includes(message.messageId)
            ? []
            : [{ type: 'BlastMessagePosted', data: message }],
      );
    },
    deliveryOf: (messageId: string): Promise<Delivery> => handler.load(delivery, messageId),
    optOut: async (customerKey: string, blastId: string): Promise<void> => {
      await optOut(handler, customerKey, eventContext(blastId), 'channel');
    },
  };
}
