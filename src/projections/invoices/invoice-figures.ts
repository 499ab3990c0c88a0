/** What was invoiced and paid, month by month (docs/design/field-service.md#figures-of-money-and-ratings). */
import { sql } from 'kysely';
import type { Division } from '../../domain/vocabulary.ts';
import { statement } from '../../engine/sql/statement.ts';
import type { ReadStore, Scope } from '../../ports.ts';

export interface MonthOfMoney {
  /** 'YYYY-MM'. */
  readonly month: string;
  /** Invoices whose day is in it, without void ones. */
  readonly count: number;
  /** Rupiah. */
  readonly invoiced: number;
  readonly paid: number;
}

const byMonth = statement(
  'invoices_by_month',
  (division: Division | null, from: string, to: string) => sql<MonthOfMoney>`
select m.month, sum(m.n)::int as count, sum(m.invoiced)::float8 as invoiced, sum(m.paid)::float8 as paid from (
  select to_char(i.issued_on, 'YYYY-MM') as month, 1 as n, i.total as invoiced, 0::bigint as paid from read.invoices i
  where i.status <> 'void' and i.issued_on between ${from}::date and ${to}::date
    and (${division}::text is null or i.division = ${division})
  union all
  select left(p->>'at', 7), 0, 0, (p->>'amount')::bigint + (p->>'withheld')::bigint
  from read.invoices i cross join lateral json_array_elements(i.card->'payments') p
  where (p->>'at')::date between ${from}::date and ${to}::date and (${division}::text is null or i.division = ${division})
) m group by m.month order by m.month`,
);

/** Months in which something was invoiced or paid, in order. Days are those of the business, both within. */
export const moneyByMonth = (
  read: ReadStore,
  scope: Scope,
  { from, to, division = null }: { from: string; to: string; division?: Division | null | undefined },
): Promise<readonly MonthOfMoney[]> => read.scoped(scope, (on) => on.query(byMonth(division, from, to)));
