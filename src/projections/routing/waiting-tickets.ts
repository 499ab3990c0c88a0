/** How many tickets wait for an agent, for the metrics: from the counters that the inbox keeps for its totals. */
import { sql } from 'kysely';
import { DIVISIONS } from '../../domain/vocabulary.ts';
import type { WriteStore } from '../../ports.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import { ALL_TICKETS } from '../tickets/ticket-counts.ts';

export interface WaitingCount {
  readonly division: string;
  readonly queue: 'free' | 'queued' | 'off_hours';
  readonly count: number;
}

const QUEUES = ['free', 'queued', 'off_hours'] as const;

const waiting = statement(
  'waiting_tickets',
  (lens: string, divisions: readonly string[], queues: readonly string[]) => sql<
    Columns<'read.ticket_counts', { division: 'division'; queue: 'queue_status' }> & { count: number }
  >`select division, queue_status as queue, sum(n)::int as count from read.ticket_counts
where lens = ${lens} and division = any(${divisions}) and queue_status = any(${queues}) and status <> 'closed'
group by division, queue_status`,
);

/** Every division and queue, also those where nobody waits. @throws StoreUnavailable */
export async function waitingTickets(database: Pick<WriteStore, 'query'>): Promise<readonly WaitingCount[]> {
  const rows = await database.query(waiting(ALL_TICKETS, DIVISIONS, QUEUES));
  return DIVISIONS.flatMap((division) =>
    QUEUES.map((queue) => ({
      division,
      queue,
      count: rows.find((row) => row.division === division && row.queue === queue)?.count ?? 0,
    })),
  );
}
