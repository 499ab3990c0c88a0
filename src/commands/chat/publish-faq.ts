/** Publishes the FAQ of a division, or goes back to an earlier version (docs/design/chat.md#versions). */
import { z } from 'zod';
import { faq, type FaqEvent, type FaqState } from '../../domain/chat/faq.ts';
import type { FaqContent } from '../../domain/chat/faq-content.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { Clock, Position } from '../../ports.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { requireReach } from '../command-scope.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import { currentOf, hashOfFaq, type ShippedFaqs } from './faqs.ts';

export const rollbackInput = z.strictObject({ version: z.int().nonnegative() });

/** The same content again makes no event. */
export function decidePublishFaq(
  state: FaqState,
  division: Division,
  content: FaqContent,
  shipped: FaqContent,
  rolledBackTo?: number,
): FaqEvent[] {
  const hash = hashOfFaq(content);
  const current = currentOf(state, shipped);
  if (hash === current.hash) return [];
  const version = current.version + 1;
  const back = rolledBackTo === undefined ? {} : { rolledBackTo };
  return [{ type: 'FaqPublished', data: { division, version, hash, content, ...back } }];
}

/** An earlier version comes back as a new one. @throws Refusal FAQ_VERSION_NOT_FOUND */
export function decideRollbackFaq(
  state: FaqState,
  division: Division,
  version: number,
  shipped: FaqContent,
): FaqEvent[] {
  const content = version === 0 ? shipped : state.published.find((one) => one.version === version)?.content;
  if (content === undefined) throw new Refusal('FAQ_VERSION_NOT_FOUND');
  return decidePublishFaq(state, division, content, shipped, version);
}

interface PublishDeps {
  readonly handler: CommandHandler;
  readonly clock: Clock;
  readonly shipped: ShippedFaqs;
}

export interface Published {
  readonly version: number;
  readonly position: Position;
}

/** @throws Refusal DIVISION_FORBIDDEN, FAQ_VERSION_NOT_FOUND, BUSY; StoreUnavailable */
export const publishFaq = ({ handler, clock, shipped: all }: PublishDeps) => {
  const decided = async (
    ctx: CommandContext,
    division: Division,
    decide: (state: FaqState, shipped: FaqContent) => FaqEvent[],
  ): Promise<Published> => {
    requireReach(ctx.caller, division);
    const shipped = all[division];
    const { state, position } = await handler.executeCommand(
      faq,
      division,
      eventContextOf(ctx, clock),
      (now) => decide(now, shipped),
    );
    return { version: currentOf(state, shipped).version, position };
  };
  return {
    publish: (ctx: CommandContext, division: Division, content: FaqContent) =>
      decided(ctx, division, (state, shipped) => decidePublishFaq(state, division, content, shipped)),
    rollback: (ctx: CommandContext, division: Division, version: number) =>
      decided(ctx, division, (state, shipped) => decideRollbackFaq(state, division, version, shipped)),
  };
};
