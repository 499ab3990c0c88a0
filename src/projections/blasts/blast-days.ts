/**
 * How many blast messages were sent on each day, and how many were answered, counted as recipients change
 * (docs/design/api.md#blast-response).
 */
import { type Calendar, dayText } from '../../domain/time/calendar.ts';
import type { Columns } from '../../engine/sql/tables.ts';
import type { Sql } from '../../ports.ts';
import { addBySpan, countersOf, counts } from '../analytics/counters.ts';
import { sentOf } from './recipient-outcome.ts';

/** A recipient before (`was`) and after (`now`) an update: the row that `RETURNING_CHANGE` returns. */
export type RecipientChange = Columns<
  'read.blast_recipients',
  { division: 'division'; category: 'category'; was_at: 'attempted_at'; now_at: 'attempted_at' }
> & {
  readonly was_sent: boolean;
  readonly was_answered: boolean;
  readonly now_sent: boolean;
  readonly now_answered: boolean;
};

/** The end of an update of `read.blast_recipients r`; `o` is the same row before the update, see `sameRecipient`. */
export const RETURNING_CHANGE = `returning r.division, r.category,
  o.attempted_at as was_at, ${sentOf('o')} as was_sent, o.responded_at is not null as was_answered,
  r.attempted_at as now_at, ${sentOf('r')} as now_sent, r.responded_at is not null as now_answered`;

/** SQL: `o` is the recipient that `row` names by its key. */
export const sameRecipient = (row: string): string =>
  `o.division = ${row}.division and o.blast_id = ${row}.blast_id and o.ticket_id = ${row}.ticket_id`;

const dayCounters = countersOf({
  table: 'read.blast_days',
  keys: [
    { name: 'division', type: 'text' },
    { name: 'span', type: 'text' },
    { name: 'day', type: 'date' },
    { name: 'category', type: 'text' },
  ],
  sums: counts('sent', 'responded'),
});

/** The changes of the day counters that one batch makes. */
export interface BlastDays {
  changed(recipients: readonly RecipientChange[]): void;
  write(on: Sql): Promise<void>;
}

/**
 * Counts by the day of the last attempt. A message that was not sent counts neither as sent nor as answered.
 * @param calendar of BUSINESS_TIMEZONE
 */
export function blastDays(calendar: Calendar): BlastDays {
  const counters = dayCounters();
  return {
    changed(recipients) {
      for (const { division, category, ...row } of recipients) {
        if (category === 'NONE') continue;
        const count = (at: Date | null, sent: boolean, answered: boolean, sign: 1 | -1): void => {
          if (at === null || !sent) return;
          const day = dayText(calendar.dayOf(at.getTime()));
          addBySpan(counters, division, day, [category], [sign, answered ? sign : 0]);
        };
        count(row.was_at, row.was_sent, row.was_answered, -1);
        count(row.now_at, row.now_sent, row.now_answered, 1);
      }
    },
    write: (on) => counters.write(on),
  };
}
