/**
 * The inbox at many tickets: every filter alone and the common pairs, page and exact total together, under row
 * security, as the product asks for them (docs/design/architecture.md#quality-bars: p50 <= 1 ms, p99 <= 5 ms).
 */
import { createPostgres } from '../../src/adapters/postgres/index.ts';
import { type Division, DIVISIONS } from '../../src/domain/vocabulary.ts';
import type { Logger, ReadStore, Scope } from '../../src/ports.ts';
import { type InboxQuery, listInbox } from '../../src/projections/tickets/inbox.ts';
import { agentId } from '../history/ticket-history.ts';
import { write } from '../../src/engine/sql/statement.ts';

export interface InboxBenchContext {
  /** A migrated database whose inbox is filled (bench/history/generate-tickets.ts, then the projector). */
  readonly url: string;
  readonly logger: Logger;
  /** Per query. Default 200. */
  readonly rounds?: number;
  /** Names of queries, as in the rows. Default: all. */
  readonly only?: readonly string[];
}

export interface InboxBenchRow {
  readonly what: string;
  readonly total: number;
  readonly p50: number;
  readonly p99: number;
}

type Filters = Omit<InboxQuery, 'divisions' | 'limit'>;

const agent = agentId('sari', 2);

/** The filters of docs/design/api.md#inbox alone, then the pairs that agents use. */
export const QUERIES: readonly (readonly [string, Filters])[] = [
  ['no filter', {}],
  ['status new', { status: 'new' }],
  ['status in_progress', { status: 'in_progress' }],
  ['status awaiting_response', { status: 'awaiting_response' }],
  ['status closed', { status: 'closed' }],
  ['queue free', { queueStatus: 'free' }],
  ['queue queued', { queueStatus: 'queued' }],
  ['queue assigned', { queueStatus: 'assigned' }],
  ['queue off_hours', { queueStatus: 'off_hours' }],
  ['common tag', { tags: ['promo'] }],
  ['rare tag', { tags: ['langka'] }],
  ['channel whatsapp', { channel: 'whatsapp' }],
  ['channel web', { channel: 'web' }],
  ['stage Lead', { crmStage: 'Lead' }],
  ['stage Won', { crmStage: 'Won' }],
  ['assigned to one', { assignedTo: agent }],
  ['idle', { isIdle: true }],
  ['not idle', { isIdle: false }],
  ['q b', { q: 'b' }],
  ['q budi', { q: 'budi' }],
  ['q santoso', { q: 'santoso' }],
  ['q 0812', { q: '0812' }],
  ['q 081234', { q: '081234' }],
  ['q 0812345', { q: '0812345' }],
  ['q 081234567', { q: '081234567' }],
  ['q nobody', { q: 'zzz' }],
  ['status + assignee', { status: 'in_progress', assignedTo: agent }],
  ['closed + assignee', { status: 'closed', assignedTo: agent }],
  ['status + channel', { status: 'in_progress', channel: 'web' }],
  ['queue + channel', { queueStatus: 'queued', channel: 'telegram' }],
  ['free + new', { queueStatus: 'free', status: 'new' }],
  ['tag + status', { tags: ['promo'], status: 'in_progress' }],
  ['rare tag + status', { tags: ['langka'], status: 'new' }],
  ['tag + assignee', { tags: ['vip'], assignedTo: agent }],
  ['tag + channel', { tags: ['promo'], channel: 'web' }],
  ['two tags', { tags: ['promo', 'vip'] }],
  ['two tags, one rare', { tags: ['promo', 'langka'] }],
  ['idle + assignee', { isIdle: true, assignedTo: agent }],
  ['idle + tag', { isIdle: true, tags: ['promo'] }],
  ['assignee + channel', { assignedTo: agent, channel: 'web' }],
  ['q budi + status', { q: 'budi', status: 'in_progress' }],
  ['q budi santoso', { q: 'budi santoso' }],
  ['offset 1000', { offset: 1000 }],
];

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

async function measure(
  read: ReadStore,
  scope: Scope,
  divisions: readonly Division[],
  filters: Filters,
  rounds: number,
): Promise<Omit<InboxBenchRow, 'what'>> {
  const query: InboxQuery = { ...filters, divisions, limit: 50 };
  let total = 0;
  // Plans and pages are warm before anything is counted, as on a working day.
  for (let n = 0; n < 15; n += 1) ({ total } = await listInbox(read, scope, query));
  const times: number[] = [];
  for (let n = 0; n < rounds; n += 1) {
    const began = performance.now();
    await listInbox(read, scope, query);
    times.push(performance.now() - began);
  }
  times.sort((a, b) => a - b);
  return { total, p50: percentile(times, 0.5), p99: percentile(times, 0.99) };
}

/** @returns one row per query, for the reader of one division and for one of all */
export async function run({
  url,
  logger,
  rounds = 200,
  only,
}: InboxBenchContext): Promise<readonly InboxBenchRow[]> {
  // One connection: what is measured is one caller's wait.
  const { reads, writes, close } = createPostgres({ url, logger, poolSize: 1 });
  const readers: readonly (readonly [string, Scope, readonly Division[]])[] = [
    ['sari', { kind: 'division', division: 'sari', userId: agent }, ['sari']],
    ['all', { kind: 'all', userId: agent }, DIVISIONS],
  ];
  try {
    await writes.query(write(null, 'analyze read.tickets'));
    await writes.query(write(null, 'analyze read.ticket_tags'));
    const rows: InboxBenchRow[] = [];
    for (const [reader, scope, divisions] of readers) {
      for (const [name, filters] of QUERIES) {
        const what = `${reader}: ${name}`;
        if (only && !only.includes(what)) continue;
        rows.push({ what, ...(await measure(reads, scope, divisions, filters, rounds)) });
      }
    }
    return rows;
  } finally {
    await close();
  }
}
