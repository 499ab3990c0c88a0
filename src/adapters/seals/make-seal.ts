/** Makes seals: the signed heads of all streams that changed since the seal before (docs/design/reliability.md#seals). */
import { type Clock, type EventStore, type Position, START, StreamDeleted } from '../../ports.ts';
import { eventsUpTo } from '../hash-chain/events-up-to.ts';
import { linkOf } from '../hash-chain/link.ts';
import { agrees, createCollected } from './collected.ts';
import { AlteredSeal, decodeSeal, encodeSeal, type ReadSeal, type SealedEvent } from './seal-file.ts';
import type { SealFolder } from './seal-folder.ts';
import type { PublicKeys, SealKey } from './seal-key.ts';

/** The store is not the one that was sealed. Nothing is sealed until somebody has looked. */
export class UnlikeSeals extends Error {
  override readonly name = 'UnlikeSeals';
}

export interface Sealer {
  /**
   * Seals everything up to now. One seal also when nothing happened: its absence would mean something.
   * @returns the seals that were made, at least one
   * @throws UnlikeSeals, AlteredSeal, EventsMissing, StoreUnavailable, the signal's reason
   */
  seal(signal: AbortSignal): Promise<readonly Made[]>;
  /**
   * The first seal, as soon as there is an event: until there is one nothing holds the history.
   * @returns none where there is a seal already, or nothing to seal. @throws as `seal`
   */
  sealFirst(signal: AbortSignal): Promise<readonly Made[]>;
  /**
   * The same where the store was replaced on purpose: it goes on from the newest seal that still holds, and says so.
   * @param because the reason, for those who verify; no personal data
   */
  accept(because: string, signal: AbortSignal): Promise<readonly Made[]>;
}

export interface Made {
  readonly number: number;
  readonly at: string;
  readonly hash: string;
  readonly events: number;
  readonly entries: number;
}

export interface SealerDeps {
  /** Below the encryption of personal fields: what is sealed is what is stored. */
  readonly store: Pick<EventStore, 'subscribe' | 'read' | 'head' | 'storeId'>;
  readonly folder: SealFolder;
  readonly key: SealKey;
  readonly publicKeys: PublicKeys;
  readonly clock: Clock;
  /** A seal with so many entries is full, and the next begins. Default 20,000: about 6 MB of memory. */
  readonly mostEntries?: number;
  /** See `eventsUpTo`. */
  readonly silenceMs?: number;
}

const MOST_ENTRIES = 20_000;
/** Two processes that seal at the same time: one of them has to look again. */
const ATTEMPTS = 5;

/** Where the next seal begins. */
interface Beginning {
  readonly number: number;
  readonly previous: string | null;
  readonly from: Position;
  readonly last: SealedEvent | null;
}

