/** What a technician can do, how much a day, and when they are away (docs/design/field-service.md#technicians). */
import { z } from 'zod';
import { type Technician, technician, type TechnicianEvent } from '../../domain/capacity/technician.ts';
import { because, UNIQUE } from '../../domain/problems.ts';
import { Refusal } from '../../domain/refusals.ts';
import { user } from '../../domain/staff/user.ts';
import { daysIn, MAX_DAYS } from '../../domain/time/period.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { Clock } from '../../ports.ts';
import { requireReach } from '../command-scope.ts';
import { type CommandContext, eventContextOf } from '../context.ts';

export const input = z.strictObject({
  skills: z
    .array(z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'Isi kata kunci keahlian, misalnya ac'))
    .max(50)
    .refine((skills) => new Set(skills).size === skills.length, UNIQUE)
    .nullable()
    .meta({ description: 'As the services name them; null: every one.', example: ['instalasi'] }),
  max_jobs_per_day: z.int().min(0).max(50).meta({ example: 4 }),
});
export type TechnicianInput = z.infer<typeof input>;

export const leaveInput = z
  .strictObject({ from: z.iso.date(), to: z.iso.date() })
  .refine(({ from, to }) => from <= to, {
    path: ['to'],
    ...because('WRONG_ORDER', 'Tanggal akhir tidak boleh sebelum tanggal awal', { after: 'from' }),
  })
  .refine((period) => !(daysIn(period) > MAX_DAYS), {
    path: ['to'],
    ...because('OUT_OF_RANGE', `Cuti paling lama ${String(MAX_DAYS)} hari`, { maximum_days: MAX_DAYS }),
  })
  .meta({ description: 'First and last day, both within.' });
export type LeaveInput = z.infer<typeof leaveInput>;

/** The same again makes no event. */
export function decideSetTechnician(
  state: Technician,
  technicianId: string,
  { skills, max_jobs_per_day: maxJobsPerDay }: TechnicianInput,
): TechnicianEvent[] {
  const sorted = skills?.toSorted() ?? null;
  if (JSON.stringify(sorted) === JSON.stringify(state.skills) && maxJobsPerDay === state.maxJobsPerDay)
    return [];
  return [{ type: 'TechnicianSet', data: { technicianId, skills: sorted, maxJobsPerDay } }];
}

/** The jobs that they have then go back into the pool (`left-technicians`). The same leave makes no event. */
export const decideSetLeave = (
  { leave }: Technician,
  technicianId: string,
  { from, to }: LeaveInput,
): TechnicianEvent[] =>
  leave?.from === from && leave.to === to
    ? []
    : [{ type: 'TechnicianLeaveSet', data: { technicianId, from, to } }];

export const decideCancelLeave = ({ leave }: Technician, technicianId: string): TechnicianEvent[] =>
  leave === null ? [] : [{ type: 'TechnicianLeaveCancelled', data: { technicianId } }];

/** Every function throws Refusal USER_NOT_FOUND (also who is no technician), DIVISION_FORBIDDEN, BUSY; StoreUnavailable. */
export function technicians({ handler, clock }: { handler: CommandHandler; clock: Clock }) {
  const change =
    <Wish>(decide: (state: Technician, technicianId: string, wish: Wish) => TechnicianEvent[]) =>
    async (ctx: CommandContext, technicianId: string, wish: Wish) => {
      const person = await handler.load(user, technicianId);
      if (person.status === 'absent' || person.role !== 'technician') throw new Refusal('USER_NOT_FOUND');
      requireReach(ctx.caller, person.division);
      const { state, position } = await handler.executeCommand(
        technician,
        technicianId,
        eventContextOf(ctx, clock),
        (known) => decide(known, technicianId, wish),
      );
      const { skills, maxJobsPerDay, leave } = state;
      return {
        id: technicianId,
        skills: skills === null ? null : [...skills],
        max_jobs_per_day: maxJobsPerDay,
        leave,
        position,
      };
    };
  return {
    set: change(decideSetTechnician),
    setLeave: change(decideSetLeave),
    cancelLeave: (ctx: CommandContext, technicianId: string) =>
      change((state) => decideCancelLeave(state, technicianId))(ctx, technicianId, undefined),
  };
}
