/** The view of room for jobs and of technicians (docs/design/field-service.md#capacity). */
import { sql } from 'kysely';
import type { Recorded, RecordedOf } from '../../domain/codec.ts';
import { type Technician, technician } from '../../domain/capacity/technician.ts';
import type { View } from '../../engine/projections/view.ts';
import { columnsOf } from '../../engine/sql/columns-of.ts';
import { isoTime } from '../../engine/sql/postgres-text.ts';
import { statement, write } from '../../engine/sql/statement.ts';
import { tables } from '../../engine/sql/tables.ts';
import type { Sql } from '../../ports.ts';

type SlotEvent = RecordedOf<'SlotReserved' | 'SlotReleased'>;
type AgendaChange = RecordedOf<'AgendaReserved' | 'AgendaReleased'>;
type OfTechnician = RecordedOf<'TechnicianSet' | 'TechnicianLeaveSet' | 'TechnicianLeaveCancelled'>;

/** The last event of each key. */
const lastOf = <E extends Recorded>(events: readonly E[], key: (event: E) => string): readonly E[] => [
  ...new Map(events.map((event) => [key(event), event])).values(),
];

async function writeDays(on: Sql, events: readonly RecordedOf<'CapacitySet'>[]): Promise<void> {
  if (events.length === 0) return;
  const days = lastOf(events, ({ stream }) => stream);
  await on.query(
    write(
      'capacity_days_write',
      `insert into read.capacity_days (division, day, slots) select * from unnest($1::text[], $2::date[], $3::int[])
on conflict (division, day) do update set slots = excluded.slots`,
      columnsOf('read.capacity_days', days, {
        division: ({ data }) => data.division,
        day: ({ data }) => data.day,
        slots: ({ data }) => data.slots,
      }),
    ),
  );
}

async function writeSlots(on: Sql, events: readonly SlotEvent[]): Promise<void> {
  if (events.length === 0) return;
  const changed = lastOf(events, ({ stream, data }) => `${stream} ${data.jobId}`);
  const key = {
    division: ({ data }: SlotEvent) => data.division,
    day: ({ data }: SlotEvent) => data.day,
    job_id: ({ data }: SlotEvent) => data.jobId,
  };
  const gone = changed.filter(({ type }) => type === 'SlotReleased');
  await on.query(
    write(
      'slots_delete',
      `delete from read.slots s using unnest($1::text[], $2::date[], $3::uuid[]) x (division, day, job_id)
where s.division = x.division and s.day = x.day and s.job_id = x.job_id`,
      columnsOf('read.slots', gone, key),
    ),
  );
  await on.query(
    write(
      'slots_insert',
      `insert into read.slots (division, day, job_id, reserved_at)
select * from unnest($1::text[], $2::date[], $3::uuid[], $4::timestamptz[])
on conflict (division, day, job_id) do update set reserved_at = excluded.reserved_at`,
      columnsOf(
        'read.slots',
        changed.filter(({ type }) => type === 'SlotReserved'),
        { ...key, reserved_at: ({ metadata }) => isoTime(metadata.at) },
      ),
    ),
  );
}

async function writeAgendas(on: Sql, events: readonly AgendaChange[]): Promise<void> {
  if (events.length === 0) return;
  const changed = lastOf(events, ({ stream, data }) => `${stream} ${data.jobId}`);
  const key = {
    technician_id: ({ data }: AgendaChange) => data.technicianId,
    day: ({ data }: AgendaChange) => data.day,
    job_id: ({ data }: AgendaChange) => data.jobId,
  };
  await on.query(
    write(
      'agendas_delete',
      `delete from read.agendas a using unnest($1::uuid[], $2::date[], $3::uuid[]) x (technician_id, day, job_id)
where a.technician_id = x.technician_id and a.day = x.day and a.job_id = x.job_id`,
      columnsOf('read.agendas', changed, key),
    ),
  );
  await on.query(
    write(
      'agendas_insert',
      `insert into read.agendas (technician_id, day, job_id, window_from, window_to, reserved_at)
select * from unnest($1::uuid[], $2::date[], $3::uuid[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[])`,
      columnsOf(
        'read.agendas',
        changed.filter((event): event is RecordedOf<'AgendaReserved'> => event.type === 'AgendaReserved'),
        {
          ...key,
          window_from: ({ data }) => data.from,
          window_to: ({ data }) => data.to,
          reserved_at: ({ metadata }) => isoTime(metadata.at),
        },
      ),
    ),
  );
}

const storedTechnicians = statement('technicians_load', (ids: readonly string[]) =>
  tables
    .selectFrom('read.technicians')
    .select(({ ref }) => [
      'id',
      'max_jobs_per_day as maxJobsPerDay',
      'leave_from as from',
      'leave_to as to',
      ref('skills').$castTo<string[] | null>().as('skills'),
    ])
    .where('id', '=', sql<string>`any(${ids}::uuid[])`),
);

async function writeTechnicians(on: Sql, events: readonly OfTechnician[]): Promise<void> {
  if (events.length === 0) return;
  const ids = [...new Set(events.map(({ data }) => data.technicianId))];
  const known = new Map<string, Technician>(
    (await on.query(storedTechnicians(ids))).map(({ id, from, to, ...rest }) => [
      id,
      { ...rest, leave: from === null || to === null ? null : { from, to } },
    ]),
  );
  for (const event of events) {
    const { technicianId } = event.data;
    known.set(technicianId, technician.evolve(known.get(technicianId) ?? technician.initial, event));
  }
  await on.query(
    write(
      'technicians_write',
      `insert into read.technicians (id, skills, max_jobs_per_day, leave_from, leave_to)
select * from unnest($1::uuid[], $2::json[], $3::int[], $4::date[], $5::date[])
on conflict (id) do update set skills = excluded.skills, max_jobs_per_day = excluded.max_jobs_per_day,
  leave_from = excluded.leave_from, leave_to = excluded.leave_to`,
      columnsOf('read.technicians', [...known], {
        id: ([id]) => id,
        skills: ([, { skills }]) => (skills === null ? null : JSON.stringify(skills)),
        max_jobs_per_day: ([, { maxJobsPerDay }]) => maxJobsPerDay,
        leave_from: ([, { leave }]) => leave?.from ?? null,
        leave_to: ([, { leave }]) => leave?.to ?? null,
      }),
    ),
  );
}

/** Days, places, agendas and technicians. */
export const capacityView = (): View => ({
  name: 'capacity',
  streams: ['capacity-', 'agenda-', 'technician-'],
  tables: ['capacity_days', 'slots', 'agendas', 'technicians'],
  forget: () => undefined,
  async apply(on, events) {
    const of = <T extends Recorded['type']>(...types: readonly T[]) =>
      events.filter((event): event is RecordedOf<T> => types.some((type) => event.type === type));
    await writeDays(on, of('CapacitySet'));
    await writeSlots(on, of('SlotReserved', 'SlotReleased'));
    await writeAgendas(on, of('AgendaReserved', 'AgendaReleased'));
    await writeTechnicians(on, of('TechnicianSet', 'TechnicianLeaveSet', 'TechnicianLeaveCancelled'));
    return undefined;
  },
});
