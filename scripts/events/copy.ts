/**
 * Copies all events of one event store into another, in order (docs/deployment.md#moving-to-another-event-store). The
 * target is then the same store but for its id and its positions: ids, order, revisions, contents and hashes are kept.
 */
import { isDeepStrictEqual } from 'node:util';
import { eventsUpTo } from '../../src/adapters/hash-chain/events-up-to.ts';
import {
  type EventMetadata,
  type EventStore,
  MAX_APPEND_BYTES,
  type NewEvent,
  type Position,
  START,
  type StoredEvent,
} from '../../src/ports.ts';

/** Copying stops: what is in the target is not the beginning of the source, or an event cannot be copied as it is. */
export class CannotCopy extends Error {
  override readonly name = 'CannotCopy';
}

export interface Copied {
  /** Events that were in the target already, from a copy that was interrupted. */
  readonly found: number;
  readonly copied: number;
  /** Of all events that the target holds now. */
  readonly countsByType: ReadonlyMap<string, number>;
  /** Where each of `positions` is in the target: the position of the last event at or before it. */
  readonly positions: ReadonlyMap<Position, Position>;
}

export interface CopyOptions {
  readonly from: Pick<EventStore, 'subscribe' | 'head'>;
  readonly to: Pick<EventStore, 'subscribe' | 'head' | 'append'>;
  readonly signal: AbortSignal;
  /** Positions of the source that are asked for in the target, for example checkpoints. */
  readonly positions?: readonly Position[];
  readonly onProgress?: (events: number) => void;
}

/** Of one append; an append is one write of the log, so that larger ones cost no less per event. */
const MOST_EVENTS = 100;

/**
 * Every event up to `end`, one by one.
 * @throws EventsMissing the store counts more events than it hands out
 */
async function* eachUpTo(
  store: Pick<EventStore, 'subscribe' | 'head'>,
  end: Position,
  signal: AbortSignal,
): AsyncGenerator<StoredEvent, void> {
  for await (const events of eventsUpTo(store, { after: START, end, signal })) yield* events;
}

const named = ({ stream, revision, id, type }: StoredEvent): string =>
  `${stream}@${String(revision)} (${type}, event ${id})`;

/** @returns why they are not the same event; null: they are */
function difference(source: StoredEvent, target: StoredEvent): string | null {
  const same =
    source.id === target.id &&
    source.stream === target.stream &&
    source.revision === target.revision &&
    source.type === target.type;
  if (!same) return `the source has ${named(source)} where the target has ${named(target)}`;
  const equal =
    isDeepStrictEqual(source.data, target.data) && isDeepStrictEqual(source.metadata, target.metadata);
  return equal ? null : `${named(source)} has another content in the target`;
}

/** Malformed JSON comes as a string, binary data as bytes: neither can be written again as it was. */
function asNewEvent(event: StoredEvent): NewEvent {
  const { id, type, data, metadata } = event;
  const isObject = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
  if (!isObject(data) || !isObject(metadata))
    throw new CannotCopy(`${named(event)} is not written as JSON, so it cannot be copied as it is.`);
  return { id, type, data, metadata: metadata as EventMetadata };
}

const sizeOf = ({ data, metadata }: NewEvent): number =>
  Buffer.byteLength(JSON.stringify(data)) + Buffer.byteLength(JSON.stringify(metadata));

/** Writes one after the other, several events of one stream at once where they follow each other. */
class Writer {
  readonly #to: Pick<EventStore, 'append'>;
  #stream = '';
  #first = 0n;
  #events: NewEvent[] = [];
  #bytes = 0;
  readonly #revisions = new Map<string, bigint>();

  constructor(to: Pick<EventStore, 'append'>) {
    this.#to = to;
  }

  /** An event that is in the target already. */
  found({ stream, revision }: StoredEvent): void {
    this.#revisions.set(stream, revision);
  }

