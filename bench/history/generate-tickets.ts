/**
 * Writes the history of many tickets into the event store: events, not rows. The projector does the rest.
 *
 *   DATABASE_URL=postgres://... npx tsx bench/history/generate-tickets.ts 1000000
 *
 * Goes past `es.append` by COPY, and keeps its rules: the lock of es.store first, gapless positions from its head,
 * revisions without gaps per stream, the head moved in the same transaction. For an event store without other
 * writers only: they wait until it is done.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pathToFileURL } from 'node:url';
import { sql } from 'kysely';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { positionOf } from '../../src/adapters/postgres-event-store/rows.ts';
import { statement } from '../../src/engine/sql/statement.ts';
import { rowsOf } from '../../src/adapters/postgres/rows-of.ts';
import { type Appended, ticketHistory } from './ticket-history.ts';

const field = (text: string): string => text.replaceAll('\\', '\\\\');

function line(position: bigint, { stream, revision, event }: Appended): string {
  const { id, type, data, metadata } = event;
  return `${String(position)}\t${stream}\t${String(revision)}\t${id}\t${type}\t${field(JSON.stringify(data))}\t${field(JSON.stringify(metadata))}\n`;
}

const CHUNK = 500;

/** Locks the store until the end of the transaction. */
const headOfStore = statement(
  null,
  () => sql<{ readonly head: string }>`select head::text as head from es.store for update`,
);

/** Events of the streams that the inbox is made of. */
export const countInboxEvents = statement(
  null,
  () => sql<{ readonly n: number }>`
    select count(*)::int as n from es.events where stream ~ '^(ticket|conversation)-'`,
);

/** @returns how many events were written */
export async function generateTickets(
  url: string,
  tickets: number,
  options: { readonly seed?: number; readonly until?: number; readonly days?: number } = {},
): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('begin');
    const [store] = await rowsOf(client, headOfStore());
    const first = BigInt(store?.head ?? 0);
    let head = first;
    const lines = function* () {
      let chunk: string[] = [];
      for (const appended of ticketHistory({ tickets, until: options.until ?? Date.now(), ...options })) {
        head += 1n;
        chunk.push(line(head, appended));
        if (chunk.length < CHUNK) continue;
        yield chunk.join('');
        chunk = [];
      }
      yield chunk.join('');
    };
    await pipeline(
      Readable.from(lines()),
      client.query(
        copyFrom('copy es.events (position, stream, revision, event_id, type, data, metadata) from stdin'),
      ),
    );
    await client.query('update es.store set head = $1', [String(head)]);
    // The messages of this made-up past are sent already: no job may send them now.
    await client.query(
      `insert into ops.job_checkpoints (job, store_id, position)
       select job, store_id::text, $1 from es.store, unnest(array['sender', 'media']) job
       on conflict (job) do update set position = excluded.position`,
      [positionOf(head)],
    );
    await client.query('commit');
    return Number(head - first);
  } finally {
    await client.end();
  }
}

async function main(): Promise<void> {
  const url = process.env['DATABASE_URL'];
  const tickets = Number(process.argv[2] ?? 1_000_000);
  if (url === undefined || !Number.isSafeInteger(tickets) || tickets < 1) {
    console.error(
      'DATABASE_URL=postgres://... npx tsx bench/history/generate-tickets.ts [number of tickets]',
    );
    process.exitCode = 1;
    return;
  }
  const began = performance.now();
  const events = await generateTickets(url, tickets);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${String(tickets)} tickets, ${String(events)} events in ${seconds} s`);
}

// Not awaited: an import of this module must not wait for it.
if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) void main();
