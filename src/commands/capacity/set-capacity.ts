/** Says how many jobs a division takes on a day (docs/design/field-service.md#capacity). */
import { z } from 'zod';
import {
  type CapacityDay,
  capacityDay,
  type CapacityDayEvent,
  capacityDayId,
} from '../../domain/capacity/capacity-day.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { Clock } from '../../ports.ts';
import { requireReach } from '../command-scope.ts';
import { type CommandContext, eventContextOf } from '../context.ts';

export const input = z.strictObject({
  slots: z.int().min(0).max(1_000).meta({ description: 'Jobs that the day takes.', example: 12 }),
});
export type CapacityInput = z.infer<typeof input>;

/** Fewer than have a place already is allowed: they keep it, and nothing new fits. The same number makes no event. */
export const decideSetCapacity = (
  state: CapacityDay,
  division: Division,
  day: string,
  slots: number,
): CapacityDayEvent[] =>
  state.slots === slots ? [] : [{ type: 'CapacitySet', data: { division, day, slots } }];

/** @throws Refusal DIVISION_FORBIDDEN, BUSY */
export const setCapacity =
  ({ handler, clock }: { handler: CommandHandler; clock: Clock }) =>
  async (ctx: CommandContext, division: Division, day: string, { slots }: CapacityInput) => {
    requireReach(ctx.caller, division);
    const { state, position } = await handler.executeCommand(
      capacityDay,
      capacityDayId(division, day),
      eventContextOf(ctx, clock),
      (known) => decideSetCapacity(known, division, day, slots),
    );
    const reserved = state.jobs.size;
    return { division, day, slots, reserved, free: Math.max(0, slots - reserved), position };
  };
