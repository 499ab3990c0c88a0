/** When each division is at work (docs/design/api.md#office-hours). */
import { divisionAggregate, type DivisionState } from '../../domain/settings/division.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { ReadStore, Scope } from '../../ports.ts';
import type { View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';

export type Hours = DivisionState['hours'];

const hoursOf = statement('office_hours', (division: Division) =>
  tables
    .selectFrom('read.office_hours')
    .select(({ ref }) => ref('hours').$castTo<Hours>().as('hours'))
    .where('unit', '=', division),
);

/** The hours a division has set, or the default. */
export async function officeHoursOf(read: ReadStore, scope: Scope, division: Division): Promise<Hours> {
  const [row] = await read.scoped(scope, (sql) => sql.query(hoursOf(division)));
  return row?.hours ?? divisionAggregate.initial.hours;
}

/** The view `read.office_hours`. */
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
      await sql.query(
        write(
          null,
          `insert into read.office_hours (unit, hours) select * from unnest($1::text[], $2::json[])
on conflict (unit) do update set hours = excluded.hours`,
          columnsOf('read.office_hours', [...last], {
            unit: ([division]) => division,
            hours: ([, hours]) => JSON.stringify(hours),
          }),
        ),
      );
      return undefined;
    },
  };
}
