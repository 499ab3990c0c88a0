import { sql } from 'kysely';
import type pg from 'pg';
import { statement } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';
import type { EventStore, StoredEvent, StoreLook } from '../../ports.ts';
import { rowsOf } from '../postgres/rows-of.ts';
import { int4Array, int8Array, textArray } from './binary-array.ts';
import type { EventRow } from './rows.ts';
import { COLUMNS, storedEvent } from './rows.ts';

const forwards = statement(
  'es-read-forwards',
  (stream: string, from: bigint, limit: number) => sql<EventRow>`select ${COLUMNS} from es.events e
  where e.stream = ${stream} and e.revision >= ${from} order by e.revision limit ${limit}`,
);
const backwards = statement(
  'es-read-backwards',
  (stream: string, from: bigint, limit: number) => sql<EventRow>`select ${COLUMNS} from es.events e
  where e.stream = ${stream} and e.revision <= ${from} order by e.revision desc limit ${limit}`,
);
const lastRevision = statement(
  'es-stream-revision',
  (stream: string) => sql<Pick<EventRow, 'revision'>>`select e.revision::text as revision from es.events e
  where e.stream = ${stream} order by e.revision desc limit 1`,
);
/** Events of one read that names no limit. */
const DEFAULT_LIMIT = 1_000;
const LAST_REVISION = 9_223_372_036_854_775_807n;

/** Events of one stream, `from` included: see `EventStore.read`. Walks the unique index (stream, revision). */
export async function readStream(
  client: pg.Client,
  stream: string,
  options: { readonly from?: bigint; readonly direction?: 'forwards' | 'backwards'; readonly limit?: number },
): Promise<readonly StoredEvent[]> {
  const limit = options.limit ?? DEFAULT_LIMIT;
  const rows = await rowsOf(
    client,
    options.direction === 'backwards'
      ? backwards(stream, options.from ?? LAST_REVISION, limit)
      : forwards(stream, options.from ?? 0n, limit),
  );
  return rows.map(storedEvent);
}

/** Revision of the stream's last event, -1n when there is none. */
export async function streamRevision(client: pg.Client, stream: string): Promise<bigint> {
  const [row] = await rowsOf(client, lastRevision(stream));
  return BigInt(row?.revision ?? -1n);
}

const idOf = statement(null, () => tables.selectFrom('es.store').select('store_id as storeId'));

/** The store's id; null: the row is gone. */
export async function identityOn(client: pg.Client): Promise<string | null> {
  const [row] = await rowsOf(client, idOf());
  return row?.storeId ?? null;
}

/** The store as this very connection sees it. */
export const lookOn = (client: pg.Client): StoreLook => ({
  identity: () => identityOn(client),
  read: (stream, options = {}) => readStream(client, stream, options),
});

/** `n` counts the streams that are asked for, from 1. */
type StreamRow = EventRow & { readonly n: number };

const readStreams = statement(
  'es-read-streams',
  (streams: Buffer, from: Buffer, limits: Buffer) => sql<StreamRow>`select asked.n::int4 as n, e.*
  from unnest(${streams}::text[], ${from}::int8[], ${limits}::int4[]) with ordinality as asked (stream, first, most, n),
  lateral (select ${COLUMNS} from es.events e where e.stream = asked.stream and e.revision >= asked.first
    order by e.revision limit asked.most) e
  order by asked.n, e.revision::int8`,
);

interface Asked {
  readonly stream: string;
  readonly from: bigint;
  readonly limit: number;
  readonly resolve: (events: readonly StoredEvent[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Streams per statement: more would make the first caller wait for the last one's rows. */
const MOST = 64;

/**
 * While a read is under way, others that are asked for in the same turn of the event loop travel in one statement: it costs
 * more than the few events that it brings (docs/design/performance.md#reads-in-groups).
 * @param run as `readers().run`
 */
export function groupedReads(
  run: <T>(read: (client: pg.Client) => Promise<T>) => Promise<T>,
): EventStore['read'] {
  let asked: Asked[] = [];
  let underWay = 0;

  async function send(group: readonly Asked[]): Promise<void> {
    underWay += 1;
    try {
      const answers = await run((client) => eventsOf(client, group));
      group.forEach(({ resolve }, at) => {
        resolve(answers[at] ?? []);
      });
    } catch (error) {
      for (const { reject } of group) reject(error);
    } finally {
      underWay -= 1;
    }
  }

  function sendAll(): void {
    const all = asked;
    asked = [];
    for (let at = 0; at < all.length; at += MOST) void send(all.slice(at, at + MOST));
  }

  return (stream, options = {}) => {
    const { direction, from = 0n, limit = DEFAULT_LIMIT } = options;
    if (direction === 'backwards') return run((client) => readStream(client, stream, options));
    return new Promise((resolve, reject) => {
      const one = { stream, from, limit, resolve, reject };
      if (underWay === 0) {
        void send([one]);
        return;
      }
      if (asked.length === 0) setImmediate(sendAll);
      asked.push(one);
    });
  };
}

async function eventsOf(
  client: pg.Client,
  group: readonly Asked[],
): Promise<readonly (readonly StoredEvent[])[]> {
  const [only] = group;
  if (only && group.length === 1) return [await readStream(client, only.stream, only)];
  const rows = await rowsOf(
    client,
    readStreams(
      textArray(
        'text',
        group.map(({ stream }) => stream),
      ),
      int8Array(group.map(({ from }) => from)),
      int4Array(group.map(({ limit }) => limit)),
    ),
  );
  const events: StoredEvent[][] = group.map(() => []);
  for (const row of rows) events[row.n - 1]?.push(storedEvent(row));
  return events;
}
