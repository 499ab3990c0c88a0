import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';

export interface LoggedEvent {
  readonly id: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly position: bigint;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export interface Proposed {
  readonly id: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
}

export type Expected = 'any' | 'none' | 'exists' | bigint;
export type Appended =
  | { readonly ok: true; readonly revision: bigint; readonly position: bigint }
  | { readonly ok: false; readonly actual: bigint };

/**
 * The log of the test server: what docs/design/reliability.md#expected-revision and
 * docs/design/reliability.md#idempotent-appends read in the server's source, as far as our adapter can notice. It
 * outlives `kill` of its server.
 */
export interface Log {
  readonly events: readonly LoggedEvent[];
  append(stream: string, expected: Expected, proposed: readonly Proposed[]): Appended;
  stream(name: string): readonly LoggedEvent[];
  onAppend(listener: () => void): () => void;
  /** As after a restore from a backup: only the first so many events are there, and new ones get the places that were. */
  cutTo(count: number): void;
  /** What it holds now: a backup. */
  copy(): LogCopy;
  /** From here on it holds this; an empty copy is a new server. */
  become(copy: LogCopy): void;
}

export interface LogCopy {
  readonly events: readonly LoggedEvent[];
  readonly next: bigint;
}

/** Where the log of a server begins: a real position is a byte offset, far apart, and not starting at 0. */
const FIRST = 1_000n;
export const EMPTY_LOG: LogCopy = { events: [], next: FIRST };

export function createLog(): Log {
  const events: LoggedEvent[] = [];
  const streams = new Map<string, LoggedEvent[]>();
  const changes = new EventEmitter().setMaxListeners(0);
  let next = FIRST;

  function append(stream: string, expected: Expected, proposed: readonly Proposed[]): Appended {
    const there = streams.get(stream) ?? [];
    const current = BigInt(there.length) - 1n;
    const wanted = expected === 'none' ? -1n : expected;
    if (typeof wanted === 'bigint' && wanted < current && proposed.length > 0) {
      const before = there.slice(Number(wanted) + 1, Number(wanted) + 1 + proposed.length);
      const last = before.at(-1);
      const same =
        before.length === proposed.length && before.every((event, i) => event.id === proposed[i]?.id);
      if (same && last) return { ok: true, revision: last.revision, position: last.position };
    }
    if (wanted === 'any' || wanted === 'exists') {
      const known = there.find((event) => event.id === proposed.at(-1)?.id);
      if (known) return { ok: true, revision: known.revision, position: known.position };
    }
    const holds = wanted === 'any' || (wanted === 'exists' ? current >= 0n : wanted === current);
    if (!holds) return { ok: false, actual: current };
    for (const event of proposed) {
      const logged = { ...event, stream, revision: BigInt(there.length), position: next };
      next += 137n;
      there.push(logged);
      events.push(logged);
    }
    streams.set(stream, there);
    changes.emit('append');
    return { ok: true, revision: BigInt(there.length) - 1n, position: events.at(-1)?.position ?? 0n };
  }

  function cutTo(count: number): void {
    next = events[count]?.position ?? next;
    for (const { stream } of events.splice(count)) streams.get(stream)?.pop();
  }

  function become(copy: LogCopy): void {
    events.splice(0, events.length, ...copy.events);
    streams.clear();
    for (const event of copy.events) streams.set(event.stream, [...(streams.get(event.stream) ?? []), event]);
    ({ next } = copy);
  }

  return {
    events,
    append,
    cutTo,
    copy: () => ({ events: [...events], next }),
    become,
    stream: (name) => streams.get(name) ?? [],
    onAppend: (listener) => {
      changes.on('append', listener);
      return () => changes.off('append', listener);
    },
  };
}

/** For events that no client of ours would write: system events, bytes that are no JSON. */
export function rawEvent(type: string, data: string | Uint8Array): Proposed {
  return {
    id: randomUUID(),
    type,
    contentType: 'application/json',
    data: Buffer.from(data),
    metadata: Buffer.from('{}'),
  };
}
