/** Events that a person skipped, for commands too (docs/design/reliability.md#parked-streams). */
import { decode } from '../domain/codec.ts';
import { ALL_VIEWS, isOfTicket } from '../domain/projection-events.ts';
import { skippedBy } from '../engine/projections/rebuild/skips.ts';
import type { EventStore, StoredEvent } from '../ports.ts';

/** What is left out of any other stream could give somebody rights back, or take a setting of the firm away. */
const MAY_GO_ON = /^(?:delivery|media|customer|identity)-/;
/** A wish of the customer. Without it they would get blasts again, or be no one who was erased. */
const NEVER_LEFT_OUT: ReadonlySet<string> = new Set(['CustomerErased', 'CustomerOptedOut']);

/** May an event of this stream and type be left out of a decision at all? */
export const mayBeLeftOut = ({ stream, type }: Pick<StoredEvent, 'stream' | 'type'>): boolean =>
  (isOfTicket(stream) || MAY_GO_ON.test(stream)) && !NEVER_LEFT_OUT.has(type);

/**
 * Whether decisions go on without an event that cannot be read. It is asked rarely, so the store is read each time: a skip
 * holds from the next command on, in every process.
 * @throws StoreUnavailable
 */
export const goesOnWithout =
  (store: Pick<EventStore, 'read'>) =>
  async (event: StoredEvent): Promise<boolean> =>
    mayBeLeftOut(event) && (await skippedBy(store, decode, ALL_VIEWS)).has(event.id);
