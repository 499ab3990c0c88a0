/** Events that a person decided every view goes on without: recorded as events, honoured by projector and rebuild. */
import { encode, type Recorded, UndecodableEvent } from '../../../domain/codec.ts';
import { ALL_VIEWS, projectionStream } from '../../../domain/projection-events.ts';
import type { Actor, Clock, EventStore, Ids, StoredEvent, WriteStore } from '../../../ports.ts';
import type { Decode } from '../batch.ts';
import { askRetryBehind, viewsHolding } from '../parked-events.ts';

/** What a person put on record when they skipped an event. */
export interface SkipOnRecord {
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

/** @returns ids of the events that this view leaves out: skipped for all, or for it alone (before 0.3.0) */
export const skippedBy = async (
  store: Pick<EventStore, 'read'>,
  decode: Decode,
  view: string,
): Promise<ReadonlySet<string>> => new Set((await skippedWith(store, decode, view)).keys());

/** As `skippedBy`, with what was put on record; of an event that was skipped twice, the first time. */
export async function skippedWith(
  store: Pick<EventStore, 'read'>,
  decode: Decode,
  view: string,
): Promise<ReadonlyMap<string, SkipOnRecord>> {
  const skipped = new Map<string, SkipOnRecord>();
  for (const name of [ALL_VIEWS, view]) {
    for (let from = 0n; ;) {
      const page = await store.read(projectionStream(name), { from });
      for (const stored of page) {
        const event = decoded(decode, stored);
        if (event?.type !== 'ProjectionEventSkipped' || skipped.has(event.data.eventId)) continue;
        const { eventId, by, reason } = event.data;
        skipped.set(eventId, { at: event.metadata.at, by, reason });
      }
      const last = page.at(-1);
      if (!last) break;
      from = last.revision + 1n;
    }
  }
  return skipped;
}

/** One that cannot be read is parked by the view that follows these streams, and stops nothing here. */
function decoded(decode: Decode, stored: StoredEvent): Recorded | undefined {
  try {
    return decode(stored);
  } catch (error) {
    if (error instanceof UndecodableEvent) return undefined;
    throw error;
  }
}

/** Only an event that a view holds back may be skipped, and not one that waits behind another. */
export class NotParked extends Error {
  override readonly name = 'NotParked';
}

export interface Skip {
  readonly eventId: string;
  readonly actor: Actor;
  /** As the audit log shows it. */
  readonly by: string;
  readonly reason: string;
}

export interface SkipParts {
  readonly store: EventStore;
  readonly write: Pick<WriteStore, 'query'>;
  readonly decode: Decode;
  readonly clock: Clock;
  readonly ids: Ids;
}

/**
 * Puts on record that all views go on without an event, and asks the projector to take up what waits behind it: it does
 * so within a second, or at its next start. Run again after a crash in between, it finishes.
 * @returns the views that held it back
 * @throws NotParked
 */
export async function skipEvent(
  { store, write, decode, clock, ids }: SkipParts,
  { eventId, actor, by, reason }: Skip,
): Promise<readonly string[]> {
  const holding = await viewsHolding(write, eventId);
  const [first] = holding;
  if (!first)
    throw new NotParked(`no view holds back event ${eventId}: npm run projections -- status names them`);
  if (holding.every((one) => one.reason === null))
    throw new NotParked(`event ${eventId} only waits behind another of ${first.stream}: skip that one`);
  if (!(await skippedBy(store, decode, ALL_VIEWS)).has(eventId)) {
    const id = ids.next();
    const data = { view: ALL_VIEWS, eventId, position: first.position, by, reason };
    const at = clock.now().toISOString();
    const metadata = { actor, correlationId: id, causationId: id, requestId: id, at };
    const event = encode({ type: 'ProjectionEventSkipped', data }, id, metadata);
    await store.append(projectionStream(ALL_VIEWS), [event], { expected: 'any' });
  }
  await askRetryBehind(write, eventId);
  return holding.map(({ view }) => view);
}
