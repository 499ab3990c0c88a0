import { sql } from 'kysely';
import type pg from 'pg';
import { createBackoff } from '../../engine/jobs/backoff.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { EventBatch, EventFilter, Logger, Position, StoredEvent } from '../../ports.ts';
import { rowsOf } from '../postgres/rows-of.ts';
import type { Connection } from './connection.ts';
import { reasonOf } from './append-errors.ts';
import type { EventRow } from './rows.ts';
import { COLUMNS, counterOf, positionOf, storedEvent } from './rows.ts';
import type { Tail, TailRead } from './tail.ts';
import type { Wake } from './wake.ts';

const BATCH_SIZE = 500; // docs/design/performance.md#batch-size
/** How many positions one filtered read covers, in batches: with a rare match it advances in big steps. */
const SEARCH_BATCHES = 20;
const PAUSE_MS = { firstMs: 50, mostMs: 2_000 };

// One statement, one snapshot: everything at or below `head` is committed and visible in it. The first
// row carries the head even when no event matches.
const pageAfter = statement(
  'es-page',
  (from: bigint, window: number, limit: number) => sql<PageRow>`select s.head::text as head, ${COLUMNS}
  from es.store s
  left join lateral (
    select * from es.events e
     where e.position > ${from} and e.position <= least(s.head, ${from} + ${window})
     order by e.position limit ${limit}
  ) e on true`,
);

const filteredPageAfter = statement(
  'es-page-filtered',
  (from: bigint, window: number, limit: number, prefixes: readonly string[]) =>
    sql<PageRow>`select s.head::text as head, ${COLUMNS}
  from es.store s
  left join lateral (
    select * from es.events e
     where e.position > ${from} and e.position <= least(s.head, ${from} + ${window})
       and e.stream ^@ any (${prefixes}::text[])
     order by e.position limit ${limit}
  ) e on true`,
);

export interface TailSubscriptionOptions {
  readonly connection: Connection;
  readonly wake: Wake;
  /** Shared by all subscriptions of the connection's store. */
  readonly tail: Tail;
  readonly logger: Logger;
  readonly pollMs: number;
  readonly after: Position;
  readonly filter?: EventFilter;
  readonly batchSize?: number;
  readonly signal: AbortSignal;
}

/** See `EventStore.subscribe`. Yields an empty batch only to say that it caught up or that the checkpoint moved. */
export async function* subscription(
  options: TailSubscriptionOptions,
): AsyncGenerator<EventBatch, void, undefined> {
  const { signal, wake, logger } = options;
  let from = counterOf(options.after);
  let first = true;
  const backoff = createBackoff(PAUSE_MS);
  while (!signal.aborted) {
    const ticket = wake.ticket();
    let page: Page;
    try {
      const limit = options.batchSize ?? BATCH_SIZE;
      // A larger limit means a long way to catch up: reading it through the tail would push out the newest events.
      const newest = limit > BATCH_SIZE ? undefined : await options.tail.after(from, limit, ticket);
      page = newest
        ? filtered(newest, from, options.filter)
        : await options.connection.run((client) => readPage(client, from, options));
      backoff.reset();
    } catch (error) {
      if (signal.aborted) return;
      logger.warn({ position: positionOf(from), reason: reasonOf(error) }, 'event subscription reconnects');
      await sleep(backoff.next(), signal);
      continue;
    }
    const caughtUp = page.checkpoint >= page.head;
    if (page.events.length > 0 || page.checkpoint > from || (first && caughtUp)) {
      first = false;
      from = page.checkpoint;
      yield {
        events: page.events,
        checkpoint: from === 0n ? options.after : positionOf(from),
        caughtUp,
      };
    }
    if (caughtUp) await wake.sleep(ticket, options.pollMs, signal);
  }
}

interface Page {
  readonly events: readonly StoredEvent[];
  readonly head: bigint;
  readonly checkpoint: bigint;
}

function filtered({ events, head }: TailRead, from: bigint, filter: EventFilter | undefined): Page {
  const wanted = ({ stream }: StoredEvent): boolean =>
    !filter || filter.streamPrefixes.some((prefix) => stream.startsWith(prefix));
  return { events: events.filter(wanted), head, checkpoint: from + BigInt(events.length) };
}

/** The first events of any stream after a position: how a Tail reads. */
export async function readNewest(client: pg.Client, from: bigint, limit: number): Promise<TailRead> {
  const rows = await rowsOf(client, pageAfter(from, limit, limit));
  return { events: eventsOf(rows), head: BigInt(rows[0]?.head ?? 0) };
}

/** Where no event matches there is still one row, with the head alone. */
type PageRow = (EventRow | { readonly [Column in keyof EventRow]: null }) & { readonly head: string };

const isEvent = (row: PageRow): row is EventRow & PageRow => row.position !== null;

const eventsOf = (rows: readonly PageRow[]): StoredEvent[] => rows.filter(isEvent).map(storedEvent);

async function readPage(client: pg.Client, from: bigint, options: TailSubscriptionOptions): Promise<Page> {
  const limit = options.batchSize ?? BATCH_SIZE;
  const prefixes = options.filter?.streamPrefixes;
  const window = prefixes ? limit * SEARCH_BATCHES : limit;
  const rows = await rowsOf(
    client,
    prefixes ? filteredPageAfter(from, window, limit, prefixes) : pageAfter(from, window, limit),
  );
  const head = BigInt(rows[0]?.head ?? 0);
  const events = eventsOf(rows);
  const searched = from + BigInt(window) < head ? from + BigInt(window) : head;
  const last = events.at(-1);
  const checkpoint = events.length === limit && last ? counterOf(last.position) : searched;
  // A head behind us means another or a restored store: stay, the runner compares `head()` with its checkpoint.
  return { events, head, checkpoint: checkpoint > from ? checkpoint : from };
}
