/** What a seal says of the events between two positions: gathered the same way when it is made and when it is verified. */
import { createHash } from 'node:crypto';
import { storedHash } from '../hash-chain/link.ts';
import type { StoredEvent } from '../../ports.ts';
import type { ReadSeal, SealedEvent } from './seal-file.ts';

export interface Collected {
  add(event: StoredEvent, link: string): void;
  /** How many entries it has. */
  size(): number;
  /** Everything so far. Entries are sorted by stream, then by revision. */
  result(): Found;
}

export interface Found {
  readonly events: number;
  readonly digest: string;
  readonly entries: readonly SealedEvent[];
}

/** Whether the store has between two positions what was sealed there, event for event. */
export const agrees = (found: Found, { head, entries }: Pick<ReadSeal, 'head' | 'entries'>): boolean =>
  found.events === head.events &&
  found.digest === head.digest &&
  found.entries.length === entries.length &&
  found.entries.every((entry, index) => entry.every((part, at) => part === entries[index]?.[at]));

/**
 * Of each stream its last event; and every event without a hash, because no later link holds it.
 * Memory: about 300 bytes per entry.
 */
export function createCollected(): Collected {
  const heads = new Map<string, SealedEvent>();
  const unhashed: SealedEvent[] = [];
  const digest = createHash('sha256');
  let events = 0;
  return {
    add(event, link) {
      const entry = [event.stream, String(event.revision), link] as const;
      heads.set(event.stream, entry);
      if (storedHash(event) === undefined) unhashed.push(entry);
      digest.update(`${link}\n`);
      events += 1;
    },
    size: () => heads.size + unhashed.length,
    result: () => ({
      events,
      digest: digest.copy().digest('base64url'),
      entries: [...new Set([...heads.values(), ...unhashed])].sort(byStreamAndRevision),
    }),
  };
}

/** By code unit, so that no locale changes a seal. */
const byStreamAndRevision = ([a, n]: SealedEvent, [b, m]: SealedEvent): number =>
  a === b ? Number(BigInt(n) - BigInt(m)) : a < b ? -1 : 1;
