/** A person of ours writes down that a customer wants no more offers, or wants them again (docs/design/api.md#opt-out-and-opt-in). */
import { z } from 'zod';
import type { BlindIndex, Clock, Position } from '../../ports.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import { laterOf, type MeantCustomer, requireCustomer } from './current-customer.ts';
import { onMeantCustomer } from './merge.ts';
import { decideOptIn, decideOptOut, showOffers } from './opt-out.ts';

export const input = z.strictObject({ reason: z.string().trim().min(1).max(500) });
export type OffersInput = z.infer<typeof input>;

/** @throws Refusal CUSTOMER_NOT_FOUND, BUSY; StoreUnavailable */
export const setOffers =
  (deps: { readonly handler: CommandHandler; readonly clock: Clock; readonly blindIndex: BlindIndex }) =>
  async (
    ctx: CommandContext,
    wish: 'stop' | 'start',
    who: MeantCustomer,
    { reason }: OffersInput,
  ): Promise<{ position: Position }> => {
    const eventContext = eventContextOf(ctx, deps.clock);
    const { state, position } = await onMeantCustomer(deps, who, eventContext, (now) => {
      const known = requireCustomer(now, who.customerId, ctx.caller);
      const by = { by: 'agent', reason } as const;
      return wish === 'stop' ? decideOptOut(known, by) : decideOptIn(known, by);
    });
    if (state.status === 'unknown') return { position };
    return { position: laterOf(position, await showOffers(deps.handler, state, eventContext)) };
  };
