/** Is the store that answers the one that this installation knows (docs/design/reliability.md#the-right-store)? */
import type { Sql, StoreLook } from '../../ports.ts';
import { type Anchor, findAnchor, readAnchors } from './anchors.ts';
import { openChange, type StoreChange, storeIdsOnRecord, timesAccepted } from './changed-store.ts';

/** What the database knows of the event store. */
export interface KnownStore {
  /** Null: no event was ever read, so any store is the right one. */
  readonly storeId: string | null;
  /** The newest anchors, the newest first: more than one is asked for only where a stream was shortened. */
  readonly anchors: readonly Anchor[];
  readonly change: StoreChange | null;
  readonly accepted: number;
}

/** @throws StoreUnavailable */
export async function readKnownStore(on: Sql): Promise<KnownStore> {
  const [anchors, change, accepted] = await Promise.all([
    readAnchors(on, MOST_LOOKED_AT),
    openChange(on),
    timesAccepted(on),
  ]);
  const [newest] = anchors;
  const [first = null, ...others] = newest ? [newest.storeId] : await storeIdsOnRecord(on);
  // Checkpoints of two stores: one was accepted, and a view or a job was not there to hear of it.
  return { storeId: others.length > 0 ? null : first, anchors, change, accepted };
}

/** An administrator does not shorten more streams at a time; one anchor is a minute or 1,000 events. */
const MOST_LOOKED_AT = 100;

export interface ShortenedAnchor {
  readonly stream: string;
  readonly problem: string;
}

export type Verdict =
  /** `shortened`: streams of anchors that it hands out no more, although it is the right store. */
  | { readonly kind: 'right'; readonly shortened: readonly ShortenedAnchor[] }
  | { readonly kind: 'changed'; readonly expected: string; readonly found: string };

const described = ({ storeId, eventId, stream, revision, at }: Anchor): string =>
  `event store ${storeId} with event ${eventId} at revision ${String(revision)} of ${stream} (${at})`;

/**
 * Looks at the store itself. What is on record about a change does not count here.
 * @param anchors the newest first. The newest `must` of them have to be there, each; where the stream of one was
 *   shortened or deleted, which is no matter of the store's identity, the next older one that can be seen tells
 * @throws StoreUnavailable it does not answer: nothing is known
 */
export async function judge(
  look: StoreLook,
  storeId: string | null,
  anchors: readonly Anchor[],
  must = 1,
): Promise<Verdict> {
  if (storeId === null) return { kind: 'right', shortened: [] };
  const [newest] = anchors;
  const expected = newest ? described(newest) : `event store ${storeId}`;
  const id = await look.identity();
  if (id === null) return { kind: 'changed', expected, found: 'an empty event store' };
  if (id !== storeId) return { kind: 'changed', expected, found: `event store ${id}` };
  const shortened = new Map<string, string>();
  let seen = 0;
  for (const anchor of anchors) {
    if (shortened.has(anchor.stream)) continue;
    const where = await findAnchor(look, anchor);
    if (where === 'gone')
      return {
        kind: 'changed',
        expected: described(anchor),
        found: 'the same event store without it: an older copy',
      };
    if (where === 'there') seen += 1;
    else shortened.set(anchor.stream, where.unseen);
    if (seen >= must) break;
  }
  return { kind: 'right', shortened: [...shortened].map(([stream, problem]) => ({ stream, problem })) };
}

/**
 * For tools: by what the database knows, and by the record of a change.
 * @throws StoreUnavailable
 */
export async function verdictOf(on: Sql, look: StoreLook): Promise<Verdict> {
  const { storeId, anchors, change } = await readKnownStore(on);
  if (change?.mustAccept) return { kind: 'changed', expected: change.expected, found: change.found };
  return judge(look, storeId, anchors);
}
