/** Verifies the seals, and the store against them, while `audit` walks through it (docs/audit.md). */
import type { EventStore, StoredEvent } from '../../ports.ts';
import type { Broken } from '../hash-chain/audit.ts';
import { agrees, createCollected } from './collected.ts';
import { giveUp, holds, readSealOf, readUnlessDeleted } from './make-seal.ts';
import { AlteredSeal, type ReadSeal, type SealedEvent, type SealHead } from './seal-file.ts';
import type { SealFolder } from './seal-folder.ts';
import type { PublicKeys } from './seal-key.ts';

/** An accepted restore, for the reader of the report. */
export interface Explained {
  readonly seal: number;
  readonly at: string;
  readonly because: string;
  /** The seals that were given up on by it: of a state that the store no longer has. */
  readonly givenUp: readonly number[];
}

export interface SealReport {
  readonly seals: number;
  /** Of the newest one; null: there is none. */
  readonly newest: { readonly number: number; readonly at: string; readonly keyId: string } | null;
  readonly explained: readonly Explained[];
  /** Events after the newest seal: nothing but their chain holds them. */
  readonly unsealed: number;
  readonly broken: readonly Broken[];
}

export interface SealCheck {
  /** For `AuditOptions.watch`. */
  watch(event: StoredEvent, link: string): Promise<void> | undefined;
  /** After the last event. @throws StoreUnavailable */
  finish(): Promise<SealReport>;
}

export interface SealCheckDeps {
  readonly folder: SealFolder;
  readonly publicKeys: PublicKeys;
  readonly store: Pick<EventStore, 'read' | 'storeId'>;
  /** When the job that seals was last done; null: never. A newest seal from before that time means that others were removed. */
  readonly lastSealing: Date | null;
}

type Timed = Pick<ReadSeal, 'head'>;

/**
 * Reads and verifies every seal that is there now: begin before the store is walked, so that no seal is newer than the
 * walk. Memory: the heads of the streams of one seal.
 */
export async function checkSeals(deps: SealCheckDeps): Promise<SealCheck> {
  const { folder, publicKeys, store } = deps;
  const broken: Broken[] = [];
  const named = new Set<string>();
  let orderTold = false;
  let unsealed = 0;

  const ofTheStore = (problem: string): void => {
    broken.push({ stream: null, revision: null, eventId: null, problem });
  };
  const { timeline, ...about } = await readTimeline(deps, ofTheStore);
  const storeId = await store.storeId();
  const other = timeline.at(-1)?.head;
  if (other !== undefined && other.storeId !== storeId)
    ofTheStore(`the seals are of another event store, ${other.storeId}`);

  let at = 0;
  let collected = createCollected();

  /** Compares what the walk found between two positions with what was sealed there. */
  async function close({ head }: Timed): Promise<void> {
    const found = collected.result();
    collected = createCollected();
    const sealed = await readSealOf(folder, head.number, publicKeys);
    if (agrees(found, sealed)) return;
    const here = new Set(found.entries.map((entry) => JSON.stringify(entry)));
    for (const entry of sealed.entries) if (!here.has(JSON.stringify(entry))) await compare(head, entry);
    if (orderTold || named.size > 0) return;
    orderTold = true;
    const added = addedTo(sealed.entries, found.entries);
    ofTheStore(
      `the events up to seal ${String(head.number)} (${head.at}) are not those that were sealed, or not in that order` +
        (added ? `: ${added[0]}@${added[1]} was not among them` : ''),
    );
  }

  async function compare({ number, at: when }: SealHead, entry: SealedEvent): Promise<void> {
    const [stream, revision] = entry;
    if (named.has(stream)) return;
    const how = await holds(store, entry);
    if (how === 'same') return;
    named.add(stream);
    const [last] =
      how === 'missing' ? await readUnlessDeleted(store, stream, { direction: 'backwards', limit: 1 }) : [];
    const left =
      last === undefined ? 'nothing of it is left' : `it ends at revision ${String(last.revision)}`;
    const problem =
      how === 'other'
        ? `was rewritten: not what seal ${String(number)} (${when}) says of it`
        : `cut off: seal ${String(number)} (${when}) has it up to revision ${revision}, ${left}`;
    broken.push({ stream, revision, eventId: null, problem });
  }

  async function closeUpTo(event: StoredEvent, link: string): Promise<void> {
    for (let seal = timeline[at]; seal && event.position > seal.head.to; seal = timeline[at]) {
      await close(seal);
      at += 1;
    }
    take(event, link);
  }

  function take(event: StoredEvent, link: string): void {
    const seal = timeline[at];
    if (seal === undefined) unsealed += 1;
    // What is before it belongs to a seal that cannot be read: it was reported.
    else if (event.position > seal.head.from) collected.add(event, link);
  }

  return {
    watch(event, link) {
      const seal = timeline[at];
      if (seal && event.position > seal.head.to) return closeUpTo(event, link);
      take(event, link);
      return undefined;
    },
    async finish() {
      for (let seal = timeline[at]; seal; seal = timeline[at]) {
        await close(seal);
        at += 1;
      }
      return { ...about, unsealed, broken };
    },
  };
}

