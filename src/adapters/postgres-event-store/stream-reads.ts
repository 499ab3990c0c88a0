import type pg from 'pg';
import type { StoredEvent, StoreLook } from '../../ports.ts';
import type { EventRow } from './rows.ts';
import { COLUMNS, storedEvent } from './rows.ts';

const FORWARDS = `select ${COLUMNS} from es.events e
  where e.stream = $1 and e.revision >= $2 order by e.revision limit $3`;
const BACKWARDS = `select ${COLUMNS} from es.events e
  where e.stream = $1 and e.revision <= $2 order by e.revision desc limit $3`;
const LAST_REVISION = 9_223_372_036_854_775_807n;

/** Events of one stream, `from` included: see `EventStore.read`. Walks the unique index (stream, revision). */
export async function readStream(
  client: pg.Client,
  stream: string,
  options: { readonly from?: bigint; readonly direction?: 'forwards' | 'backwards'; readonly limit?: number },
): Promise<readonly StoredEvent[]> {
  const backwards = options.direction === 'backwards';
  const { rows } = await client.query<EventRow>({
    name: backwards ? 'es-read-backwards' : 'es-read-forwards',
    text: backwards ? BACKWARDS : FORWARDS,
    values: [stream, options.from ?? (backwards ? LAST_REVISION : 0n), options.limit ?? 1_000],
  });
  return rows.map(storedEvent);
}

/** Revision of the stream's last event, -1n when there is none. */
export async function streamRevision(client: pg.Client, stream: string): Promise<bigint> {
  const { rows } = await client.query<{ revision: string }>({
    name: 'es-stream-revision',
    text: 'select revision from es.events where stream = $1 order by revision desc limit 1',
    values: [stream],
  });
  return BigInt(rows[0]?.revision ?? -1n);
}

/** The store's id; null: the row is gone. */
export async function identityOn(client: pg.Client): Promise<string | null> {
  const { rows } = await client.query<{ store_id: string }>('select store_id from es.store');
  return rows[0]?.store_id ?? null;
}

/** The store as this very connection sees it. */
export const lookOn = (client: pg.Client): StoreLook => ({
  identity: () => identityOn(client),
  read: (stream, options = {}) => readStream(client, stream, options),
});
