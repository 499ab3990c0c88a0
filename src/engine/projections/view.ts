/** What a view is to the runner: which streams it looks at, and how a batch of their events changes its rows. */
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import type { Sql } from '../../ports.ts';

export interface View {
  /** Its name in ops.projections, on the command line and in metrics. */
  readonly name: string;
  /** The streams it looks at, by the beginning of their names. */
  readonly streams: readonly string[];
  /**
   * The tables it owns, by their names in schema read: every table belongs to exactly one view, and no other view looks
   * at it while applying. A rebuild fills new ones next to these and swaps them (docs/projections.md).
   */
  readonly tables: readonly string[];
  /**
   * Writes what these events change, set-wise, inside the runner's transaction, which also moves the checkpoint:
   * so every event counts exactly once and nothing here needs to guard against repeats.
   * Must have no statement under way when it settles. @returns what to do once the transaction is committed
   */
  apply(sql: Sql, events: readonly Recorded[]): Promise<(() => void) | undefined>;
  /** Forget rows held in memory: a transaction failed, or somebody else may have written meanwhile. */
  forget(): void;
  /** Rows that say nothing (a counter at 0), by table as an SQL condition: they may be there or not. */
  readonly hollow?: Readonly<Record<string, string>>;
  /** A quicker way to fill its empty tables from all events, for a rebuild; must make the same rows as `apply`. */
  bulk?(): BulkFold;
}

/** All events of a view, folded in memory, then written as rows. */
export interface BulkFold {
  /** The next events, in order. */
  take(events: readonly Recorded[]): void;
  /** The events are through. @returns true: not everything fitted into memory, all of them are wanted once more */
  endOfPass(): boolean;
  /** The rows this pass made, all of one table before those of the next. */
  rows(): Iterable<BulkRows>;
}

/** Rows of one table, or of one division's part of it. */
export interface BulkRows {
  readonly table: string;
  /** null: the table is not cut by division. */
  readonly division: string | null;
  readonly columns: readonly string[];
  /** In the text format of COPY. */
  readonly pieces: Iterable<string>;
}

/** Waits for all, then fails with the first failure: nothing goes on behind a rolled back transaction. */
export async function allOf<T>(work: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(work);
  return settled.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
}

/**
 * Cuts a batch where what follows must find what comes before written already: what a view makes of events must not
 * depend on where batches end.
 * @param begins whether a new part begins with this event; asked about each event once, in order
 */
export function partsOf(
  events: readonly Recorded[],
  begins: (event: Recorded, previous: Recorded) => boolean,
): readonly (readonly Recorded[])[] {
  const parts: Recorded[][] = [];
  let previous: Recorded | undefined;
  for (const event of events) {
    // Asked about the first, too: it may remember what it was asked about.
    const isCut = begins(event, previous ?? event);
    const part = parts.at(-1);
    if (part === undefined || (isCut && previous !== undefined)) parts.push([event]);
    else part.push(event);
    previous = event;
  }
  return parts;
}

/** Turns rows into columns, for `unnest($1::.., $2::.., ...)`. */
export const columns = <Row>(
  rows: readonly Row[],
  ...picks: readonly ((row: Row) => unknown)[]
): unknown[][] => picks.map((pick) => rows.map(pick));

/** What happens for each event type; types that are not named are not looked at. */
export type Handlers<Args extends readonly unknown[], Result> = {
  readonly [T in Recorded['type']]?: (event: RecordedOf<T>, ...args: Args) => Result;
};

/** @returns what the handler of this event says; undefined when it has none */
export function dispatch<Args extends readonly unknown[], Result>(
  handlers: Handlers<Args, Result>,
  event: Recorded,
  ...args: Args
): Result | undefined {
  // The key chose the handler, which the compiler cannot follow.
  const handler = handlers[event.type] as ((event: Recorded, ...args: Args) => Result) | undefined;
  return handler?.(event, ...args);
}
