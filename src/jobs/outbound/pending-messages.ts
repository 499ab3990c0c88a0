/** Messages that were said and have no outcome yet, as the events show. In memory; built from the checkpoint at every start. */
import type { Recorded } from '../../domain/codec.ts';
import type { Position } from '../../ports.ts';
import { isPostedEvent, type PostedEvent } from './outbound.ts';

export interface PendingMessage {
  readonly event: PostedEvent;
  /** An attempt from before this start is open: it may have been sent. */
  interrupted: boolean;
  /** Said before the store was restored: it may have been sent, with a record that the backup does not have. */
  readonly lost: boolean;
  attempts: number;
  /** Milliseconds since the epoch; 0: at once. */
  retryAt: number;
  /** A position before it, after which everything about it can be read again. */
  readonly before: Position;
}

export interface PendingMessages {
  /**
   * @param before a position before the event
   * @returns the message, when this event is one that is new
   */
  see(event: Recorded, before: Position): PendingMessage | undefined;
  /** From here on only outcomes count: attempts are this process' own, and it knows more of them than the events. */
  goLive(): void;
  settle(messageId: string): void;
  /** Oldest first. */
  all(): readonly PendingMessage[];
  readonly size: number;
  /** `before` of the oldest one; undefined: there is none. */
  oldest(): Position | undefined;
}

/** @param settledTo see `JobCheckpoints.read` */
export function createPendingMessages(settledTo: Position | null): PendingMessages {
  /** In commit order. */
  const pending = new Map<string, PendingMessage>();
  let live = false;

  function see(event: Recorded, before: Position): PendingMessage | undefined {
    if (isPostedEvent(event)) {
      const { messageId } = event.data;
      if (pending.has(messageId)) return undefined;
      const lost = settledTo !== null && event.position <= settledTo;
      const fresh = { event, interrupted: false, lost, attempts: 0, retryAt: 0, before };
      pending.set(messageId, fresh);
      return fresh;
    }
    switch (event.type) {
      case 'DeliveryAttempted': {
        const known = live ? undefined : pending.get(event.data.messageId);
        if (known) Object.assign(known, { interrupted: true, attempts: event.data.attempt });
        break;
      }
      case 'DeliveryDeferred': {
        const known = live ? undefined : pending.get(event.data.messageId);
        if (known) Object.assign(known, { interrupted: false, retryAt: Date.parse(event.data.retryAt) });
        break;
      }
      case 'DeliveryAccepted':
      case 'DeliveryFailed':
      case 'DeliveryLeftUnknown':
        pending.delete(event.data.messageId);
        break;
      default:
    }
    return undefined;
  }

  return {
    see,
    goLive: () => {
      live = true;
    },
    settle: (messageId) => {
      pending.delete(messageId);
    },
    all: () => [...pending.values()],
    get size() {
      return pending.size;
    },
    oldest: () => pending.values().next().value?.before,
  };
}
