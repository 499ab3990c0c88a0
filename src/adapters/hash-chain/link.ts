/**
 * The link of an event: what is hashed, and in which format. The format is stored for ever: a program in another
 * language must compute the same digest (docs/audit.md).
 */
import { hash } from 'node:crypto';
import type { StoredEvent } from '../../ports.ts';

/** The link before the first event of a stream. */
export const NOTHING_BEFORE = '';

/** Name of the format, so that there can be a later one. */
const FORMAT = 'saga-chain-1';

type Named = Pick<StoredEvent, 'stream' | 'revision' | 'id' | 'type'>;

/**
 * SHA-256, base64url, over the link before and everything that a reader gets of the event, except its
 * position, which the store chooses after this.
 *
 * One line per part. No part can hold a line break (JSON text escapes them), so no two events give the same text.
 *
 * @param before link of the stream's event before it; NOTHING_BEFORE for the first
 * @param data, metadata JSON text as `JSON.stringify` writes it. It is the canonical form: both stores keep the
 *   order of members, and `JSON.stringify(JSON.parse(text)) === text` for any text that JSON.stringify wrote.
 *   `undefined`, `toJSON` and -0 are gone after the first writing; integer-like names are first in every
 *   object, before and after; numbers have one shortest form; lone surrogates are escapes, and stay so.
 */
export function linkOver(
  before: string,
  { stream, revision, id, type }: Named,
  data: string,
  metadata: string,
): string {
  const text = `${FORMAT}\n${before}\n${JSON.stringify(stream)}\n${String(revision)}\n${id}\n${JSON.stringify(type)}\n${data}\n${metadata}`;
  return hash('sha256', text, 'base64url');
}

/** @returns the hash that is stored with an event; undefined for events from before there were hashes */
export function storedHash({ metadata }: Pick<StoredEvent, 'metadata'>): string | undefined {
  if (typeof metadata !== 'object' || metadata === null || !('hash' in metadata)) return undefined;
  return typeof metadata.hash === 'string' ? metadata.hash : undefined;
}

/** As JSON. What has none (undefined) counts as that word: a link is over every event. */
function textOf(value: unknown): string {
  const json: string | undefined = JSON.stringify(value);
  return json ?? 'undefined';
}

/** The link of a stored event, computed from what the store returns now. */
export function linkOfContent(before: string, event: StoredEvent): string {
  return linkOver(before, event, textOf(event.data), textOf(bare(event.metadata)));
}

/**
 * The link that the next event is hashed with. An event without a hash is hashed here, so that the first event with
 * a hash protects at least the last event without one.
 */
export function linkOf(event: StoredEvent): string {
  return storedHash(event) ?? linkOfContent(NOTHING_BEFORE, event);
}

/** The metadata that is hashed: all but the hash. */
export function bare(metadata: unknown): unknown {
  if (typeof metadata !== 'object' || metadata === null || !('hash' in metadata)) return metadata;
  return Object.fromEntries(Object.entries(metadata).filter(([name]) => name !== 'hash'));
}
