import { decode, type Recorded, UndecodableEvent } from '../../domain/codec.ts';
import type { StoredEvent } from '../../ports.ts';

/**
 * Undefined for an event that cannot be read. A view parks its stream, because its tables would be wrong; a job only
 * does nothing for it, so that nobody else's messages wait.
 * @param skip see `SkippedEvents.skip`: a person has to know what was not done
 */
export function decodeOrSkip(
  stored: StoredEvent,
  skip: (err: UndecodableEvent) => void,
): Recorded | undefined {
  try {
    return decode(stored);
  } catch (error) {
    if (!(error instanceof UndecodableEvent)) throw error;
    skip(error);
    return undefined;
  }
}
