import { sql } from 'kysely';
import type pg from 'pg';
import { statement } from '../../engine/sql/statement.ts';
import type { StoredEvent } from '../../ports.ts';
import { rowsOf } from '../postgres/rows-of.ts';
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
const LAST_REVISION = 9_223_372_036_854_775_807n;

/** Events of one stream, `from` included: see `EventStore.read`. Walks the unique index (stream, revision). */
export async function readStream(
  client: pg.Client,
  stream: string,
  options: { readonly from?: bigint; readonly direction?: 'forwards' | 'backwards'; readonly limit?: number },
): Promise<readonly StoredEvent[]> {
  const limit = options.limit ?? 1_000;
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
