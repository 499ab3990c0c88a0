/** What the channel sender knows of a message, as events: tried, taken, refused, or nobody can tell. */
import { type Delivery, delivery, type DeliveryEvent } from '../../domain/outbound/delivery.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { Clock, SendOutcome } from '../../ports.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';

export interface AboutMessage {
  readonly ticketId: string;
  readonly division: Division;
  readonly messageId: string;
}

export type DeliveryOutcome =
  | Extract<SendOutcome, { kind: 'accepted' | 'unknown' }>
  | { readonly kind: 'deferred'; readonly code: string; readonly retryAt: string }
  | { readonly kind: 'failed'; readonly code: string; readonly reason: string | null };

/** May it be tried now? Not while an attempt is open, and never after its outcome is known or lost. */
export function decideDeliveryAttempt(
  state: Delivery,
  about: AboutMessage,
  attemptId: string,
): DeliveryEvent[] {
  if (state.status !== 'untried' && state.status !== 'deferred') return [];
  return [{ type: 'DeliveryAttempted', data: { ...about, attemptId, attempt: state.attempts + 1 } }];
}

/**
 * What became of the open attempt. After somebody gave it up as unknown (the lease went to another process while
 * the request was under way), what we know for sure still counts, but it is not tried again.
 */
export function decideDeliveryOutcome(
  state: Delivery,
  about: AboutMessage,
  outcome: DeliveryOutcome,
): DeliveryEvent[] {
  const leftUnknown = state.status === 'unknown';
  const untried = state.status === 'untried' || state.status === 'deferred';
  // The store was restored: whether the life that was lost tried it, nobody knows.
  if (untried && outcome.kind === 'unknown' && outcome.reason === 'restored')
    return [{ type: 'DeliveryLeftUnknown', data: { ...about, reason: outcome.reason } }];
  if (state.status !== 'attempted' && !leftUnknown) return [];
  switch (outcome.kind) {
    case 'accepted':
      return [{ type: 'DeliveryAccepted', data: { ...about, channelMessageId: outcome.channelMessageId } }];
    case 'failed':
      return [{ type: 'DeliveryFailed', data: { ...about, code: outcome.code, reason: outcome.reason } }];
    case 'deferred':
      return leftUnknown
        ? [{ type: 'DeliveryFailed', data: { ...about, code: outcome.code, reason: null } }]
        : [
            {
              type: 'DeliveryDeferred',
              data: { ...about, code: outcome.code, retryAt: outcome.retryAt },
            },
          ];
    case 'unknown':
      return leftUnknown ? [] : [{ type: 'DeliveryLeftUnknown', data: { ...about, reason: outcome.reason } }];
  }
}

/** Without another try: it waited too long, or there is nobody to send it to. */
export function decideDeliveryGiveUp(state: Delivery, about: AboutMessage, code: string): DeliveryEvent[] {
  if (state.status !== 'untried' && state.status !== 'deferred') return [];
  return [{ type: 'DeliveryFailed', data: { ...about, code, reason: null } }];
}

/** The event that made the message: what follows from it is filed under the same request. */
export interface Cause {
  readonly id: string;
  readonly metadata: { readonly correlationId: string; readonly requestId: string };
}

export interface RecordDelivery {
  /** @returns true when this attempt may go to the channel, else where the message stands. @throws StoreUnavailable */
  attempt(about: AboutMessage, cause: Cause, attemptId: string): Promise<true | Delivery>;
  /** @returns where the message stands then. @throws StoreUnavailable */
  outcome(about: AboutMessage, cause: Cause, outcome: DeliveryOutcome): Promise<Delivery>;
  /** @throws StoreUnavailable */
  giveUp(about: AboutMessage, cause: Cause, code: string): Promise<void>;
}

export function recordDelivery({
  handler,
  clock,
}: {
  handler: CommandHandler;
  clock: Clock;
}): RecordDelivery {
  const eventContext = (cause: Cause): EventContext => ({
    actor: { kind: 'system', process: 'sender' },
    correlationId: cause.metadata.correlationId,
    causationId: cause.id,
    requestId: cause.metadata.requestId,
    at: clock.now().toISOString(),
  });
  const record = (about: AboutMessage, cause: Cause, decide: (state: Delivery) => DeliveryEvent[]) =>
    handler.executeCommand(delivery, about.messageId, eventContext(cause), decide);
  return {
    attempt: async (about, cause, attemptId) => {
      const { state } = await record(about, cause, (was) => decideDeliveryAttempt(was, about, attemptId));
      // Also when an earlier append of this attempt did succeed although the store could not say so.
      return state.status === 'attempted' && state.attemptId === attemptId ? true : state;
    },
    outcome: async (about, cause, outcome) =>
      (await record(about, cause, (was) => decideDeliveryOutcome(was, about, outcome))).state,
    giveUp: async (about, cause, code) => {
      await record(about, cause, (was) => decideDeliveryGiveUp(was, about, code));
    },
  };
}
