/** Room for jobs by day, and the technicians (docs/design/field-service.md#capacity). */
import { sql } from 'kysely';
import { dayAfter } from '../../domain/capacity/capacity-day.ts';
import { type Technician, technician } from '../../domain/capacity/technician.ts';
import { daysIn, type Period } from '../../domain/time/period.ts';
import type { Division } from '../../domain/vocabulary.ts';
import { statement } from '../../engine/sql/statement.ts';
import { type Columns, tables } from '../../engine/sql/tables.ts';
import type { ReadStore, Scope } from '../../ports.ts';

const setDays = statement(
  'capacity_days_between',
  (divisions: readonly Division[], from: string, to: string) =>
    sql<
      Columns<'read.capacity_days', { division: 'division'; day: 'day'; slots: 'slots' }>
    >`select division, day, slots
from read.capacity_days where division = any(${divisions}) and day between ${from} and ${to}`,
);

const takenSlots = statement(
  'slots_between',
  (divisions: readonly Division[], from: string, to: string) =>
    sql<
      Columns<'read.slots', { division: 'division'; day: 'day' }> & { readonly taken: number }
    >`select division, day, count(*)::int as taken
from read.slots where division = any(${divisions}) and day between ${from} and ${to} group by division, day`,
);

/** @returns every day of the period for each division, by day. @throws StoreUnavailable */
export async function capacityBetween(
  read: ReadStore,
  scope: Scope,
  divisions: readonly Division[],
  period: Period,
  jobsPerDay: number,
) {
  const { from, to } = period;
  const [set, taken] = await read.scoped(scope, async (on) => [
    await on.query(setDays(divisions, from, to)),
    await on.query(takenSlots(divisions, from, to)),
  ]);
  return Array.from({ length: daysIn(period) }, (_, by) => dayAfter(from, by)).flatMap((day) =>
    divisions.map((division) => {
      const isThis = (row: { readonly division: string; readonly day: string }) =>
        row.division === division && row.day === day;
      const slots = set.find(isThis)?.slots ?? jobsPerDay;
      const reserved = taken.find(isThis)?.taken ?? 0;
      return { division, day, slots, reserved, free: Math.max(0, slots - reserved) };
    }),
  );
}

const allTechnicians = statement('technicians_all', () =>
  tables
    .selectFrom('read.technicians')
    .select(({ ref }) => [
      'id',
      'max_jobs_per_day as maxJobsPerDay',
      'leave_from as from',
      'leave_to as to',
      ref('skills').$castTo<string[] | null>().as('skills'),
    ]),
);

const jobsOn = statement(
  'agendas_on',
  (day: string) =>
    sql<
      Columns<'read.agendas', { technicianId: 'technician_id' }> & { readonly jobs: number }
    >`select technician_id as "technicianId", count(*)::int as jobs from read.agendas where day = ${day} group by 1`,
);

/** What is known of the technicians beside their account. */
export interface TechniciansOnDay {
  of(technicianId: string): Technician & { readonly jobs: number };
}

/** @param day whose jobs are counted. @throws StoreUnavailable */
export async function techniciansOn(read: ReadStore, scope: Scope, day: string): Promise<TechniciansOnDay> {
  const [known, counts] = await read.scoped(scope, async (on) => [
    await on.query(allTechnicians()),
    await on.query(jobsOn(day)),
  ]);
  const byId = new Map(known.map((row) => [row.id, row]));
  const jobs = new Map(counts.map((row) => [row.technicianId, row.jobs]));
  return {
    of(id) {
      const row = byId.get(id);
      const { skills, maxJobsPerDay, from, to } = row ?? { ...technician.initial, from: null, to: null };
      const leave = from === null || to === null ? null : { from, to };
      return { skills, maxJobsPerDay, leave, jobs: jobs.get(id) ?? 0 };
    },
  };
}
