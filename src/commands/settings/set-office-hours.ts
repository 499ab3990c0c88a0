/** Sets when a division is at work (docs/design/api.md#office-hours). */
import { z } from 'zod';
import { problem } from '../../domain/problems.ts';
import { divisionAggregate, type DivisionEvent, type DivisionState } from '../../domain/settings/division.ts';
import { firstOverlap } from '../../domain/settings/office-hours.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { Clock } from '../../ports.ts';
import { requireReach } from '../command-scope.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

const time = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'Isi jam dari 00:00 sampai 23:59, misalnya 08:30');

/**
 * Several rows a day are allowed, and a close before the open ends on the next day
 * (docs/design/business-rules.md#office-hours).
 */
export const schedule = z.strictObject({
  day_of_week: z.int().min(0).max(6),
  open_time: time,
  close_time: time,
  is_active: z.boolean(),
});
export const input = z.strictObject({ schedules: z.array(schedule).max(70) });
export type OfficeHoursInput = z.infer<typeof input>;

type Rows = OfficeHoursInput['schedules'];

/**
 * Two rows that are active at one minute are a mistake of who typed them.
 * @throws Refusal VALIDATION_FAILED
 */
function requireApart(schedules: Rows): void {
  const active = schedules.flatMap(({ day_of_week: dayOfWeek, open_time, close_time, is_active }, place) =>
    is_active ? [{ dayOfWeek, opens: open_time, closes: close_time, place }] : [],
  );
  const found = firstOverlap(active);
  if (found === null) return;
  const [earlier, later] = found.map((at) => String(active[at]?.place));
  throw new Refusal('VALIDATION_FAILED', [
    problem(
      `schedules.${later ?? ''}`,
      'OVERLAPS',
      `Jam ini bertumpang tindih dengan baris ${String(Number(earlier) + 1)}`,
      {
        with: `schedules.${earlier ?? ''}`,
      },
    ),
  ]);
}

/** The same hours again make no event. @throws Refusal VALIDATION_FAILED */
export function decideSetOfficeHours(
  state: DivisionState,
  division: Division,
  { schedules }: OfficeHoursInput,
): DivisionEvent[] {
  requireApart(schedules);
  const hours = schedules.map(({ day_of_week, open_time, close_time, is_active }) => ({
    dayOfWeek: day_of_week,
    opens: open_time,
    closes: close_time,
    isActive: is_active,
  }));
  if (JSON.stringify(hours) === JSON.stringify(state.hours)) return [];
  return [{ type: 'OfficeHoursSet', data: { division, hours } }];
}

export const setOfficeHours =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }) =>
  async (ctx: CommandContext, division: Division, wanted: OfficeHoursInput) => {
    requireReach(ctx.caller, division);
    const eventContext = eventContextOf(ctx, clock);
    const { position } = await handler.executeCommand(divisionAggregate, division, eventContext, (state) =>
      decideSetOfficeHours(state, division, wanted),
    );
    return { updated_at: eventContext.at, position };
  };
