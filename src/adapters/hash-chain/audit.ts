/** Checks every event of a store and reports which are not what was stored: `npm run audit:verify`. */
import { createHash, type Hash } from 'node:crypto';
import { type EventStore, type Position, START, type StoredEvent } from '../../ports.ts';
import { BEGINNING, follow, type Place } from './follow.ts';
import { NOTHING_BEFORE, storedHash } from './link.ts';
import { type Seal, sealedWith, type SealedStream } from './seal.ts';

/** One finding. Only the first of each stream: later ones are its consequence. */
export interface Broken {
  /** null: about the store, not about one stream. */
  readonly stream: string | null;
  readonly revision: string | null;
  readonly eventId: string | null;
  readonly problem: string;
}

export interface AuditReport {
  readonly storeId: string;
  readonly events: number;
  readonly streams: number;
  /** Events from before there were hashes: nothing shows whether they were changed, except a seal. */
  readonly unhashed: number;
  readonly broken: readonly Broken[];
  readonly seal: Seal;
}

interface Walked extends Place {
  /** Digest over all links of the stream so far. */
  readonly sealed: string;
  readonly broken: boolean;
}

export interface AuditOptions {
  readonly signal: AbortSignal;
  /** Called after each batch with the number of events checked. */
  readonly onProgress?: (events: number) => void;
  /** A seal that an auditor kept: the streams must still begin as they were then. */
  readonly against?: Seal;
  /** A store that returns nothing for so long has no more events. Default 20,000 ms. */
  readonly silenceMs?: number;
  /** For a store whose positions are 1, 2, 3 ...: the number of a position. Then a hole is a removed event. */
  readonly numberOf?: (position: Position) => bigint;
}

/**
 * Checks everything that was in the store when it began. Memory: about 300 bytes per stream.
 * @throws StoreUnavailable; the signal's reason
 */
export async function audit(
  store: Pick<EventStore, 'subscribe' | 'head' | 'storeId'>,
  options: AuditOptions,
): Promise<AuditReport> {
  const storeId = await store.storeId();
  const end = await store.head();
  const walk = createWalk(options);
  if (end !== START) await walkTo(store, end, walk, options);
  options.signal.throwIfAborted();
  return walk.finish(storeId);
}

/** A store whose last events were removed says that there are more, and never returns them. */
async function walkTo(
  store: Pick<EventStore, 'subscribe' | 'head'>,
  end: Position,
  walk: ReturnType<typeof createWalk>,
  { signal, onProgress, silenceMs = SILENCE_MS }: AuditOptions,
): Promise<void> {
  const silence = new AbortController();
  const timer = setTimeout(() => {
    silence.abort();
  }, silenceMs);
  const either = AbortSignal.any([signal, silence.signal]);
  try {
    for await (const { events, checkpoint } of store.subscribe({ after: START, signal: either })) {
      timer.refresh();
      for (const event of events) if (event.position <= end) walk.look(event);
      onProgress?.(walk.count());
      if (checkpoint >= end) return;
    }
  } finally {
    clearTimeout(timer);
  }
  if (!silence.signal.aborted) return;
  // Only a store that answers can be reported; one that does not is unavailable.
  await store.head();
  walk.ofTheStore(`counts more events than it hands out: those after position ${walk.last()} were removed`);
}

const PAGE = 1_000;
const SILENCE_MS = 20_000;

/** Checks one stream: cheap, but events removed from its end are not noticed. @throws StoreUnavailable */
export async function auditStream(
  store: Pick<EventStore, 'read' | 'storeId'>,
  stream: string,
): Promise<AuditReport> {
  const walk = createWalk({});
  let from = 0n;
  for (;;) {
    const page = await store.read(stream, { from, limit: PAGE });
    page.forEach(walk.look);
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE) return walk.finish(await store.storeId());
    from = last.revision + 1n;
  }
}

function createWalk({ against, numberOf }: Pick<AuditOptions, 'against' | 'numberOf'>) {
  const streams = new Map<string, Walked>();
  const broken: Broken[] = [];
  const order = createHash('sha256');
  let events = 0;
  let unhashed = 0;
  let last: Position = START;
  let hashesBegan = false;

  const ofTheStore = (problem: string): void => {
    broken.push({ stream: null, revision: null, eventId: null, problem });
  };

  function look(event: StoredEvent): void {
    // A subscription may deliver an event twice.
    if (last !== START && event.position <= last) return;
    const before = streams.get(event.stream);
    const { place, problem } = follow(before ?? BEGINNING, event, hashesBegan);
    if (storedHash(event) === undefined) unhashed += 1;
    else hashesBegan = true;
    const sealed = sealedWith(before?.sealed ?? NOTHING_BEFORE, place.link);
    const found = before?.broken
      ? null
      : (problem ?? unlikeSeal(against?.streams.get(event.stream), event, sealed));
    if (found !== null) {
      const { stream, revision, id: eventId } = event;
      broken.push({ stream, revision: String(revision), eventId, problem: found });
    }
    streams.set(event.stream, { ...place, sealed, broken: (before?.broken ?? false) || found !== null });
    order.update(`${place.link}\n`);
    events += 1;
    if (against?.events === events && digestOf(order) !== against.digest && broken.length === 0) {
      ofTheStore('the events up to the seal are not, or not in the order, that was sealed');
    }
    lookAtNumber(event.position);
  }

  function lookAtNumber(position: Position): void {
    const [number, expected] = [numberOf?.(position), (numberOf?.(last) ?? 0n) + 1n];
    if (number !== undefined && number !== expected) {
      ofTheStore(`no event at position ${String(expected)}, before ${String(number)}: removed`);
    }
    last = position;
  }

  function finish(storeId: string): AuditReport {
    if (against) lookForCut(against, storeId);
    const heads = new Map([...streams].map(([name, { revision, sealed }]) => [name, { revision, sealed }]));
    const seal: Seal = { storeId, events, position: last, digest: digestOf(order), streams: heads };
    return { storeId, events, streams: streams.size, unhashed, broken, seal };
  }

  function lookForCut(seal: Seal, storeId: string): void {
    if (seal.storeId !== storeId) ofTheStore(`the seal is of another store, ${seal.storeId}`);
    for (const [stream, { revision }] of seal.streams) {
      const now = streams.get(stream);
      if (now?.broken || (now && now.revision >= revision)) continue;
      const left =
        now === undefined ? 'nothing of it is left' : `it ends at revision ${String(now.revision)}`;
      const problem = `cut off: was sealed up to revision ${String(revision)}, ${left}`;
      broken.push({ stream, revision: String(revision), eventId: null, problem });
    }
  }

  return { look, finish, ofTheStore, count: () => events, last: () => last };
}

/** A rewritten history has valid hashes, but not the sealed ones. */
function unlikeSeal(
  seal: SealedStream | undefined,
  { revision }: StoredEvent,
  sealed: string,
): string | null {
  if (seal?.revision !== revision || seal.sealed === sealed) return null;
  return 'its hashes hold, but are not those that were sealed: the stream was rewritten up to here';
}

const digestOf = (running: Hash): string => running.copy().digest('base64url');
