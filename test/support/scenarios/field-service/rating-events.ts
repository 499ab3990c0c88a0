/** Short names for the events of a rating in specs. */
import type { RatingEvent, RatingRequest } from '../../../../src/domain/ratings/rating.ts';
import { dian, tara, uuidOf } from '../people.ts';

const JOB = { jobId: uuidOf(0xf2), division: 'sari', customerId: uuidOf(0xf3) } as const;
export const REQUEST: RatingRequest = {
  ...JOB,
  technicianId: tara.id,
  talkId: uuidOf(0xa1),
  askedBy: dian.id,
  tokenHash: 'hash of the token',
  expiresAt: '2026-07-17T03:00:00.000Z',
};
export const asked: RatingEvent = { type: 'RatingRequested', data: REQUEST };
export const posted = (
  over: Partial<Extract<RatingEvent, { type: 'RatingLinkPosted' }>['data']> = {},
): RatingEvent => ({
  type: 'RatingLinkPosted',
  data: { ...JOB, linkMessageId: uuidOf(0xd1), because: null, isReminder: false, ...over },
});
export const rated = (comment: string | null = null, byTechnician = false): RatingEvent => ({
  type: 'JobRated',
  data: { ...JOB, technicianId: tara.id, technician: 5, service: 4, comment, byTechnician },
});