  /** @returns the position after a write; null: it waits to be written with what follows */
  async add(event: StoredEvent): Promise<Position | null> {
    const next = (this.#revisions.get(event.stream) ?? -1n) + 1n;
    if (event.revision !== next)
      throw new CannotCopy(
        `${named(event)} follows revision ${String(next - 1n)}: the source's stream has a gap. npm run audit:verify names it.`,
      );
    const fresh = asNewEvent(event);
    const bytes = sizeOf(fresh);
    const fits =
      event.stream === this.#stream &&
      this.#events.length < MOST_EVENTS &&
      this.#bytes + bytes <= MAX_APPEND_BYTES / 2;
    const written = fits ? null : await this.flush();
    if (this.#events.length === 0) [this.#stream, this.#first] = [event.stream, event.revision];
    this.#events.push(fresh);
    this.#bytes += bytes;
    this.#revisions.set(event.stream, event.revision);
    return written;
  }

  /** @returns the position of the last event written; null when there was none */
  async flush(): Promise<Position | null> {
    if (this.#events.length === 0) return null;
    const { position } = await this.#to.append(this.#stream, this.#events, {
      expected: this.#first === 0n ? 'none' : this.#first - 1n,
    });
    this.#events = [];
    this.#bytes = 0;
    return position;
  }
}

/**
 * Safe to run again after it was interrupted: it goes on after what is there.
 * @throws CannotCopy the target holds events that are not the source's, or an event cannot be copied
 * @throws StoreUnavailable a store is away; the signal's reason
 */
export async function copyEvents(options: CopyOptions): Promise<Copied> {
  const { from, to, signal, onProgress } = options;
  const end = await from.head();
  const target = eachUpTo(to, await to.head(), signal);
  const writer = new Writer(to);
  const countsByType = new Map<string, number>();
  const wanted = [...(options.positions ?? [])].sort();
  const positions = new Map<Position, Position>();
  let last: Position = START;
  /** What is asked for and lies before `next` is known now. */
  async function answer(next: Position | null): Promise<void> {
    for (let one = wanted[0]; one !== undefined && (next === null || one < next); one = wanted[0]) {
      last = (await writer.flush()) ?? last;
      positions.set(one, last);
      wanted.shift();
    }
  }
  let [found, copied] = [0, 0];
  let there = await target.next();
  for await (const event of eachUpTo(from, end, signal)) {
    countsByType.set(event.type, (countsByType.get(event.type) ?? 0) + 1);
    await answer(event.position);
    if (there.done === true) {
      last = (await writer.add(event)) ?? last;
      copied += 1;
    } else {
      const problem = difference(event, there.value);
      if (problem !== null) throw new CannotCopy(`The target is no copy of the source: ${problem}.`);
      last = there.value.position;
      writer.found(event);
      found += 1;
      there = await target.next();
    }
    onProgress?.(found + copied);
  }
  await writer.flush().then((position) => (last = position ?? last));
  await answer(null);
  if (there.done !== true)
    throw new CannotCopy(
      `The target holds more than the source: ${named(there.value)}. Events were written to it after a copy.`,
    );
  return { found, copied, countsByType, positions };
}

/**
 * Reads both stores from the beginning and compares event by event.
 * @returns how many are the same
 * @throws CannotCopy the first that differs, or what one of them has and the other has not
 */
export async function compareEvents({
  from,
  to,
  signal,
  onProgress,
}: Pick<CopyOptions, 'from' | 'signal' | 'onProgress'> & {
  readonly to: Pick<EventStore, 'subscribe' | 'head'>;
}): Promise<number> {
  const target = eachUpTo(to, await to.head(), signal);
  let same = 0;
  for await (const event of eachUpTo(from, await from.head(), signal)) {
    const there = await target.next();
    const problem =
      there.done === true ? `${named(event)} is missing in the target` : difference(event, there.value);
    if (problem !== null) throw new CannotCopy(`The copy differs: ${problem}.`);
    same += 1;
    onProgress?.(same);
  }
  const more = await target.next();
  if (more.done !== true) throw new CannotCopy(`The copy differs: the target has ${named(more.value)} more.`);
  return same;
}
