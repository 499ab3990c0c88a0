import { sql } from 'kysely';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Position, StoredEvent } from '../../ports.ts';

/** A row of es.events, named `e`; int8 as text, because a revision is a bigint here. */
export type EventRow = Columns<
  'es.events',
  { stream: 'stream'; event_id: 'event_id'; type: 'type'; data: 'data'; metadata: 'metadata' }
> & { readonly position: string; readonly revision: string };

export const COLUMNS = sql.raw(
  'e.position::text as position, e.stream, e.revision::text as revision, e.event_id, e.type, e.data, e.metadata',
);

const DIGITS = 19; // of the largest bigint

/** The counter of es.store as a Position: padded with zeros, so that text order is number order. */
export function positionOf(counter: string | bigint): Position {
  return String(counter).padStart(DIGITS, '0');
}

/** @returns the counter; 0 for START. @throws Error when it is not a position of this adapter */
export function counterOf(position: Position): bigint {
  if (position === '') return 0n;
  if (position.length !== DIGITS || !/^\d+$/.test(position)) {
    throw new Error(`not a position of the postgres event store: ${position}`);
  }
  return BigInt(position);
}

export function storedEvent(row: EventRow): StoredEvent {
  return {
    id: row.event_id,
    stream: row.stream,
    revision: BigInt(row.revision),
    position: positionOf(row.position),
    type: row.type,
    data: row.data,
    metadata: row.metadata,
  };
}
