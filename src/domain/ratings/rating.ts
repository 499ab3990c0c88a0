/**
 * What a customer thinks of a finished job (docs/design/field-service.md#ratings): asked for once, by a link that is good for
 * 14 days; given once. The rating of a talk in the web chat is another thing (`src/commands/chat/rate.ts`).
 */
import { z } from 'zod';
import { type Aggregate, defineEvent, type EventOf } from '../event.ts';
import { division } from '../vocabulary.ts';

// ---------------------------------------------------------------- stream name

export const ratingStream = (jobId: string): string => `rating-${jobId}`;

// ---------------------------------------------------------------- events (stored format: change by adding a version and an upcaster)

const about = { jobId: z.uuid(), division, customerId: z.uuid() };
export const stars = z.int().min(1).max(5);

export const RatingRequested = defineEvent('RatingRequested', {
  ...about,
  technicianId: z.uuid(),
  /** The talk that the link goes to; null: none. */
  talkId: z.uuid().nullable(),
  /** Who accepted the report: the message with the link is theirs. */
  askedBy: z.uuid(),
  /** SHA-256 of the token in the link. */
  tokenHash: z.string(),
  expiresAt: z.iso.datetime(),
});
export const RATING_NOT_SENT = ['no_talk', 'opted_out', 'window_closed'] as const;
/** `linkMessageId` null: no message could carry it, `because`. */
export const RatingLinkPosted = defineEvent('RatingLinkPosted', {
  ...about,
  linkMessageId: z.uuid().nullable(),
  because: z.enum(RATING_NOT_SENT).nullable(),
  /** The one that follows after three days. */
  isReminder: z.boolean(),
});
export const JobRated = defineEvent(
  'JobRated',
  {
    ...about,
    technicianId: z.uuid(),
    technician: stars,
    service: stars,
    comment: z.string().nullable(),
    /** It came from a browser in which the technician is signed in: kept, and counted nowhere. */
    byTechnician: z.boolean(),
  },
  { version: 2, personal: ['comment'], upcasters: { 1: (old) => ({ ...old, byTechnician: false }) } },
);

export const ratingEvents = [RatingRequested, RatingLinkPosted, JobRated] as const;
export type RatingEvent = EventOf<(typeof ratingEvents)[number]>;
export type RatingRequest = EventOf<typeof RatingRequested>['data'];

// ---------------------------------------------------------------- state and evolve

export type Rating =
  | { readonly status: 'absent' }
  | {
      /** `rated`: by the customer. */
      readonly status: 'asked' | 'rated';
      /** The technician used the link: the customer may still rate. */
      readonly byTechnician: boolean;
      readonly request: RatingRequest;
      /** The first link was dealt with; so was the reminder. */
      readonly posted: boolean;
      readonly reminded: boolean;
    };

export const rating: Aggregate<Rating, RatingEvent> = {
  category: 'rating',
  stream: ratingStream,
  initial: { status: 'absent' },
  evolve(state, { type, data }) {
    if (type === 'RatingRequested')
      return { status: 'asked', byTechnician: false, request: data, posted: false, reminded: false };
    if (state.status === 'absent') return state;
    if (type === 'JobRated')
      return data.byTechnician ? { ...state, byTechnician: true } : { ...state, status: 'rated' };
    return { ...state, posted: true, reminded: state.reminded || data.isReminder };
  },
};
