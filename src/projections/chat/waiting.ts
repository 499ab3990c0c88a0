/** What a visitor of the web chat is told about waiting (docs/design/chat.md#hand-off). */
import { sql } from 'kysely';
import type { Division } from '../../domain/vocabulary.ts';
import { NOBODY, type ReadStore } from '../../ports.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';

const scopeOf = (division: Division) => ({ kind: 'division', division, userId: NOBODY }) as const;

const before = statement(
  'chat_queue_before',
  (division: Division, tag: string) =>
    // Who wants to buy is first, then who came first, as the router gives them out.
    sql<Columns<'read.tickets', { id: 'id' }>>`select id from read.tickets
where division = ${division} and queue_status in ('queued', 'off_hours') and status <> 'closed'
order by (${tag}::text = any(tags)) desc, queued_at, id limit 500`,
);

/**
 * @param tag of the tickets that go before others
 * @returns ids in the order in which they are given out, at most 500. The function throws StoreUnavailable.
 */
export const queueOf = async (read: ReadStore, division: Division, tag: string): Promise<readonly string[]> =>
  (await read.scoped(scopeOf(division), (on) => on.query(before(division, tag)))).map(({ id }) => id);

const medianWait = statement(
  'chat_median_wait',
  (division: Division, since: string) =>
    sql<{ minutes: number | null }>`select
  (percentile_cont(0.5) within group (order by extract(epoch from replied_at - escalated_at)) / 60)::float8 as minutes
from read.chat_talks
where division = ${division} and opened_at >= ${since}::timestamptz and escalated_at is not null and replied_at >= escalated_at`,
);

/** Nobody is promised a minute. */
const STEPS = [5, 15, 30, 60, 120, 240];

/** @returns the step that a wait is in, in minutes; null: it is not known, or longer */
export function etaOf(minutes: number | null): readonly [from: number, to: number] | null {
  if (minutes === null) return null;
  const at = STEPS.findIndex((step) => minutes <= step);
  return at === -1 ? null : [at === 0 ? 1 : (STEPS[at - 1] ?? 1), STEPS[at] ?? 1];
}

const DAYS = 7;

/** The median wait for a person of the last seven days, as a step. @throws StoreUnavailable */
export async function usualWait(
  read: ReadStore,
  division: Division,
  now: Date,
): Promise<readonly [from: number, to: number] | null> {
  const since = new Date(now.getTime() - DAYS * 86_400_000).toISOString();
  const [row] = await read.scoped(scopeOf(division), (on) => on.query(medianWait(division, since)));
  return etaOf(row?.minutes ?? null);
}

const atWork = statement(
  'chat_agents_online',
  (division: Division) =>
    sql<{ online: number }>`select count(*)::int as online from read.users
where division in (${division}, 'all') and role = 'sales_agent' and status = 'online' and is_active`,
);

/** @returns whether anybody of the division can answer now. The function throws StoreUnavailable. */
export const somebodyIsOnline = async (
  staff: { query: (of: ReturnType<typeof atWork>) => Promise<{ online: number }[]> },
  division: Division,
): Promise<boolean> => ((await staff.query(atWork(division)))[0]?.online ?? 0) > 0;