/** The seals that the store must agree with, in their order; what is wrong with the others goes to `report`. */
async function readTimeline(
  { folder, publicKeys, lastSealing }: SealCheckDeps,
  report: (problem: string) => void,
): Promise<{ readonly timeline: readonly Timed[] } & Pick<SealReport, 'seals' | 'newest' | 'explained'>> {
  const timeline: ReadSeal[] = [];
  const explained: Explained[] = [];
  const keys: string[] = [];
  const numbers = await folder.numbers();
  let before: ReadSeal | null = null;
  let next = 1;
  for (const number of numbers) {
    if (number > next) {
      report(missing(next, number - 1));
      before = null;
    }
    const seal: ReadSeal | null = await readSealOf(folder, number, publicKeys).catch((error: unknown) => {
      if (!(error instanceof AlteredSeal)) throw error;
      report(error.message);
      return null;
    });
    if (seal !== null) {
      for (const problem of problemsOf(seal, before, keys)) report(problem);
      const givenUp = giveUp(timeline, seal);
      if (seal.head.accepted !== undefined)
        explained.push({ seal: number, at: seal.head.at, because: seal.head.accepted.because, givenUp });
      timeline.push({ ...seal, entries: [] });
    }
    before = seal;
    next = number + 1;
  }
  const last = timeline.at(-1);
  if (lastSealing !== null && (last === undefined || Date.parse(last.head.at) < lastSealing.getTime()))
    report(
      `the newest seals are missing: one was made for ${lastSealing.toISOString()}, ${last === undefined ? 'and none is there' : `and the newest that is there is seal ${String(last.head.number)} of ${last.head.at}`}`,
    );
  const newest = last ? { number: last.head.number, at: last.head.at, keyId: last.keyId } : null;
  return { timeline, seals: numbers.length, newest, explained };
}

/**
 * @param before the seal with the number before; null: it is not there, or cannot be read
 * @param keys the keys that signed so far, in order; is kept up to date here
 */
function problemsOf({ head, keyId }: ReadSeal, before: ReadSeal | null, keys: string[]): readonly string[] {
  const name = `Seal ${String(head.number)}`;
  const problems: string[] = [];
  const previous = head.number === 1 ? null : before?.hash;
  if (previous !== undefined && head.previous !== previous)
    problems.push(`${name} does not follow the seal before it: one of them was exchanged`);
  const goesOn = before?.head.to === head.from && before.head.storeId === head.storeId;
  if (before !== null && head.accepted === undefined && !goesOn)
    problems.push(`${name} does not begin where the seal before it ends`);
  if (keys.at(-1) !== keyId) {
    // Who has an old key and not the new one could else go on signing.
    if (keys.includes(keyId))
      problems.push(`${name} is signed with key ${keyId}, which a newer key had replaced`);
    keys.push(keyId);
  }
  return problems;
}

/** @returns an event of a stream that was not among the sealed ones, or that was shorter; undefined: there is none */
function addedTo(sealed: readonly SealedEvent[], found: readonly SealedEvent[]): SealedEvent | undefined {
  const last = new Map(sealed.map(([stream, revision]) => [stream, BigInt(revision)]));
  return (
    found.find(([stream]) => !last.has(stream)) ??
    found.find(([stream, revision]) => BigInt(revision) > (last.get(stream) ?? 0n))
  );
}

const missing = (from: number, to: number): string =>
  from === to ? `Seal ${String(from)} is missing` : `Seals ${String(from)} to ${String(to)} are missing`;
