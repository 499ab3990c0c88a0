/** Checks the chain of one stream, event by event. */
import type { StoredEvent } from '../../ports.ts';
import { linkOf, linkOfContent, NOTHING_BEFORE, storedHash } from './link.ts';

/** How far a stream is checked. */
export interface Place {
  readonly revision: bigint;
  /** The link that the next event is hashed with. */
  readonly link: string;
  /** Whether any event so far had a hash: from then on all must. */
  readonly hashed: boolean;
}

export const BEGINNING: Place = { revision: -1n, link: NOTHING_BEFORE, hashed: false };

/**
 * @param hashesBegan whether an earlier event of the store, in any stream, has a hash
 * @returns how far the stream is checked after `event`, and what is wrong with it; null when its link is valid
 */
export function follow(
  before: Place,
  event: StoredEvent,
  hashesBegan: boolean,
): { readonly place: Place; readonly problem: string | null } {
  const hash = storedHash(event);
  const place = {
    revision: event.revision,
    link: linkOf(event),
    hashed: before.hashed || hash !== undefined,
  };
  return { place, problem: problemOf(before, event, hash, hashesBegan) };
}

function problemOf(
  { revision, link, hashed }: Place,
  event: StoredEvent,
  hash: string | undefined,
  hashesBegan: boolean,
): string | null {
  const next = revision + 1n;
  if (event.revision > next) {
    const missing = event.revision - next;
    return missing === 1n
      ? `revision ${String(next)} before it is missing`
      : `revisions ${String(next)} to ${String(event.revision - 1n)} before it are missing`;
  }
  if (event.revision < next) return `comes after revision ${String(revision)}: out of order, or twice`;
  // Every event has metadata, also those from before there were hashes.
  if (typeof event.metadata !== 'object' || event.metadata === null) return 'its metadata cannot be read';
  if (hash === undefined) {
    return hashed || hashesBegan ? 'has no hash, although events before it have one' : null;
  }
  return linkOfContent(link, event) === hash
    ? null
    : 'does not match its hash: it, its place or the event before it was changed';
}
