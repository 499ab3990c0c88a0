/**
 * Writes the demo's past into the event store, through its own append: many streams at once, and what belongs to one
 * customer in its order. Written again after a crash it repeats the same appends, which the store takes once
 * (docs/design/reliability.md#idempotent-appends).
 */
import type { EventStore, NewEvent } from '../../../ports.ts';
import type { Entry } from './journal.ts';

interface Append {
  readonly stream: string;
  readonly revision: number;
  readonly events: NewEvent[];
}

/** Events that are put in order together: a day or two of the past. */
const WINDOW = 1_500;
/** Bytes of one append are limited; a message is small. */
const MOST_EVENTS = 100;

/**
 * Rounds of appends: within a round each is of another thread, so that their order does not matter. What follows in a
 * thread on the same stream goes in one append.
 */
function roundsOf(entries: readonly Entry[]): Append[][] {
  const rounds: Append[][] = [];
  const last = new Map<string, { readonly append: Append; readonly round: number }>();
  for (const { stream, revision, events, thread } of entries) {
    const before = last.get(thread);
    if (before?.append.stream === stream && before.append.events.length < MOST_EVENTS) {
      before.append.events.push(...events);
      continue;
    }
    const round = (before?.round ?? -1) + 1;
    const append = { stream, revision, events: [...events] };
    (rounds[round] ??= []).push(append);
    last.set(thread, { append, round });
  }
  return rounds;
}

/** One window after the other: `BARRIER` entries alone, in their order, and so what was done when the world stood still. */
function* windowsOf(entries: readonly Entry[]): Generator<readonly Entry[]> {
  let window: Entry[] = [];
  let before: string | null = null;
  for (const entry of entries) {
    const alone = entry.thread === BARRIER || entry.thread === '' ? entry.thread : null;
    if (window.length >= WINDOW || alone !== before) {
      if (window.length > 0) yield window;
      window = [];
      before = alone;
    }
    window.push(entry);
  }
  if (window.length > 0) yield window;
}

/** The thread of what concerns many: it is written alone, after all that came before. */
export const BARRIER = '*';

/**
 * @param written told after each round how many events there are of how many
 * @throws VersionConflict the store holds another past; StoreUnavailable
 */
export async function writeJournal(
  store: Pick<EventStore, 'append'>,
  entries: readonly Entry[],
  written: (done: number, of: number) => void,
): Promise<number> {
  const total = entries.reduce((sum, { events }) => sum + events.length, 0);
  let done = 0;
  for (const window of windowsOf(entries)) {
    for (const round of roundsOf(window)) {
      await Promise.all(
        round.map(({ stream, revision, events }) =>
          store.append(stream, events, { expected: revision === 0 ? 'none' : BigInt(revision - 1) }),
        ),
      );
      done += round.reduce((sum, { events }) => sum + events.length, 0);
      written(done, total);
    }
  }
  return total;
}
