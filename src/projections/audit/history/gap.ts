/**
 * An event that this program cannot read, in a history: an auditor sees that something is there, and whether a person let
 * everything go on without it (docs/design/reliability.md#parked-streams). What it says is not shown: without its type nobody
 * knows which of it is personal.
 */
import { decode, knownOfMetadata, type Recorded, UndecodableEvent } from '../../../domain/codec.ts';
import { ALL_VIEWS } from '../../../domain/projection-events.ts';
import { skippedWith, type SkipOnRecord } from '../../../engine/projections/rebuild/skips.ts';
import type { Actor, EventStore, StoredEvent } from '../../../ports.ts';

export type Gap = Pick<StoredEvent, 'id' | 'type' | 'stream' | 'revision' | 'position'> & {
  readonly metadata: { readonly actor: Actor | null; readonly at: string | null };
  /** Why it cannot be read; no values. */
  readonly unreadable: string;
};

/** What a history is made of. */
export type Told = Recorded | Gap;

export const isGap = (event: Told): event is Gap => 'unreadable' in event;

/** The event, or that there is one. Never throws for an event that cannot be read. */
export function told(stored: StoredEvent): Told {
  try {
    return decode(stored);
  } catch (error) {
    if (!(error instanceof UndecodableEvent)) throw error;
    const { id, type, stream, revision, position } = stored;
    return { id, type, stream, revision, position, metadata: knownOfMetadata(stored), unreadable: error.why };
  }
}

/** Who skipped which of these, with their reason; nobody is asked where nothing is missing. @throws StoreUnavailable */
export const skipsOf = (
  store: Pick<EventStore, 'read'>,
  events: readonly Told[],
): Promise<ReadonlyMap<string, SkipOnRecord>> =>
  events.some(isGap) ? skippedWith(store, decode, ALL_VIEWS) : Promise.resolve(new Map());
