/** What the follow-up engine recommended in one night for one division: facts, so that its effect can be measured. */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { CATEGORIES } from './follow-up-rules.ts';
import { division, type Division } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

/** `id`: `<division>-<ISO day>`, the consistency boundary of 'once a night'. */
export const followUpStream = (id: string): string => `followup-${id}`;
export const followUpId = (of: Division, day: string): string => `${of}-${day}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

const night = { division, night: z.iso.date() };

const recommendation = z.object({
  ticketId: z.uuid(),
  category: z.enum(CATEGORIES),
  /** Name of the rule in `follow-up-rules.ts`. */
  rule: z.string(),
  reason: z.string(),
});
export type Recommendation = z.infer<typeof recommendation>;

export const FollowUpsRecommended = defineEvent('FollowUpsRecommended', {
  ...night,
  leads: z.array(recommendation).min(1),
});
export const FollowUpNightCompleted = defineEvent('FollowUpNightCompleted', {
  ...night,
  count: z.int().min(0),
});

export const followUpEvents = [FollowUpsRecommended, FollowUpNightCompleted] as const;
export type FollowUpEvent = EventOf<(typeof followUpEvents)[number]>;

// ---------------------------------------------------------------- state and evolve

export interface FollowUpNight {
  readonly recommended: ReadonlySet<string>;
  readonly completed: boolean;
}

export const followUpNight: Aggregate<FollowUpNight, FollowUpEvent> = {
  category: 'followup',
  stream: followUpStream,
  initial: { recommended: new Set(), completed: false },
  evolve: (state, { type, data }) =>
    type === 'FollowUpNightCompleted'
      ? { ...state, completed: true }
      : {
          ...state,
          recommended: new Set([...state.recommended, ...data.leads.map((lead) => lead.ticketId)]),
        },
};