export function createSealer(deps: SealerDeps): Sealer {
  const { store, folder, key, publicKeys, clock, mostEntries = MOST_ENTRIES, silenceMs } = deps;

  async function newest(): Promise<ReadSeal | null> {
    const number = (await folder.numbers()).at(-1);
    return number === undefined ? null : readSealOf(folder, number, publicKeys);
  }

  /** @throws UnlikeSeals */
  async function begin(): Promise<Beginning> {
    const before = await newest();
    if (before === null) return { number: 1, previous: null, from: START, last: null };
    const problem = await unlike(store, before);
    if (problem !== null)
      throw new UnlikeSeals(
        `Nothing is sealed: ${problem}. Look with npm run audit:verify. After a restore: npm run store:accept, or npm run audit:seal -- --accept "<reason>".`,
      );
    return after(before, before);
  }

  /** @param held the newest seal that the store still agrees with; null: none */
  const after = (before: ReadSeal, held: Pick<ReadSeal, 'head'> | null): Beginning => ({
    number: before.head.number + 1,
    previous: before.hash,
    from: held?.head.to ?? START,
    last: held?.head.last ?? null,
  });

  /** What an accepted state goes on from. Seals that were given up on before do not count. */
  async function beginAccepted(signal: AbortSignal): Promise<Beginning> {
    const before = await newest();
    if (before === null) return { number: 1, previous: null, from: START, last: null };
    const timeline: ReadSeal[] = [];
    for (const number of await folder.numbers()) {
      const seal = await readSealOf(folder, number, publicKeys);
      giveUp(timeline, seal);
      timeline.push({ ...seal, entries: [] });
    }
    return after(before, await newestHeld(timeline, signal));
  }

  /**
   * Walks through the whole store.
   * @returns the last seal up to which all of them hold; null: the first one does not
   */
  async function newestHeld(
    timeline: readonly Pick<ReadSeal, 'head'>[],
    signal: AbortSignal,
  ): Promise<Pick<ReadSeal, 'head'> | null> {
    const [storeId, end] = [await store.storeId(), await store.head()];
    let held = 0;
    let collected = createCollected();
    /** @returns whether every seal that is complete holds */
    async function hold(isComplete: (to: Position) => boolean): Promise<boolean> {
      for (let seal = timeline[held]; seal && isComplete(seal.head.to); seal = timeline[held]) {
        const { number } = seal.head;
        const whole = seal.head.storeId === storeId && (await readSealOf(folder, number, publicKeys));
        if (whole === false || !agrees(collected.result(), whole)) return false;
        collected = createCollected();
        held += 1;
      }
      return true;
    }
    for await (const events of eventsUpTo(store, { after: START, end, signal, silenceMs }))
      for (const event of events) {
        if (!(await hold((to) => to < event.position))) return timeline[held - 1] ?? null;
        collected.add(event, linkOf(event));
      }
    await hold((to) => to <= end);
    return timeline[held - 1] ?? null;
  }

  async function make(
    beginning: () => Promise<Beginning>,
    because: string | null,
    signal: AbortSignal,
  ): Promise<readonly Made[]> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const made = await makeFrom(await beginning(), because, signal);
      if (made !== null) return made;
    }
    throw new Error('Other processes seal at the same time, again and again. Nothing was sealed here.');
  }

  /** @returns null: another process was faster */
  async function makeFrom(
    { number: first, ...beginning }: Beginning,
    because: string | null,
    signal: AbortSignal,
  ): Promise<readonly Made[] | null> {
    const storeId = await store.storeId();
    const end = await store.head();
    const made: Made[] = [];
    let { previous, from, last } = beginning;
    let collected = createCollected();
    let to = from;

    async function write(): Promise<boolean> {
      const number = first + made.length;
      const { events, digest, entries } = collected.result();
      const at = clock.now().toISOString();
      const accepted = because !== null && made.length === 0 ? { accepted: { because } } : {};
      const head = { number, at, previous, storeId, from, to, events, digest, last, ...accepted };
      const { bytes, hash } = await encodeSeal(head, entries, key);
      if (!(await folder.add(number, bytes))) return false;
      made.push({ number, at, hash, events, entries: entries.length });
      [previous, from, collected] = [hash, to, createCollected()];
      return true;
    }

    for await (const events of eventsUpTo(store, { after: from, end, signal, silenceMs })) {
      for (const event of events) {
        const link = linkOf(event);
        collected.add(event, link);
        last = [event.stream, String(event.revision), link];
        to = event.position;
      }
      if (collected.size() >= mostEntries && to < end && !(await write())) return null;
    }
    return (await write()) ? made : null;
  }

  return {
    seal: (signal) => make(begin, null, signal),
    sealFirst: async (signal) => {
      if ((await folder.numbers()).length > 0 || (await store.head()) === START) return [];
      return make(begin, null, signal);
    },
    accept: (because, signal) => make(() => beginAccepted(signal), because, signal),
  };
}

/** @throws AlteredSeal whose message names the seal */
export async function readSealOf(folder: SealFolder, number: number, keys: PublicKeys): Promise<ReadSeal> {
  const bytes = await folder.read(number);
  const seal = await decodeSeal(bytes, keys).catch((error: unknown) => {
    throw error instanceof AlteredSeal
      ? new AlteredSeal(`Seal ${String(number)} ${error.message}`, { cause: error })
      : error;
  });
  if (seal.head.number === number) return seal;
  throw new AlteredSeal(`Seal ${String(number)} is in truth seal ${String(seal.head.number)}: exchanged`);
}

/** Takes from the timeline what an accepted seal gives up on. @returns the numbers of those seals */
export function giveUp(timeline: ReadSeal[], { head }: ReadSeal): readonly number[] {
  const given: number[] = [];
  if (head.accepted === undefined) return given;
  for (;;) {
    const top = timeline.at(-1)?.head;
    if (top === undefined || (top.storeId === head.storeId && top.to <= head.from)) return given.reverse();
    given.push(top.number);
    timeline.pop();
  }
}

/** Cheap: three reads of one. @returns how the store differs from what this seal says of its end; null: it does not */
export async function unlike(
  store: Pick<EventStore, 'read' | 'head' | 'storeId'>,
  { head: { number, storeId, to, last } }: ReadSeal,
): Promise<string | null> {
  const [id, end] = [await store.storeId(), await store.head()];
  if (id !== storeId) return `seal ${String(number)} is of another event store`;
  if (end < to) return `the event store ends before seal ${String(number)} does`;
  if (last === null || (await holds(store, last)) === 'same') return null;
  const [stream, revision] = last;
  return `the last event of seal ${String(number)}, ${stream}@${revision}, is not there as it was`;
}

/** A stream that was deleted for good has nothing that was sealed. */
export const readUnlessDeleted = (
  store: Pick<EventStore, 'read'>,
  ...[stream, range]: Parameters<EventStore['read']>
): ReturnType<EventStore['read']> =>
  store.read(stream, range).catch((error: unknown) => {
    if (error instanceof StreamDeleted) return [];
    throw error;
  });

/** Whether a sealed event is in its stream, with the same link. @throws StoreUnavailable */
export async function holds(
  store: Pick<EventStore, 'read'>,
  [stream, revision, link]: SealedEvent,
): Promise<'same' | 'other' | 'missing'> {
  const [event] = await readUnlessDeleted(store, stream, { from: BigInt(revision), limit: 1 });
  if (event?.revision !== BigInt(revision)) return 'missing';
  return linkOf(event) === link ? 'same' : 'other';
}
