/** A visitor rates the talk: once for each ticket, and may think it over for ten minutes (docs/design/chat.md#ratings). */
import { z } from 'zod';
import { RATINGS } from '../../domain/chat/talk.ts';
import { Refusal } from '../../domain/refusals.ts';
import { ticket, type Ticket, type TicketEvent } from '../../domain/tickets/ticket.ts';
import { type ChatDeps, findTalk, type Visitor, visitorContext } from './visitor.ts';

export const rateInput = z.strictObject({
  rating: z.enum(RATINGS),
  comment: z.string().trim().min(1).max(1_000).optional(),
});
export type RateInput = z.infer<typeof rateInput>;

const CHANGEABLE_MS = 10 * 60_000;

/** @param now ISO 8601 @throws Refusal NOTHING_TO_RATE, RATING_FINAL */
export function decideRate(
  state: Ticket,
  { rating, comment = null }: RateInputOf,
  now: string,
): TicketEvent[] {
  if (state.status === 'absent') throw new Refusal('NOTHING_TO_RATE');
  const given = state.talk.rating;
  if (given?.rating === rating && given.comment === comment) return [];
  if (given !== null && Date.parse(now) - Date.parse(given.since) > CHANGEABLE_MS)
    throw new Refusal('RATING_FINAL');
  const agentId = state.status === 'assigned' || state.status === 'closed' ? state.agentId : null;
  const { id: ticketId, division } = state;
  return [{ type: 'TicketRated', data: { ticketId, division, rating, comment, agentId, ratedAt: now } }];
}

interface RateInputOf {
  readonly rating: RateInput['rating'];
  readonly comment?: string | null | undefined;
}

/** @throws Refusal NOTHING_TO_RATE, RATING_FINAL, BUSY; StoreUnavailable */
export const rate =
  (deps: ChatDeps) =>
  async (visitor: Visitor, wish: RateInput, requestId: string): Promise<{ ratedAt: string }> => {
    const { ticket: found } = await findTalk(deps, visitor);
    if (found.status === 'absent') throw new Refusal('NOTHING_TO_RATE');
    const context = visitorContext(deps, requestId, 'customer');
    await deps.handler.executeCommand(ticket, found.id, context, (state) =>
      decideRate(state, wish, context.at),
    );
    return { ratedAt: context.at };
  };
