/** Says what a channel cost in a month, for the return on it (docs/design/api.md#channel-costs). */
import { z } from 'zod';
import {
  CHANNEL_COSTS_ID,
  type ChannelCostEvent,
  type ChannelCosts,
  channelCosts as aggregate,
  costOf,
  listed,
} from '../../domain/analytics/channel-costs.ts';
import { type Caller, visibleDivision } from '../../domain/staff/privileges.ts';
import { Refusal } from '../../domain/refusals.ts';
import { channel } from '../../domain/vocabulary.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { Clock } from '../../ports.ts';
import { type CommandContext, eventContextOf } from '../context.ts';

export const input = z.strictObject({
  month: z
    .string()
    .regex(/^20\d\d-(0[1-9]|1[0-2])$/, 'Isi bulan, misalnya 2026-07')
    .meta({ example: '2026-07' }),
  channel,
  amount: z
    .int()
    .min(0)
    .max(1_000_000_000_000)
    .meta({ description: 'Rupiah, of the whole firm.', example: 1_500_000 }),
});
export type ChannelCostInput = z.infer<typeof input>;

/** Costs are of the whole firm: who sees one division neither sees nor sets them. @throws Refusal FORBIDDEN */
export function requireSeesCosts(caller: Caller): void {
  if (visibleDivision(caller) !== 'all') throw new Refusal('FORBIDDEN');
}

/** The same amount again makes no event. @throws Refusal FORBIDDEN */
export function decideSetChannelCost(
  state: ChannelCosts,
  cost: ChannelCostInput,
  caller: Caller,
): ChannelCostEvent[] {
  requireSeesCosts(caller);
  return costOf(state, cost.month, cost.channel) === cost.amount
    ? []
    : [{ type: 'ChannelCostSet', data: cost }];
}

export function channelCosts({ handler, clock }: { handler: CommandHandler; clock: Clock }) {
  return {
    /** From the events: they are few, and what was just written is there. */
    load: (): Promise<ChannelCosts> => handler.load(aggregate, CHANNEL_COSTS_ID),
    set: async (ctx: CommandContext, cost: ChannelCostInput) => {
      const { position, state } = await handler.executeCommand(
        aggregate,
        CHANNEL_COSTS_ID,
        eventContextOf(ctx, clock),
        (costs) => decideSetChannelCost(costs, cost, ctx.caller),
      );
      return { channel_costs: [...listed(state)], position };
    },
  };
}
