/** Checks every event of a store and reports which are not what was stored: `npm run audit:verify`. */
import { createHash, type Hash } from 'node:crypto';
import pLimit from 'p-limit';
import {
  type EventStore,
  type Position,
  type ShortenedStream,
  START,
  type StoredEvent,
  StreamDeleted,
} from '../../ports.ts';
import { EventsMissing, eventsUpTo } from './events-up-to.ts';
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
  /** Sees each event with its link, in the order of the store. What it returns is waited for. */
  readonly watch?: (event: StoredEvent, link: string) => Promise<void> | undefined;
  /** For a store whose positions are 1, 2, 3 ...: the number of a position. Then a hole is a removed event. */
  readonly numberOf?: (position: Position) => bigint;
}

/**
 * Checks everything that was in the store when it began. Memory: about 300 bytes per stream.
 * @throws StoreUnavailable; the signal's reason
 */
export async function audit(
  store: Pick<EventStore, 'subscribe' | 'head' | 'storeId' | 'read' | 'deletions'>,
  options: AuditOptions,
): Promise<AuditReport> {
  const storeId = await store.storeId();
  const end = await store.head();
  const walk = createWalk(options);
  await walkTo(store, end, walk, options);
  options.signal.throwIfAborted();
  if (store.deletions) await lookAtStreams(store, await store.deletions(), walk, options.signal);
  return walk.finish(storeId);
}

async function walkTo(
  store: Pick<EventStore, 'subscribe' | 'head'>,
  end: Position,
  walk: ReturnType<typeof createWalk>,
  { signal, onProgress, silenceMs, watch }: AuditOptions,
): Promise<void> {
  try {
    for await (const events of eventsUpTo(store, { after: START, end, signal, silenceMs })) {
      for (const event of events) {
        const link = walk.look(event);
        const waiting = watch?.(event, link);
        if (waiting) await waiting;
      }
      onProgress?.(walk.count());
    }
  } catch (error) {
    if (!(error instanceof EventsMissing)) throw error;
    walk.ofTheStore(`counts more events than it hands out: those after position ${error.last} were removed`);
  }
}

const STREAMS_AT_ONCE = 16;

/**
 * The log keeps what the streams themselves no longer hand out, so each stream is asked as well: its first and its last
 * event must be those that the log has.
 */
async function lookAtStreams(
  store: Pick<EventStore, 'read'>,
  deletions: readonly ShortenedStream[],
  walk: ReturnType<typeof createWalk>,
  signal: AbortSignal,
): Promise<void> {
  for (const { stream, because } of deletions) walk.ofTheStream(stream, because);
  const limit = pLimit(STREAMS_AT_ONCE);
  await Promise.all(
    walk.sound().map(({ stream, revision }) =>
      limit(async () => {
        signal.throwIfAborted();
        const problem = await unlikeLog(store, stream, revision);
        if (problem !== null) walk.ofTheStream(stream, problem);
      }),
    ),
  );
}

/** @param revision of its last event in the log, when that was walked through */
async function unlikeLog(
  store: Pick<EventStore, 'read'>,
  stream: string,
  revision: bigint,
): Promise<string | null> {
  try {
    const [first] = await store.read(stream, { limit: 1 });
    if (!first) return `its own read is empty, and the log has it up to revision ${String(revision)}`;
    if (first.revision !== 0n) return `its own read begins at revision ${String(first.revision)}`;
    const [last] = await store.read(stream, { direction: 'backwards', limit: 1 });
    if (last && last.revision >= revision) return null;
    return `its own read ends at revision ${String(last?.revision ?? -1n)}, and the log has it up to ${String(revision)}`;
  } catch (error) {
    if (error instanceof StreamDeleted) return 'deleted for good in the event store';
    throw error;
  }
}

const PAGE = 1_000;

/**
 * Checks one stream. A stream without events is broken: whoever names it has seen it. Events removed from its end are noticed
 * by the seals only.
 * @throws StoreUnavailable
 */
export async function auditStream(
  store: Pick<EventStore, 'read' | 'storeId' | 'shortened'>,
  stream: string,
): Promise<AuditReport> {
  const walk = createWalk({});
  try {
    for (let from = 0n; ; from += BigInt(PAGE)) {
      const page = await store.read(stream, { from, limit: PAGE });
      for (const event of page) walk.look(event);
      if (page.length < PAGE) break;
    }
    const setting = (await store.shortened?.(stream)) ?? null;
    if (setting !== null)
      walk.ofTheStream(stream, `the event store leaves out events of it: ${setting} is set`);
    else if (walk.count() === 0) walk.ofTheStream(stream, 'the event store has no event of it');
  } catch (error) {
    if (!(error instanceof StreamDeleted)) throw error;
    walk.ofTheStream(stream, 'deleted for good in the event store');
  }
  return walk.finish(await store.storeId());
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

  /** Said once of a stream: the first finding is the cause of the others. */
  const ofTheStream = (stream: string, problem: string): void => {
    const known = streams.get(stream);
    if (known?.broken) return;
    if (known) streams.set(stream, { ...known, broken: true });
    else if (broken.some((one) => one.stream === stream)) return;
    broken.push({ stream, revision: known ? String(known.revision) : null, eventId: null, problem });
  };

  /** The streams of which nothing is wrong so far, with their last revision. */
  const sound = () =>
    [...streams].flatMap(([stream, { revision, broken: isBroken }]) =>
      isBroken ? [] : [{ stream, revision }],
    );

  /** @returns the event's link */
  function look(event: StoredEvent): string {
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
    return place.link;
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

  return { look, finish, ofTheStore, ofTheStream, sound, count: () => events, last: () => last };
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
