/** Holds one stream against the newest seal that names it (docs/audit.md). */
import type { EventStore } from '../../ports.ts';
import type { Broken } from '../hash-chain/audit.ts';
import { giveUp, holds, readSealOf } from './make-seal.ts';
import type { ReadSeal, SealedEvent } from './seal-file.ts';
import type { SealFolder } from './seal-folder.ts';
import type { PublicKeys } from './seal-key.ts';

/**
 * Memory: the entries of that stream.
 * @returns null: the seal holds, or none names the stream
 * @throws AlteredSeal, StreamDeleted, StoreUnavailable
 */
export async function checkStreamSeal(
  deps: {
    readonly folder: SealFolder;
    readonly publicKeys: PublicKeys;
    readonly store: Pick<EventStore, 'read'>;
  },
  stream: string,
): Promise<Broken | null> {
  const timeline: ReadSeal[] = [];
  for (const number of await deps.folder.numbers()) {
    const seal = await readSealOf(deps.folder, number, deps.publicKeys);
    giveUp(timeline, seal);
    timeline.push({ ...seal, entries: seal.entries.filter(([name]) => name === stream) });
  }
  const named = timeline.findLast(({ entries }) => entries.length > 0);
  const newest = named?.entries.at(-1);
  if (!named || !newest) return null;
  return brokenOf(deps.store, named, newest);
}

async function brokenOf(
  store: Pick<EventStore, 'read'>,
  { head: { number, at } }: ReadSeal,
  entry: SealedEvent,
): Promise<Broken | null> {
  const how = await holds(store, entry);
  if (how === 'same') return null;
  const [stream, revision] = entry;
  const name = `seal ${String(number)} (${at})`;
  const problem =
    how === 'other'
      ? `was rewritten: not what ${name} says of it`
      : `cut off: ${name} has it up to revision ${revision}`;
  return { stream, revision, eventId: null, problem };
}
