/** Is the store that answers the one that this installation knows (docs/design/reliability.md#the-right-store)? */
import type { Sql, StoreLook } from '../../ports.ts';
import { type Anchor, holds, readAnchors } from './anchors.ts';
import { openChange, type StoreChange, storeIdsOnRecord, timesAccepted } from './changed-store.ts';

/** What the database knows of the event store. */
export interface KnownStore {
  /** Null: no event was ever read, so any store is the right one. */
  readonly storeId: string | null;
  readonly newest: Anchor | null;
  readonly change: StoreChange | null;
  readonly accepted: number;
}

/** @throws StoreUnavailable */
export async function readKnownStore(on: Sql): Promise<KnownStore> {
  const [[newest = null], change, accepted] = await Promise.all([
    readAnchors(on, 1),
    openChange(on),
    timesAccepted(on),
  ]);
  const [first = null, ...others] = newest ? [newest.storeId] : await storeIdsOnRecord(on);
  // Checkpoints of two stores: one was accepted, and a view or a job was not there to hear of it.
  return { storeId: others.length > 0 ? null : first, newest, change, accepted };
}

export type Verdict =
  | { readonly kind: 'right' }
  | { readonly kind: 'changed'; readonly expected: string; readonly found: string };

const described = ({ storeId, eventId, stream, revision, at }: Anchor): string =>
  `event store ${storeId} with event ${eventId} at revision ${String(revision)} of ${stream} (${at})`;

/**
 * Looks at the store itself. What is on record about a change does not count here.
 * @param anchors all of them must hold
 * @throws StoreUnavailable it does not answer: nothing is known
 */
export async function judge(
  look: StoreLook,
  storeId: string | null,
  anchors: readonly Anchor[],
): Promise<Verdict> {
  if (storeId === null) return { kind: 'right' };
  const [newest] = anchors;
  const expected = newest ? described(newest) : `event store ${storeId}`;
  const id = await look.identity();
  if (id === null) return { kind: 'changed', expected, found: 'an empty event store' };
  if (id !== storeId) return { kind: 'changed', expected, found: `event store ${id}` };
  for (const anchor of anchors) {
    if (!(await holds(look, anchor)))
      return {
        kind: 'changed',
        expected: described(anchor),
        found: 'the same event store without it: an older copy, or a stream that was deleted',
      };
  }
  return { kind: 'right' };
}

/**
 * For tools: by what the database knows, and by the record of a change.
 * @throws StoreUnavailable
 */
export async function verdictOf(on: Sql, look: StoreLook): Promise<Verdict> {
  const { storeId, newest, change } = await readKnownStore(on);
  if (change?.mustAccept) return { kind: 'changed', expected: change.expected, found: change.found };
  return judge(look, storeId, newest ? [newest] : []);
}
