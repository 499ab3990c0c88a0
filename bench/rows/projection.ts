/**
 * The live path: the real projector over a history, against COPY of as many rows into the same indexed tables in
 * the same run (docs/design/architecture.md#quality-bars: the inbox view alone >= 0.40 of it, all views >= 15,000
 * events/s).
 */
import { pipeline } from 'node:stream/promises';
import { sql } from 'kysely';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { countInboxEvents, generateTickets } from '../history/generate-tickets.ts';
import { rowsOf } from '../../src/adapters/postgres/rows-of.ts';
import { statement } from '../../src/engine/sql/statement.ts';
import { inboxView } from '../../src/projections/tickets/inbox-view.ts';
import type { View } from '../../src/engine/projections/view.ts';
import { createViews } from '../../src/projections/views.ts';
import { projectUntilCaughtUp } from '../processes/project.ts';

export interface ProjectionBenchContext {
  /** An empty, migrated database. */
  readonly url: string;
  /** Default 20,000: about 124,000 events. */
  readonly tickets?: number;
}

export interface ProjectionBenchResult {
  readonly events: number;
  /** Events of ticket and conversation streams: what the inbox view folds. */
  readonly inboxEvents: number;
  readonly inboxEventsPerSecond: number;
  readonly allViewsEventsPerSecond: number;
  /** Rows of read.tickets by COPY, all its indexes in place: the limit of the same run. */
  readonly copyRowsPerSecond: number;
  readonly inboxOfCopy: number;
}

const readTables = statement(
  null,
  () => sql<{ readonly name: string }>`select oid::regclass::text as name from pg_class
    where relnamespace = 'read'::regnamespace and relkind in ('r', 'p') and not relispartition`,
);
const countTickets = statement(
  null,
  () => sql<{ readonly n: number }>`select count(*)::int as n from read.tickets`,
);

async function reset(client: pg.Client): Promise<void> {
  const rows = await rowsOf(client, readTables());
  await client.query(`truncate ${rows.map(({ name }) => name).join(', ')}, ops.projections`);
}

async function fill(client: pg.Client, url: string, views: readonly View[]): Promise<number> {
  await reset(client);
  return projectUntilCaughtUp(url, views);
}

/** COPY of the rows that the projector made, into the same table with all its indexes. */
async function copyTickets(client: pg.Client, url: string): Promise<{ rows: number; seconds: number }> {
  const [counted] = await rowsOf(client, countTickets());
  const reader = new pg.Client({ connectionString: url });
  await reader.connect();
  try {
    const chunks: Buffer[] = [];
    const out = reader.query(copyTo('copy (select * from read.tickets order by last_activity_at) to stdout'));
    for await (const chunk of out) chunks.push(chunk as Buffer);
    await client.query('truncate read.tickets');
    // COPY does not work under row security: the limit is measured without it, in this bench database only.
    await client.query('alter table read.tickets no force row level security');
    const began = performance.now();
    await pipeline(chunks, client.query(copyFrom('copy read.tickets from stdin')));
    const seconds = (performance.now() - began) / 1000;
    await client.query('alter table read.tickets force row level security');
    return { rows: counted?.n ?? 0, seconds };
  } finally {
    await reader.end();
  }
}

export async function run({ url, tickets = 20_000 }: ProjectionBenchContext): Promise<ProjectionBenchResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const events = await generateTickets(url, tickets);
    const [counted] = await rowsOf(client, countInboxEvents());
    const inboxEvents = counted?.n ?? 0;
    const allSeconds = await fill(client, url, createViews());
    const inboxSeconds = await fill(client, url, [inboxView()]);
    const copy = await copyTickets(client, url);
    const inboxEventsPerSecond = inboxEvents / inboxSeconds;
    const copyRowsPerSecond = copy.rows / copy.seconds;
    return {
      events,
      inboxEvents,
      inboxEventsPerSecond,
      allViewsEventsPerSecond: events / allSeconds,
      copyRowsPerSecond,
      inboxOfCopy: inboxEventsPerSecond / copyRowsPerSecond,
    };
  } finally {
    await client.end();
  }
}
