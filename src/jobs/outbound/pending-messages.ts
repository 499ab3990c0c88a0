/** What was said and has no outcome yet, as the events tell it. In memory; made anew from the checkpoint at every start. */
import type { Recorded } from '../../domain/codec.ts';
import type { Position } from '../../ports.ts';
import { isPostedEvent, type PostedEvent } from './outbound.ts';

export interface PendingMessage {
  readonly event: PostedEvent;
  /** An attempt of another life of the sender is open: it may have been sent. */
  interrupted: boolean;
  /** Said before the store was restored: the life that was lost may have sent it. */
  readonly lost: boolean;
  attempts: number;
  /** Milliseconds since the epoch; 0: at once. */
  retryAt: number;
  /** A place before it in the store from where everything about it can be read again. */
  readonly before: Position;
}

export interface PendingMessages {
  /** @returns the message, when this event was one that is new */
  see(event: Recorded): PendingMessage | undefined;
  /** From here on only outcomes matter: what is tried now is tried by us, who know more than the events. */
  goLive(): void;
  /** Everything up to here was seen. */
  seenTo(position: Position): void;
  settle(messageId: string): void;
  /** Oldest first. */
  all(): readonly PendingMessage[];
  readonly size: number;
  /** Nothing at or before it needs to be read again. */
  checkpoint(): Position;
  /** How far the events were looked at. */
  seen(): Position;
}

/** @param settledTo see `JobCheckpoints.read` */
export function createPendingMessages(start: Position, settledTo: Position | null = null): PendingMessages {
  /** In commit order. */
  const pending = new Map<string, PendingMessage>();
  let seen = start;
  let live = false;

  function see(event: Recorded): PendingMessage | undefined {
    const before = seen;
    seen = event.position;
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
    seenTo: (position) => {
      if (position > seen) seen = position;
    },
    settle: (messageId) => {
      pending.delete(messageId);
    },
    all: () => [...pending.values()],
    get size() {
      return pending.size;
    },
    seen: () => seen,
    checkpoint: () => {
      const oldest = pending.values().next();
      return oldest.done === true ? seen : oldest.value.before;
    },
  };
}
