/**
 * What the commands of the demo's past append, in order, until it is written to the event store. Whole: it begins with the
 * first event of each stream, so that a command finds here everything that happened before it.
 */
import {
  type EventStore,
  type ExpectedRevision,
  type NewEvent,
  START,
  type StoredEvent,
  VersionConflict,
} from '../../../ports.ts';

export interface Entry {
  readonly stream: string;
  /** Of its first event. */
  readonly revision: number;
  readonly events: readonly NewEvent[];
  /** See `World.thread`. */
  readonly thread: string;
}

export interface Journal {
  readonly entries: readonly Entry[];
  /** For the command handler. */
  readonly store: Pick<EventStore, 'append' | 'read'>;
}

const MOST_READ = 1_000;

/** @param appended told of each event */
export function createJournal(thread: () => string, appended?: (event: StoredEvent) => void): Journal {
  const streams = new Map<string, StoredEvent[]>();
  const entries: Entry[] = [];
  let head = 0;
  const positionOf = (n: number): string => String(n).padStart(20, '0');

  const fits = (length: number, expected: ExpectedRevision): boolean =>
    expected === 'any' || (expected === 'none' ? length === 0 : expected === BigInt(length - 1));

  return {
    entries,
    store: {
      append: (stream, events, { expected }) => {
        const kept = streams.get(stream) ?? [];
        const end = BigInt(kept.length - 1);
        if (!fits(kept.length, expected)) return Promise.reject(new VersionConflict(stream, expected, end));
        if (events.length === 0) return Promise.resolve({ revision: end, position: START });
        streams.set(stream, kept);
        entries.push({ stream, revision: kept.length, events, thread: thread() });
        for (const event of events) {
          head += 1;
          const position = positionOf(head);
          const stored = { ...event, stream, revision: BigInt(kept.length), position };
          kept.push(stored);
          appended?.(stored);
        }
        const revision = BigInt(kept.length - 1);
        return Promise.resolve({ revision, position: positionOf(head), written: true });
      },
      read: (stream, { from, direction = 'forwards', limit = MOST_READ } = {}) => {
        const kept = streams.get(stream) ?? [];
        if (direction === 'forwards') {
          const first = Number(from ?? 0n);
          return Promise.resolve(kept.slice(first, first + limit));
        }
        const last = from === undefined ? kept.length : Math.min(Number(from) + 1, kept.length);
        return Promise.resolve(kept.slice(Math.max(0, last - limit), last).toReversed());
      },
    },
  };
}
