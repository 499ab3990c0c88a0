import { EventTooLarge, InvalidEvent, MAX_APPEND_BYTES, MAX_EVENT_BYTES } from '../ports.ts';
import type { ExpectedRevision, NewEvent } from '../ports.ts';

/** An event as JSON text, as both event stores write it. */
export interface EncodedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

export interface EncodedAppend {
  readonly events: readonly EncodedEvent[];
  /** UTF-8 bytes of all data and metadata. */
  readonly bytes: number;
}

const LAST_REVISION = 9_223_372_036_854_775_807n; // both stores count in signed 64 bits
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Checks what one append may hold, the same way for every store, before anything is sent: the EventStoreDB
 * client never settles its promise when JSON.stringify throws inside it
 * (docs/design/reliability.md#plain-appends-only).
 * @throws InvalidEvent no JSON; an id that is no lower-case UUID or comes twice; an empty or reserved stream
 *   name; a revision that no stream can have
 * @throws EventTooLarge over MAX_EVENT_BYTES or MAX_APPEND_BYTES
 */
export function encodeAppend(
  stream: string,
  events: readonly NewEvent[],
  expected: ExpectedRevision,
): EncodedAppend {
  checkName('stream', stream);
  if (typeof expected === 'bigint' && (expected < 0n || expected > LAST_REVISION)) {
    throw new InvalidEvent(`${stream}: ${String(expected)} is no revision`);
  }
  const ids = new Set<string>();
  let bytes = 0;
  const encoded = events.map((event) => {
    checkName('type', event.type);
    if (!UUID.test(event.id)) throw new InvalidEvent(`${event.type}: the event id is no UUID`);
    if (ids.has(event.id)) throw new InvalidEvent(`${event.type}: event id ${event.id} twice in one append`);
    ids.add(event.id);
    const data = jsonOf(event, event.data);
    const metadata = jsonOf(event, event.metadata);
    const size = Buffer.byteLength(data) + Buffer.byteLength(metadata);
    if (size > MAX_EVENT_BYTES) throw new EventTooLarge(`${event.type}: ${String(size)} bytes`);
    bytes += size;
    return { id: event.id, type: event.type, data, metadata };
  });
  if (bytes > MAX_APPEND_BYTES) throw new EventTooLarge(`append of ${String(bytes)} bytes to ${stream}`);
  return { events: encoded, bytes };
}

function checkName(what: string, name: string): void {
  // `$` begins the names that EventStoreDB keeps for itself; Postgres text cannot hold a zero byte.
  if (name === '' || name.startsWith('$') || name.includes('\0') || /\p{Surrogate}/u.test(name)) {
    throw new InvalidEvent(`not a ${what} name: ${JSON.stringify(name)}`);
  }
}

/** The text that both stores write. @throws InvalidEvent no JSON */
export function jsonOf(event: NewEvent, value: unknown): string {
  let text: string | undefined;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new InvalidEvent(`${event.type}: ${error instanceof Error ? error.message : 'no JSON'}`);
  }
  if (text === undefined) throw new InvalidEvent(`${event.type}: undefined is no JSON`);
  return text;
}
