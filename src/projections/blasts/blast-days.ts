/** What of blasts went out on each day and was answered, counted as recipients change (contract.md 7). */
import { type Calendar, dayText } from '../../domain/time/calendar.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { Sql } from '../../ports.ts';
import { addBySpan, countersOf, counts } from '../analytics/counters.ts';
import { sentOf } from './blasts.ts';

/** A recipient before and after a statement: `moved` reads it, `MOVED` makes it. */
export interface Moved {
  readonly division: Division;
  readonly category: 'PANAS' | 'HANGAT' | 'DINGIN' | 'NONE';
  readonly was_at: Date | null;
  readonly was_sent: boolean;
  readonly was_answered: boolean;
  readonly now_at: Date | null;
  readonly now_sent: boolean;
  readonly now_answered: boolean;
}

/** What an UPDATE of read.blast_recipients `r` returns, `o` being the same row as the statement found it. */
export const MOVED = `returning r.division, r.category,
  o.attempted_at as was_at, ${sentOf('o')} as was_sent, o.responded_at is not null as was_answered,
  r.attempted_at as now_at, ${sentOf('r')} as now_sent, r.responded_at is not null as now_answered`;
/** `o` joined to `row`, both by the key. */
export const sameAs = (row: string): string =>
  `o.division = ${row}.division and o.blast_id = ${row}.blast_id and o.ticket_id = ${row}.ticket_id`;

const days = countersOf({
  table: 'read.blast_days',
  keys: [
    { name: 'division', type: 'text' },
    { name: 'span', type: 'text' },
    { name: 'day', type: 'date' },
    { name: 'category', type: 'text' },
  ],
  sums: counts('sent', 'responded'),
});

export interface BlastDays {
  moved(recipients: readonly Moved[]): void;
  write(sql: Sql): Promise<void>;
}

/** By the day of the last attempt in this calendar; only what was sent counts, also as answered. */
export function blastDays(calendar: Calendar): BlastDays {
  const of = days();
  return {
    moved(recipients) {
      for (const { division, category, ...row } of recipients) {
        if (category === 'NONE') continue;
        const count = (at: Date | null, sent: boolean, answered: boolean, sign: 1 | -1): void => {
          if (at === null || !sent) return;
          const day = dayText(calendar.dayOf(at.getTime()));
          addBySpan(of, division, day, [category], [sign, answered ? sign : 0]);
        };
        count(row.was_at, row.was_sent, row.was_answered, -1);
        count(row.now_at, row.now_sent, row.now_answered, 1);
      }
    },
    write: (sql) => of.write(sql),
  };
}
