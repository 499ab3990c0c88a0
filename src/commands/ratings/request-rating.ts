/**
 * A customer is asked what they think of a finished job (docs/design/field-service.md#ratings): once, with one reminder; never
 * who wants no messages of ours.
 */
import { currentCustomer } from '../customers/current-customer.ts';
import { linkTokenOf, tokenHashOf } from '../invoices/issue-invoice.ts';
import type { LinkSettings } from '../invoices/send-invoice.ts';
import { postLink } from '../outbound/post-link.ts';
import type { RATING_NOT_SENT } from '../../domain/ratings/rating.ts';
import { type Rating, rating, type RatingEvent, type RatingRequest } from '../../domain/ratings/rating.ts';
import { Refusal } from '../../domain/refusals.ts';
import { ticket } from '../../domain/tickets/ticket.ts';
import type { CommandHandler, EventContext } from '../../engine/commands/command-handler.ts';
import type { BlindIndex, Clock, Ids } from '../../ports.ts';

const DAY_MS = 86_400_000;
/** How long the link is good. */
export const RATING_DAYS = 14;
/** The reminder follows after so many days. */
export const REMIND_AFTER_DAYS = 3;

export const decideRequestRating = (state: Rating, request: RatingRequest): RatingEvent[] =>
  state.status === 'absent' ? [{ type: 'RatingRequested', data: request }] : [];

type NotSent = (typeof RATING_NOT_SENT)[number];
export type LinkOutcome = { readonly messageId: string } | { readonly because: NotSent };

/** The first link is posted once, the reminder once, and only while nothing is rated. */
export function decidePostRatingLink(
  state: Rating,
  outcome: LinkOutcome,
  isReminder: boolean,
): RatingEvent[] {
  if (state.status !== 'asked' || (isReminder ? state.reminded : state.posted)) return [];
  const { jobId, division, customerId } = state.request;
  const told =
    'because' in outcome
      ? { linkMessageId: null, because: outcome.because }
      : { linkMessageId: outcome.messageId, because: null };
  return [{ type: 'RatingLinkPosted', data: { jobId, division, customerId, ...told, isReminder } }];
}

/** Is it time for the reminder? @param now ISO 8601 */
export const isReminderDue = (state: Rating, now: string): boolean =>
  state.status === 'asked' &&
  state.posted &&
  !state.reminded &&
  Date.parse(now) >= Date.parse(state.request.expiresAt) - (RATING_DAYS - REMIND_AFTER_DAYS) * DAY_MS &&
  Date.parse(now) < Date.parse(state.request.expiresAt);

interface Deps {
  readonly handler: CommandHandler;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly blindIndex: BlindIndex;
  readonly links: LinkSettings;
}

const NOT_SENT: Readonly<Partial<Record<Refusal['code'], NotSent>>> = {
  SERVICE_WINDOW_CLOSED: 'window_closed',
  LINE_ONLY_ANSWERS: 'window_closed',
  TICKET_NOT_FOUND: 'no_talk',
};

const systemContext = ({ clock }: Deps, jobId: string): EventContext => ({
  actor: { kind: 'system', process: 'ratings' },
  ...{ correlationId: jobId, causationId: jobId, requestId: jobId, at: clock.now().toISOString() },
});

/** Asked again, it posts nothing twice. @throws StoreUnavailable, Refusal BUSY */
async function post(
  deps: Deps,
  state: Rating,
  eventContext: EventContext,
  isReminder: boolean,
): Promise<void> {
  const { handler, ids, blindIndex, links } = deps;
  if (state.status !== 'asked' || (isReminder ? state.reminded : state.posted)) return;
  const { jobId, talkId, askedBy } = state.request;
  const messageId = ids.from(isReminder ? 'rating-reminder' : 'rating-link', jobId);
  const outcome = await (async (): Promise<LinkOutcome> => {
    const found = talkId === null ? null : await handler.load(ticket, talkId);
    if (found === null || found.status === 'absent') return { because: 'no_talk' };
    const { known } = await currentCustomer(handler, found.customerKey);
    if (known.status === 'unknown') return { because: 'no_talk' };
    if (known.optedOut) return { because: 'opted_out' };
    const link = `${links.base}/r/${linkTokenOf(blindIndex, 'rating-link', jobId)}`;
    const name = known.name ?? 'Kak';
    const again = isReminder ? 'Kami masih menunggu pendapat Anda. ' : '';
    const text = `Halo ${name}, pekerjaan kami sudah selesai. ${again}Bagaimana pelayanan teknisi dan tim kami? Beri nilai di sini: ${link}`;
    const parameters = [
      { name: 'name', text: name },
      { name: 'link', text: link },
    ];
    try {
      const message = { messageId, senderId: askedBy, text, template: links.ratingTemplate, parameters };
      await postLink(handler, known.currentTicketId ?? found.id, eventContext, message);
      return { messageId };
    } catch (error) {
      const because = error instanceof Refusal ? NOT_SENT[error.code] : undefined;
      if (because === undefined) throw error;
      return { because };
    }
  })();
  await handler.executeCommand(rating, jobId, eventContext, (now) =>
    decidePostRatingLink(now, outcome, isReminder),
  );
}

export const requestRating =
  (deps: Deps) =>
  async (of: Omit<RatingRequest, 'tokenHash' | 'expiresAt'>): Promise<void> => {
    const { handler, clock, blindIndex } = deps;
    const eventContext = systemContext(deps, of.jobId);
    const expiresAt = new Date(clock.now().getTime() + RATING_DAYS * DAY_MS).toISOString();
    const tokenHash = tokenHashOf(linkTokenOf(blindIndex, 'rating-link', of.jobId));
    const { state } = await handler.executeCommand(rating, of.jobId, eventContext, (now) =>
      decideRequestRating(now, { ...of, tokenHash, expiresAt }),
    );
    await post(deps, state, eventContext, false);
  };

export const remindOfRating =
  (deps: Deps) =>
  async (jobId: string): Promise<void> => {
    const eventContext = systemContext(deps, jobId);
    const state = await deps.handler.load(rating, jobId);
    if (isReminderDue(state, eventContext.at)) await post(deps, state, eventContext, true);
  };
