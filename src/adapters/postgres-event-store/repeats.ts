import { sql } from 'kysely';
import type pg from 'pg';
import { statement } from '../../engine/sql/statement.ts';
import type { AppendResult } from '../../ports.ts';
import { rowsOf } from '../postgres/rows-of.ts';
import type { Append } from './append.ts';
import { expectedNumber } from './append.ts';
import type { EventRow } from './rows.ts';
import { positionOf } from './rows.ts';

const placesOf = statement(
  'es-find-repeats',
  (streams: readonly string[], ids: readonly string[]) =>
    sql<Pick<EventRow, 'revision' | 'position'> & { readonly nr: number }>`
      select (a.nr - 1)::int as nr, e.revision::text as revision, e.position::text as position
        from unnest(${streams}::text[], ${ids}::uuid[]) with ordinality a (stream, id, nr)
        join es.events e on e.stream = a.stream and e.event_id = a.id`,
);

interface StoredAt {
  readonly revision: bigint;
  readonly position: string;
}

/**
 * Finds out which of these refused appends had happened before: same ids, in the same order, and at the expected
 * revision (docs/design/reliability.md#idempotent-appends). Such an append is a repetition, e.g. after a lost
 * reply, and gets the result it had the first time.
 *
 * Runs after the refusal and without the lock: events never change, so what is found stays true.
 * @param why what refused them: the expectation, or a unique constraint
 * @returns per append its first result, or undefined when it never happened
 */
export async function findRepeats(
  client: pg.Client,
  appends: readonly Append[],
  why: 'conflict' | 'duplicate',
): Promise<(AppendResult | undefined)[]> {
  const rows = await rowsOf(
    client,
    placesOf(
      appends.flatMap((append) => append.events.map(() => append.stream)),
      appends.flatMap((append) => append.events.map((event) => event.id)),
    ),
  );
  const places = new Map<number, StoredAt>(
    rows.map((row) => [row.nr, { revision: BigInt(row.revision), position: positionOf(row.position) }]),
  );
  let from = 0;
  return appends.map((append) => {
    const found = append.events.map((_, index) => places.get(from + index));
    from += append.events.length;
    return firstResult(append, why, found);
  });
}

/** Where `found` are the stored places of the append's events, undefined for those not found. */
function firstResult(
  append: Append,
  why: 'conflict' | 'duplicate',
  found: readonly (StoredAt | undefined)[],
): AppendResult | undefined {
  const first = found[0];
  const last = found.at(-1);
  if (!first || !last) return undefined;
  const inARow = found.every((place, index) => place?.revision === first.revision + BigInt(index));
  // After a unique violation (`any`, or the stream's present revision with ids it already holds) the place
  // does not matter: EventStoreDB might write them again, we need not (docs/design/reliability.md#idempotent-appends).
  const inPlace = why === 'duplicate' || first.revision === expectedNumber(append.expected) + 1n;
  return inARow && inPlace ? { revision: last.revision, position: last.position, written: false } : undefined;
}
