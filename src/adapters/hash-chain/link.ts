/**
 * The link of an event: what is hashed, and in which spelling. Stored for ever: an auditor's program in another
 * language must come to the same digest (docs/audit.md).
 */
import { hash } from 'node:crypto';
import type { StoredEvent } from '../../ports.ts';

/** What stands before the first event of a stream. */
export const NOTHING_BEFORE = '';

/** Names the spelling below, so that a later one can stand beside it. */
const SPELLING = 'saga-chain-1';

type Named = Pick<StoredEvent, 'stream' | 'revision' | 'id' | 'type'>;

/**
 * SHA-256, base64url, over the link before and everything that a reader is given of the event, except its
 * position, which the store chooses after this.
 *
 * One line per part. No part can hold a line break (JSON text escapes them), so no two events spell the same.
 *
 * @param before link of the stream's event before it; NOTHING_BEFORE for the first
 * @param data, metadata JSON text as `JSON.stringify` writes it. It is the canonical form: both stores keep the
 *   order of members, and `JSON.stringify(JSON.parse(text)) === text` for any text that JSON.stringify wrote.
 *   `undefined`, `toJSON` and -0 are gone after the first writing; integer-like names stand first in every
 *   object, before as after; numbers have one shortest form; lone surrogates are escapes, and stay so.
 */
export function linkOver(
  before: string,
  { stream, revision, id, type }: Named,
  data: string,
  metadata: string,
): string {
  const text = `${SPELLING}\n${before}\n${JSON.stringify(stream)}\n${String(revision)}\n${id}\n${JSON.stringify(type)}\n${data}\n${metadata}`;
  return hash('sha256', text, 'base64url');
}

/** @returns the hash that stands beside a stored event; undefined for events from before there were any */
export function storedHash({ metadata }: Pick<StoredEvent, 'metadata'>): string | undefined {
  if (typeof metadata !== 'object' || metadata === null || !('hash' in metadata)) return undefined;
  return typeof metadata.hash === 'string' ? metadata.hash : undefined;
}

/** The link of a stored event, from what the store gives back now. */
export function linkOfContent(before: string, event: StoredEvent): string {
  return linkOver(
    before,
    event,
    String(JSON.stringify(event.data)),
    String(JSON.stringify(bare(event.metadata))),
  );
}

/**
 * What the event after this one is hashed with. An event from before there were hashes stands for itself, so that
 * at least the last of them is held by the first hashed one.
 */
export function linkOf(event: StoredEvent): string {
  return storedHash(event) ?? linkOfContent(NOTHING_BEFORE, event);
}

/** The metadata that is hashed: all but the hash. */
export function bare(metadata: unknown): unknown {
  if (typeof metadata !== 'object' || metadata === null || !('hash' in metadata)) return metadata;
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => name !== 'hash'));
}
