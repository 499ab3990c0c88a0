import { decode, type Recorded, UndecodableEvent } from '../domain/codec.ts';
import type { StoredEvent } from '../ports.ts';

/** Undefined for an event that cannot be read: the views say so and stop, here it only means that nothing is done for it. */
export function understood(stored: StoredEvent): Recorded | undefined {
  try {
    return decode(stored);
  } catch (error) {
    if (error instanceof UndecodableEvent) return undefined;
    throw error;
  }
}
