/** Area: room for jobs, and the technicians (docs/design/field-service.md#capacity). */
import { z } from 'zod';
import { input as capacityInput } from '../../commands/capacity/set-capacity.ts';
import { input as technicianInput, leaveInput } from '../../commands/capacity/set-technician.ts';
import { jobDayOf } from '../../domain/capacity/capacity-day.ts';
import { covers } from '../../domain/staff/privileges.ts';
import { division, userDivision } from '../../domain/vocabulary.ts';
import { capacityBetween, techniciansOn } from '../../projections/capacity/capacity.ts';
import { listUsers } from '../../projections/staff/users.ts';
import { answerOf } from '../framework/command-route.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { route } from '../framework/route.ts';
import { id } from '../framework/schemas.ts';
import { day, PERIOD, requireDays } from './days.ts';
import { scopeOf, scopeWithin } from '../tickets/ticket-scope.ts';

const TAG = 'Field service';
const MAX_DAYS = 92;

const capacityDayObject = z
  .strictObject({
    division,
    day: z.iso.date().meta({ example: '2026-12-02' }),
    slots: z.int().meta({ description: 'Jobs that the day takes.', example: 12 }),
    reserved: z.int().meta({ description: 'Jobs that have a place.', example: 9 }),
    free: z.int().meta({ example: 3 }),
  })
  .meta({ id: 'CapacityDay' });

export const capacity = route({
  method: 'get',
  path: '/api/admin/capacity',
  name: 'getCapacity',
  tag: TAG,
  summary: 'Room for jobs, day by day',
  description: `Days are those of Jakarta, both within, at most ${String(MAX_DAYS)}. A day of which nobody said how many jobs it takes has JOBS_PER_DAY.`,
  access: 'job_read',
  query: {
    ...PERIOD,
    division: division.optional(),
  },
  status: 200,
  data: z.strictObject({ days: z.array(capacityDayObject) }),
  errors: ['DIVISION_FORBIDDEN'],
  async handle({ query: { from, to, division: wanted }, signedIn: { caller }, context }) {
    requireDays({ from, to }, MAX_DAYS);
    const { scope, divisions } = scopeWithin(caller, wanted);
    const { jobsPerDay } = context.commands.capacity;
    return {
      data: { days: await capacityBetween(context.read, scope, divisions, { from, to }, jobsPerDay) },
    };
  },
});

export const setCapacity = route({
  method: 'put',
  path: '/api/admin/capacity/:div/:day',
  name: 'setCapacity',
  tag: TAG,
  summary: 'Say how many jobs a day takes',
  description: 'Fewer than have a place already is allowed: they keep it, and nothing new fits.',
  access: 'capacity_manage',
  params: { div: division, day },
  body: capacityInput,
  status: 200,
  data: capacityDayObject,
  errors: ['DIVISION_FORBIDDEN', 'BUSY'],
  handle: async ({ params, body, command, context }) =>
    answerOf(await context.commands.capacity.set(command, params.div, params.day, body)),
});

const leave = z
  .strictObject({ from: z.iso.date(), to: z.iso.date() })
  .nullable()
  .meta({
    description: 'First and last day, both within.',
    example: { from: '2026-12-24', to: '2026-12-31' },
  });

const skills = z
  .array(z.string())
  .nullable()
  .meta({ description: 'null: every one.', example: ['instalasi'] });

const technicianObject = z
  .strictObject({
    id,
    name: z.string(),
    division: userDivision,
    is_active: z.boolean(),
    skills,
    max_jobs_per_day: z.int().meta({ example: 4 }),
    leave,
    jobs: z.int().meta({ description: 'On that day.', example: 2 }),
  })
  .meta({ id: 'Technician', memberExamples: { id: EXAMPLE_IDS.andi, name: 'Joko Susilo' } });

export const technicians = route({
  method: 'get',
  path: '/api/admin/technicians',
  name: 'listTechnicians',
  tag: TAG,
  summary: 'The technicians, with what they can and how much they have to do',
  description: 'By name, also those who were deactivated. `day`: of Jakarta, default today.',
  access: 'job_read',
  query: { day: day.optional() },
  status: 200,
  data: z.strictObject({ technicians: z.array(technicianObject) }),
  errors: [],
  async handle({ query, signedIn: { caller }, context }) {
    const on = query.day ?? jobDayOf(context.clock.now().toISOString());
    const people = (await listUsers(context.staff)).filter(
      (one) => one.role === 'technician' && covers(caller, one.division),
    );
    const known = await techniciansOn(context.read, scopeOf(caller), on);
    return {
      data: {
        technicians: people.map((one) => {
          const { skills, maxJobsPerDay, leave, jobs } = known.of(one.id);
          return {
            id: one.id,
            name: one.name,
            division: one.division,
            is_active: one.active,
            skills: skills === null ? null : [...skills],
            max_jobs_per_day: maxJobsPerDay,
            leave,
            jobs,
          };
        }),
      },
    };
  },
});

const settings = z.strictObject({ id, skills, max_jobs_per_day: z.int().meta({ example: 4 }), leave });
const OF_TECHNICIAN = ['USER_NOT_FOUND', 'DIVISION_FORBIDDEN', 'BUSY'] as const;

export const setTechnician = route({
  method: 'put',
  path: '/api/admin/technicians/:id',
  name: 'setTechnician',
  tag: TAG,
  summary: 'Say what a technician can do, and how many jobs a day they have',
  description:
    'Until it is said, they can everything and have four jobs a day. Jobs that they have stay theirs.',
  access: 'capacity_manage',
  params: { id },
  body: technicianInput,
  status: 200,
  data: settings,
  errors: OF_TECHNICIAN,
  handle: async ({ params, body, command, context }) =>
    answerOf(await context.commands.technicians.set(command, params.id, body)),
});

export const setLeave = route({
  method: 'put',
  path: '/api/admin/technicians/:id/leave',
  name: 'setTechnicianLeave',
  tag: TAG,
  summary: 'Say when a technician is away',
  description:
    'Replaces the leave before. They are given no job in it, and those that they have and are not at yet go back into the pool: they and who plans the visits are told.',
  access: 'capacity_manage',
  params: { id },
  body: leaveInput,
  status: 200,
  data: settings,
  errors: OF_TECHNICIAN,
  examples: { from: '2026-12-24', to: '2026-12-31' },
  handle: async ({ params, body, command, context }) =>
    answerOf(await context.commands.technicians.setLeave(command, params.id, body)),
});

export const cancelLeave = route({
  method: 'delete',
  path: '/api/admin/technicians/:id/leave',
  name: 'cancelTechnicianLeave',
  tag: TAG,
  summary: 'A technician is not away after all',
  description: 'Without a leave this changes nothing.',
  access: 'capacity_manage',
  params: { id },
  status: 200,
  data: settings,
  errors: OF_TECHNICIAN,
  handle: async ({ params, command, context }) =>
    answerOf(await context.commands.technicians.cancelLeave(command, params.id)),
});
