/** A customer rates a finished job with the link they got (docs/design/field-service.md#ratings): once, within 14 days. */
import { z } from 'zod';
import { type Rating, rating, type RatingEvent, stars } from '../../domain/ratings/rating.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { Clock } from '../../ports.ts';

export const rateJobInput = z.strictObject({
  technician: stars.meta({ description: 'Who came, 1 to 5.', example: 5 }),
  service: stars.meta({ description: 'The team that arranged it, 1 to 5.', example: 4 }),
  comment: z.string().trim().max(1_000).optional().meta({ example: 'Cepat dan rapi.' }),
});
export type RateJobInput = z.output<typeof rateJobInput>;

/**
 * What the technician gave themselves is told apart, and leaves the customer their turn.
 * @param now ISO 8601
 * @param signedIn the technician who is signed in where it came from; null: nobody
 * @throws Refusal RATING_NOT_FOUND, ALREADY_RATED, RATING_EXPIRED
 */
export function decideRateJob(
  state: Rating,
  { technician, service, comment = '' }: RateJobInput,
  now: string,
  signedIn: string | null = null,
): RatingEvent[] {
  if (state.status === 'absent') throw new Refusal('RATING_NOT_FOUND');
  if (state.status === 'rated') throw new Refusal('ALREADY_RATED');
  const { jobId, division, customerId, technicianId, expiresAt } = state.request;
  if (Date.parse(now) >= Date.parse(expiresAt)) throw new Refusal('RATING_EXPIRED');
  const byTechnician = signedIn === technicianId;
  if (byTechnician && state.byTechnician) throw new Refusal('ALREADY_RATED');
  const data = { jobId, division, customerId, technicianId, technician, service, byTechnician };
  return [{ type: 'JobRated', data: { ...data, comment: comment === '' ? null : comment } }];
}

/** @param requestId of the customer's request @param signedIn as `decideRateJob` @throws Refusal as `decideRateJob`; StoreUnavailable */
export const rateJob =
  ({ handler, clock }: { readonly handler: CommandHandler; readonly clock: Clock }) =>
  async (jobId: string, wish: RateJobInput, requestId: string, signedIn: string | null) => {
    const at = clock.now().toISOString();
    const eventContext = {
      actor: { kind: 'customer' } as const,
      ...{ correlationId: requestId, causationId: requestId, requestId, at },
    };
    const { position } = await handler.executeCommand(rating, jobId, eventContext, (state) =>
      decideRateJob(state, wish, at, signedIn),
    );
    return { rated_at: at, position };
  };
