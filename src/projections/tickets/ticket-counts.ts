/**
 * Exact totals without counting: for each way of looking at tickets ('lens') the projector keeps how many there
 * are of each kind (status, queue_status, channel, stage). A total is then the sum of at most a few dozen rows.
 */
import type { Sql } from '../../ports.ts';
import { queueStatusOf, tagKeysOf } from './ticket-columns.ts';
import type { TicketRow } from './ticket-row.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { write } from '../../engine/sql/statement.ts';

export const ALL_TICKETS = '*';

/**
 * The lens of a filter by assignee and tags; undefined where no lens is kept and the rows must be counted.
 * The first letter says what follows: a tag may hold any text, so one tag could look like a pair of others.
 */
export function lensOf(assignee: string | undefined, tags: readonly string[]): string | undefined {
  const [first, second, ...more] = [...tags].sort();
  if (more.length > 0 || (second !== undefined && assignee !== undefined)) return undefined;
  if (second !== undefined && first !== undefined) return `p${String(first.length)}:${first} ${second}`;
  if (first !== undefined) return assignee === undefined ? `t${first}` : `a${assignee} t${first}`;
  return assignee === undefined ? ALL_TICKETS : `a${assignee}`;
}

function lensesOf(row: TicketRow): readonly string[] {
  const { assignedTo } = row;
  const tags = tagKeysOf(row);
  const agents = assignedTo === null ? [undefined] : [undefined, assignedTo];
  const lenses = agents.flatMap((agent) => [lensOf(agent, []), ...tags.map((tag) => lensOf(agent, [tag]))]);
  tags.forEach((tag, index) => {
    for (const other of tags.slice(index + 1)) lenses.push(lensOf(undefined, [tag, other]));
  });
  return lenses.filter((lens) => lens !== undefined);
}

export interface CountChange {
  readonly division: string;
  readonly lens: string;
  readonly status: string;
  readonly queueStatus: string;
  readonly channel: string;
  readonly stage: string;
  delta: number;
}

/** Sums up what a batch of changed tickets does to the counters. */
export function countChanges() {
  const changes = new Map<string, CountChange>();

  const add = (row: TicketRow, delta: number): void => {
    const { division, status, channel, crm_stage } = row.card;
    const queue_status = queueStatusOf(row);
    const kind = `${division} ${status} ${queue_status} ${channel} ${crm_stage} `;
    for (const lens of lensesOf(row)) {
      const key = kind + lens;
      const known = changes.get(key);
      if (known) known.delta += delta;
      else
        changes.set(key, {
          division,
          lens,
          status,
          queueStatus: queue_status,
          channel,
          stage: crm_stage,
          delta,
        });
    }
  };

  const sameCell = (a: TicketRow, b: TicketRow): boolean =>
    a.card.status === b.card.status &&
    a.card.queue_status === b.card.queue_status &&
    a.card.crm_stage === b.card.crm_stage &&
    a.assignedTo === b.assignedTo &&
    a.card.tags === b.card.tags;

  return {
    moved(before: TicketRow | undefined, after: TicketRow): void {
      if (before && sameCell(before, after)) return;
      if (before) add(before, -1);
      add(after, 1);
    },
    /** What is left once everything is summed up. */
    all: (): readonly CountChange[] => [...changes.values()].filter(({ delta }) => delta !== 0),
    async write(sql: Sql): Promise<void> {
      const real = this.all();
      if (real.length === 0) return;
      await sql.query(
        write(
          'ticket_counts_add',
          `insert into read.ticket_counts as c (division, lens, status, queue_status, channel, crm_stage, n)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[])
on conflict (division, lens, status, queue_status, channel, crm_stage) do update set n = c.n + excluded.n`,
          columnsOf('read.ticket_counts', real, {
            division: (c) => c.division,
            lens: (c) => c.lens,
            status: (c) => c.status,
            queue_status: (c) => c.queueStatus,
            channel: (c) => c.channel,
            crm_stage: (c) => c.stage,
            n: (c) => c.delta,
          }),
        ),
      );
    },
  };
}
