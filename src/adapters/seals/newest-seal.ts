/** A cheap look at the newest seal, for `npm run doctor`. `npm run audit:verify` looks at everything. */
import type { EventStore } from '../../ports.ts';
import { holds, readSealOf, unlike } from './make-seal.ts';
import { AlteredSeal, type ReadSeal, type SealHead } from './seal-file.ts';
import type { SealFolder } from './seal-folder.ts';
import type { PublicKeys } from './seal-key.ts';

/** One read each. */
const MOST_READ = 100;

/**
 * Its signature, that it follows the one before it, and that the store still has its last event and a hundred of the
 * streams it names.
 * @returns null: there is no seal. `problem` null: it holds
 * @throws StoreUnavailable
 */
export async function checkNewestSeal(deps: {
  readonly folder: SealFolder;
  readonly publicKeys: PublicKeys;
  readonly store: Pick<EventStore, 'read' | 'head' | 'storeId'>;
}): Promise<{ readonly head: SealHead | null; readonly problem: string | null } | null> {
  const { folder, publicKeys, store } = deps;
  const numbers = await folder.numbers();
  const number = numbers.at(-1);
  if (number === undefined) return null;
  if (numbers.length !== number)
    return { head: null, problem: `${String(number - numbers.length)} seals are missing` };
  try {
    const newest = await readSealOf(folder, number, publicKeys);
    const before = number === 1 ? null : await readSealOf(folder, number - 1, publicKeys);
    const follows = newest.head.previous === (before?.hash ?? null);
    const problem = follows
      ? ((await unlike(store, newest)) ?? (await otherStream(store, newest)))
      : `seal ${String(number)} does not follow the one before it: one of them was exchanged`;
    return { head: newest.head, problem };
  } catch (error) {
    if (!(error instanceof AlteredSeal)) throw error;
    return { head: null, problem: error.message };
  }
}

async function otherStream(
  store: Pick<EventStore, 'read'>,
  { head, entries }: ReadSeal,
): Promise<string | null> {
  for (const entry of entries.slice(0, MOST_READ))
    if ((await holds(store, entry)) !== 'same')
      return `stream ${entry[0]} is not as it was in seal ${String(head.number)}`;
  return null;
}
