/**
 * Puts a night's follow-up recommendations on record, once per night and division
 * (docs/design/business-rules.md#follow-up-recommendations).
 */
import {
  type FollowUpEvent,
  followUpId,
  followUpNight,
  type FollowUpNight,
  type Recommendation,
} from '../../domain/follow-ups/follow-up-night.ts';
import type { Division } from '../../domain/vocabulary.ts';
import type { Clock, Ids, Position } from '../../ports.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';

/** A night may recommend many, one event must stay small. */
const MAX_LEADS_PER_EVENT = 200;

/** A run after a crash repeats nothing; after the end of the night there is no more. */
export function decideRecommendations(
  { completed, recommended }: FollowUpNight,
  division: Division,
  night: string,
  leads: readonly Recommendation[],
): FollowUpEvent[] {
  const newLeads = leads.filter(({ ticketId }) => !recommended.has(ticketId));
  if (completed || newLeads.length === 0) return [];
  return [{ type: 'FollowUpsRecommended', data: { division, night, leads: newLeads } }];
}

export const decideNightCompleted = (
  state: FollowUpNight,
  division: Division,
  night: string,
): FollowUpEvent[] =>
  state.completed
    ? []
    : [{ type: 'FollowUpNightCompleted', data: { division, night, count: state.recommended.size } }];

export interface Recommend {
  /** @throws StoreUnavailable */
  isDone(division: Division, night: string): Promise<boolean>;
  /** @param night ISO day. @returns how many the night recommends, and the position of its last event. @throws StoreUnavailable */
  night(
    division: Division,
    night: string,
    leads: readonly Recommendation[],
  ): Promise<{ readonly count: number; readonly position: Position }>;
}

export function recommend({
  handler,
  clock,
  ids,
}: {
  handler: CommandHandler;
  clock: Clock;
  ids: Ids;
}): Recommend {
  const eventContext = (): EventContext => {
    const id = ids.next();
    return {
      actor: { kind: 'system', process: 'followup' },
      correlationId: id,
      causationId: id,
      requestId: id,
      at: clock.now().toISOString(),
    };
  };
  return {
    isDone: async (division, night) =>
      (await handler.load(followUpNight, followUpId(division, night))).completed,
    night: async (division, night, leads) => {
      const id = followUpId(division, night);
      const about = eventContext();
      for (let from = 0; from < leads.length; from += MAX_LEADS_PER_EVENT) {
        const batch = leads.slice(from, from + MAX_LEADS_PER_EVENT);
        await handler.executeCommand(followUpNight, id, about, (state) =>
          decideRecommendations(state, division, night, batch),
        );
      }
      const { state, position } = await handler.executeCommand(followUpNight, id, about, (found) =>
        decideNightCompleted(found, division, night),
      );
      return { count: state.recommended.size, position };
    },
  };
}
