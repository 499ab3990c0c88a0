/** How many tickets wait for an agent, for the metrics: from the counters that the inbox keeps for its totals. */
import { DIVISIONS } from '../../domain/vocabulary.ts';
import type { WriteStore } from '../../ports.ts';
import { ALL_TICKETS } from '../tickets/ticket-counts.ts';

export interface WaitingCount {
  readonly division: string;
  readonly queue: 'free' | 'queued' | 'off_hours';
  readonly count: number;
}

const QUEUES = ['free', 'queued', 'off_hours'] as const;

/** Every division and queue, also those where nobody waits. @throws StoreUnavailable */
export async function waitingTickets(tables: Pick<WriteStore, 'query'>): Promise<readonly WaitingCount[]> {
  const rows = await tables.query<WaitingCount>({
    name: 'waiting_tickets',
    text: `select division, queue_status as queue, sum(n)::int as count from read.ticket_counts
where lens = $1 and division = any($2) and queue_status = any($3) and status <> 'closed'
group by division, queue_status`,
    values: [ALL_TICKETS, DIVISIONS, QUEUES],
  });
  return DIVISIONS.flatMap((division) =>
    QUEUES.map((queue) => ({
      division,
      queue,
      count: rows.find((row) => row.division === division && row.queue === queue)?.count ?? 0,
    })),
  );
}
