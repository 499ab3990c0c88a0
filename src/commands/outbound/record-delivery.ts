/** How a message goes to its channel, as events: attempted, accepted, deferred, failed, or unknown. */
import { type Delivery, delivery, type DeliveryEvent } from '../../domain/outbound/delivery.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { Clock, SendOutcome } from '../../ports.ts';
import { optOut } from '../customers/opt-out.ts';
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

/** Not while an attempt is open, and never after its outcome is known or lost. */
export function decideDeliveryAttempt(
  state: Delivery,
  about: AboutMessage,
  attemptId: string,
  line: string,
): DeliveryEvent[] {
  if (state.status !== 'untried' && state.status !== 'deferred') return [];
  return [{ type: 'DeliveryAttempted', data: { ...about, attemptId, attempt: state.attempts + 1, line } }];
}

/**
 * The outcome of the open attempt. When it was left unknown before (the lease moved to another process during the
 * request), a sure outcome still counts, but there is no further attempt.
 */
export function decideDeliveryOutcome(
  state: Delivery,
  about: AboutMessage,
  outcome: DeliveryOutcome,
): DeliveryEvent[] {
  const leftUnknown = state.status === 'unknown';
  const untried = state.status === 'untried' || state.status === 'deferred';
  // The store was restored from a backup: an attempt after the backup is not in it.
  if (untried && outcome.kind === 'unknown' && outcome.reason === 'restored')
    return [{ type: 'DeliveryLeftUnknown', data: { ...about, reason: outcome.reason } }];
  if (state.status !== 'attempted' && !leftUnknown) return [];
  switch (outcome.kind) {
    case 'accepted': {
      const { channelMessageId, channelRef } = outcome;
      const data = { ...about, channelMessageId, ...(channelRef !== undefined && { channelRef }) };
      return [{ type: 'DeliveryAccepted', data }];
    }
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

/** Without another attempt: it waited too long, or there is no recipient. */
export function decideDeliveryGiveUp(state: Delivery, about: AboutMessage, code: string): DeliveryEvent[] {
  if (state.status !== 'untried' && state.status !== 'deferred') return [];
  return [{ type: 'DeliveryFailed', data: { ...about, code, reason: null } }];
}

/** The event that made the message: what follows carries the same request id. */
export interface Cause {
  readonly id: string;
  readonly metadata: { readonly correlationId: string; readonly requestId: string };
}

export interface RecordDelivery {
  /** @param line that it goes out on. @returns true when this attempt may go to the channel, else the state of the message. @throws StoreUnavailable */
  attempt(about: AboutMessage, cause: Cause, attemptId: string, line: string): Promise<true | Delivery>;
  /** @returns the state of the message after it. @throws StoreUnavailable */
  outcome(about: AboutMessage, cause: Cause, outcome: DeliveryOutcome): Promise<Delivery>;
  /** @throws StoreUnavailable */
  giveUp(about: AboutMessage, cause: Cause, code: string): Promise<void>;
  /** The channel said that this customer wants no more: it holds here, too. @throws StoreUnavailable */
  optOut(customerKey: string, cause: Cause): Promise<void>;
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
    attempt: async (about, cause, attemptId, line) => {
      const { state } = await record(about, cause, (was) =>
        decideDeliveryAttempt(was, about, attemptId, line),
      );
      // Also when an earlier append of this attempt succeeded and its answer was lost.
      return state.status === 'attempted' && state.attemptId === attemptId ? true : state;
    },
    outcome: async (about, cause, outcome) =>
      (await record(about, cause, (was) => decideDeliveryOutcome(was, about, outcome))).state,
    giveUp: async (about, cause, code) => {
      await record(about, cause, (was) => decideDeliveryGiveUp(was, about, code));
    },
    optOut: (customerKey, cause) => optOut(handler, customerKey, eventContext(cause), 'channel'),
  };
}
