import { decode, type Recorded, UndecodableEvent } from '../../domain/codec.ts';
import type { StoredEvent } from '../../ports.ts';

/**
 * Undefined for an event that cannot be read: the views say so and stop, here it only means that nothing is done for it,
 * and nobody else's messages are kept back.
 * @param unreadable where a person has to know what was not done
 */
export function decodeOrSkip(
  stored: StoredEvent,
  unreadable?: (err: UndecodableEvent) => void,
): Recorded | undefined {
  try {
    return decode(stored);
  } catch (error) {
    if (!(error instanceof UndecodableEvent)) throw error;
    unreadable?.(error);
    return undefined;
  }
}
