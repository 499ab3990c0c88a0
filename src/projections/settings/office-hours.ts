/** When each division is at work (contract.md 8, office-hours). */
import { divisionAggregate, type DivisionState } from '../../domain/settings/division.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope } from '../../ports.ts';
import { statement, tables } from '../staff/tables.ts';
import { columns, type View } from '../../engine/projections/view.ts';

export type Hours = DivisionState['hours'];

/** The hours a division has set, or the default. */
export async function officeHoursOf(read: ReadStore, scope: Scope, division: Division): Promise<Hours> {
  const [row] = await read.scoped(scope, (sql) =>
    sql.query<{ hours: Hours }>(
      statement(
        'office_hours',
        tables.selectFrom('read.office_hours').select('hours').where('unit', '=', division),
      ),
    ),
  );
  return row?.hours ?? divisionAggregate.initial.hours;
}

export function officeHoursView(): View {
  return {
    name: 'office_hours',
    streams: ['division-'],
    tables: ['office_hours'],
    forget: () => undefined,
    apply: async (sql, events) => {
      const last = new Map(
        events.flatMap((event) =>
          event.type === 'OfficeHoursSet' ? [[event.data.division, event.data.hours] as const] : [],
        ),
      );
      await sql.query({
        text: `insert into read.office_hours (unit, hours) select * from unnest($1::text[], $2::json[])
on conflict (unit) do update set hours = excluded.hours`,
        values: columns(
          [...last],
          ([division]) => division,
          ([, hours]) => JSON.stringify(hours),
        ),
      });
      return undefined;
    },
  };
}
