/** Events that a person decided a view goes on without: recorded as events, honoured by every rebuild. */
import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { encode } from '../../../domain/codec.ts';
import { projectionStream } from '../../../domain/projection-events.ts';
import type { Clock, EventStore, Ids, Position, WriteStore } from '../../../ports.ts';
import { statement } from '../../sql/statement.ts';
import { tables } from '../../sql/tables.ts';
import type { Decode } from '../batch.ts';
import { readCheckpoints } from '../checkpoints.ts';
import type { View } from '../view.ts';

/** @returns ids of the events that this view leaves out */
export async function skippedBy(
  store: Pick<EventStore, 'read'>,
  decode: Decode,
  view: string,
): Promise<ReadonlySet<string>> {
  const skipped = new Set<string>();
  for (let from = 0n; ;) {
    const page = await store.read(projectionStream(view), { from });
    for (const stored of page) {
      const event = decode(stored);
      if (event.type === 'ProjectionEventSkipped') skipped.add(event.data.eventId);
    }
    const last = page.at(-1);
    if (!last) return skipped;
    from = last.revision + 1n;
  }
}

/** Only the event at which a view has stopped may be skipped. */
export class NotStoppedThere extends Error {
  override readonly name = 'NotStoppedThere';
}

export interface Skip {
  readonly eventId: string;
  readonly by: string;
  readonly reason: string;
}

export interface SkipParts {
  readonly store: EventStore;
  readonly write: WriteStore;
  readonly decode: Decode;
  readonly clock: Clock;
  readonly ids: Ids;
}

/** A projector that starts lets a stopped view try its event again, and stops it again. */
const PATIENCE_MS = 5_000;

const passEvent = statement(null, (view: string, stoppedAt: Position, eventId: string, position: Position) =>
  tables
    .updateTable('ops.projections')
    .set({
      position,
      state: 'running',
      stopped_at_event: null,
      stopped_because: null,
      updated_at: sql`clock_timestamp()`,
    })
    .where('view', '=', view)
    .where('position', '=', stoppedAt)
    .where(({ eb, or }) => or([eb('stopped_at_event', '=', eventId), eb('state', '=', 'running')]))
    .returning('view'),
);

/**
 * Puts on record that `view` goes on without an event, then moves its checkpoint past it; a projector that runs takes
 * the view up within a second. Run again after a crash in between, it finishes.
 * @throws NotStoppedThere
 */
export async function skipEvent(
  { store, write, decode, clock, ids }: SkipParts,
  view: View,
  { eventId, by, reason }: Skip,
): Promise<Position> {
  const stoppedAt = await stoppedPosition(write, view.name, eventId);
  const position = await positionOf(store, view, stoppedAt, eventId);
  if (!(await skippedBy(store, decode, view.name)).has(eventId)) {
    const id = ids.next();
    const event = {
      type: 'ProjectionEventSkipped',
      data: { view: view.name, eventId, position, by, reason },
    } as const;
    const actor = { kind: 'system', process: 'projections' } as const;
    const metadata = {
      actor,
      correlationId: id,
      causationId: id,
      requestId: id,
      at: clock.now().toISOString(),
    };
    await store.append(projectionStream(view.name), [encode(event, id, metadata)], { expected: 'any' });
  }
  const moved = await write.query(passEvent(view.name, stoppedAt, eventId, position));
  if (moved.length === 0) throw new NotStoppedThere(`view ${view.name} was moved by somebody else meanwhile`);
  return position;
}

async function stoppedPosition(write: WriteStore, view: string, eventId: string): Promise<Position> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const checkpoint = (await readCheckpoints(write)).find((one) => one.view === view);
    if (checkpoint?.state === 'stopped' && checkpoint.stoppedAtEvent === eventId) return checkpoint.position;
    if (checkpoint?.state === 'stopped' || performance.now() > deadline) {
      const at = checkpoint?.stoppedAtEvent ?? null;
      throw new NotStoppedThere(
        `view ${view} is ${at === null ? 'not stopped' : `stopped at event ${at}`}: only the event at which it has stopped can be skipped`,
      );
    }
    await delay(100);
  }
}

/** The first events of its streams after the checkpoint: the one it stopped at is among them. */
async function positionOf(
  store: EventStore,
  { name, streams }: View,
  after: Position,
  eventId: string,
): Promise<Position> {
  const head = await store.head();
  const looking = new AbortController();
  try {
    for await (const { events, checkpoint } of store.subscribe({
      after,
      filter: { streamPrefixes: streams },
      signal: looking.signal,
    })) {
      const found = events.find(({ id }) => id === eventId);
      if (found) return found.position;
      if (checkpoint >= head) break;
    }
  } finally {
    looking.abort();
  }
  throw new NotStoppedThere(`event ${eventId} is not in the store after the checkpoint of ${name}`);
}
