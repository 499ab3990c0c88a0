/** One message to its channel: an attempt on record before every request, and its outcome after it. */
import type {
  AboutMessage,
  DeliveryOutcome,
  RecordDelivery,
} from '../../commands/outbound/record-delivery.ts';
import { OPTED_OUT_CODES } from '../../commands/customers/opt-out.ts';
import { windowLeftSeconds } from '../../domain/blasts/service-window.ts';
import { UndecodableEvent } from '../../domain/codec.ts';
import type { ChannelSender, Clock, Ids, Logger, SendOutcome } from '../../ports.ts';
import type { CustomerAddress } from './addresses.ts';
import type { PendingMessage } from './pending-messages.ts';
import { actionOn } from '../../channels/errors.ts';
import { backoffMs, type BackoffOptions } from '../../engine/jobs/backoff.ts';
import { retry } from '../../engine/jobs/retry.ts';
import type { LineLimiter } from './line-limiter.ts';
import { outboundOf } from './outbound.ts';

/** Milliseconds. */
export interface Timing {
  /** A message that could not go out for so long is not sent any more: it would come too late. */
  readonly expiry: number;
  /** First pause before the same message is tried again; then four times as long for a customer, twice for a line. */
  readonly firstRetry: number;
  readonly longestRetry: number;
  /** A stopped line tries one message after so long, then after twice as long, ... */
  readonly firstProbe: number;
  readonly longestProbe: number;
  /** Requests under way may finish for so long when the sender has to stop. */
  readonly grace: number;
}

export const TIMING: Timing = {
  expiry: 24 * 3_600_000,
  firstRetry: 1_000,
  longestRetry: 300_000,
  firstProbe: 60_000,
  longestProbe: 600_000,
  grace: 5_000,
};

/** Called for everything that happens, for the metrics. */
export interface SenderObserver {
  /** `result`: accepted, deferred, failed, unknown. */
  outcome(channel: string, result: DeliveryOutcome['kind'], code: string): void;
  /** `line`: our number, page or bot. `stoppedBy` null: it works (again). */
  lineState(channel: string, line: string, stoppedBy: string | null): void;
  waiting(messages: number): void;
}

export interface DeliverDeps {
  readonly record: RecordDelivery;
  readonly channel: ChannelSender;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Logger;
  readonly observer: SenderObserver;
  readonly timing: Timing;
  /** No new attempts. */
  readonly stopping: AbortSignal;
  /** Give up requests under way, and the recording of their outcomes. */
  readonly giveUp: AbortSignal;
}

/** `later`: `pending.retryAt` says when. `left`: it stays as it is on record, because the sender has to stop. */
export type DeliveryStep = 'settled' | 'later' | 'left';

const aboutOf = ({ event }: PendingMessage): AboutMessage => ({
  ticketId: event.data.ticketId,
  division: event.data.division,
  messageId: event.data.messageId,
});

/** Repeats an append until the store has it or `until` aborts. @throws UndecodableEvent */
function untilRecorded<T>(
  { log }: DeliverDeps,
  until: AbortSignal,
  append: () => Promise<T>,
): Promise<T | 'left'> {
  const failed = (err: unknown, backoff: number): void => {
    log.warn({ err, backoff, job: 'sender' }, 'the sender cannot record: trying again');
  };
  const isFinal = (err: unknown): boolean => err instanceof UndecodableEvent;
  return retry(append, { signal: until, isFinal, failed });
}

async function settle(
  deps: DeliverDeps,
  pending: PendingMessage,
  outcome: DeliveryOutcome,
): Promise<DeliveryStep> {
  const about = aboutOf(pending);
  const done = await untilRecorded(deps, deps.giveUp, () =>
    deps.record.outcome(about, pending.event, outcome),
  );
  if (done === 'left') return 'left';
  if (done.status !== 'deferred') return 'settled';
  pending.interrupted = false;
  pending.retryAt = Date.parse(done.retryAt);
  return 'later';
}

/** For an attempt without an outcome: it is never tried again, and a report of the channel may still say what became of it. */
export const leaveUnknown = (
  deps: DeliverDeps,
  pending: PendingMessage,
  reason: 'interrupted' | 'restored' = 'interrupted',
): Promise<DeliveryStep> => settle(deps, pending, { kind: 'unknown', reason });

export const expired = (deps: Pick<DeliverDeps, 'clock' | 'timing'>, { event }: PendingMessage): boolean =>
  deps.clock.now().getTime() - Date.parse(event.data.sentAt) > deps.timing.expiry;

/** Fails the message without a request. `code`: why. */
export async function abandon(
  deps: DeliverDeps,
  pending: PendingMessage,
  code: string,
): Promise<DeliveryStep> {
  const done = await untilRecorded(deps, deps.stopping, () =>
    deps.record.giveUp(aboutOf(pending), pending.event, code),
  );
  return done === 'left' ? 'left' : 'settled';
}

/** Tries once, now. @throws UndecodableEvent */
export async function deliver(
  deps: DeliverDeps,
  pending: PendingMessage,
  to: CustomerAddress & { readonly line: string },
  limiter: LineLimiter,
): Promise<DeliveryStep> {
  if (expired(deps, pending)) return abandon(deps, pending, 'expired');
  const quiet = deps.channel.quietFor?.(to.line, deps.clock.now()) ?? 0;
  if (quiet > 0) {
    // Nothing was tried: it stays queued, like all that leaves by this line.
    limiter.hold(quiet);
    pending.retryAt = deps.clock.now().getTime() + quiet;
    return 'later';
  }
  const about = aboutOf(pending);
  const attemptId = deps.ids.next();
  const recorded = await untilRecorded(deps, deps.stopping, () =>
    deps.record.attempt(about, pending.event, attemptId, to.line),
  );
  if (recorded === 'left') return 'left';
  if (recorded !== true) {
    // Another process tried it: what it left open may have been sent.
    return recorded.status === 'attempted' ? leaveUnknown(deps, pending) : 'settled';
  }
  pending.attempts += 1;
  const sent = await deps.channel.send(
    outboundOf(pending.event),
    {
      ...{ line: to.line, userId: to.userId, isFirst: to.wroteAt === null },
      ...(to.wroteAt !== null && {
        windowLeftSeconds: windowLeftSeconds(to.wroteAt, deps.clock.now().getTime()),
      }),
    },
    deps.giveUp,
  );
  const outcome = interpret(deps, pending, to, limiter, sent);
  deps.observer.outcome(to.channel, outcome.kind, 'code' in outcome ? outcome.code : '');
  const done = await settle(deps, pending, outcome);
  if (outcome.kind === 'failed' && OPTED_OUT_CODES.has(outcome.code))
    await untilRecorded(deps, deps.giveUp, () => deps.record.optOut(to.customerKey, pending.event));
  return done;
}

/** What the channel's answer means for this message, and for the line it went out on. */
function interpret(
  deps: DeliverDeps,
  pending: PendingMessage,
  to: CustomerAddress & { readonly line: string },
  limiter: LineLimiter,
  sent: SendOutcome,
): DeliveryOutcome {
  const { log, observer, timing } = deps;
  const fields = { channel: to.channel, line: to.line, ticketId: pending.event.data.ticketId };
  switch (sent.kind) {
    case 'accepted':
      if (limiter.failures > 0) log.info(fields, 'a line works again');
      limiter.recovered();
      observer.lineState(to.channel, to.line, null);
      return sent;
    case 'unknown':
      log.warn({ ...fields, reason: sent.reason }, 'nobody knows whether a message was sent');
      return sent;
    case 'not_sent':
      return defer(deps, sent.code, holdLine(limiter, timing));
    case 'refused':
      break;
  }
  const { code, reason, retryAfterMs, isTransient } = sent;
  const action = actionOn(code, isTransient);
  switch (action.kind) {
    case 'give_up':
      log[action.because === 'content' || action.because === 'unknown_code' ? 'error' : 'warn'](
        { ...fields, code, reason: action.because },
        'a message will not get through',
      );
      return { kind: 'failed', code, reason };
    case 'stop':
      observer.lineState(to.channel, to.line, code);
      return defer(deps, code, stopLine(limiter, timing, log, { ...fields, code }));
    case 'retry': {
      const wait =
        action.slows === 'line'
          ? holdLine(limiter, timing, retryAfterMs ?? 0)
          : Math.max(backoffMs(pending.attempts - 1, customerBackoff(timing)), retryAfterMs ?? 0);
      log.warn({ ...fields, code, backoff: wait }, 'the channel asks to wait');
      return defer(deps, code, wait);
    }
  }
}

const customerBackoff = ({ firstRetry, longestRetry }: Timing): BackoffOptions => ({
  firstMs: firstRetry,
  mostMs: longestRetry,
  growth: 4,
});

/** All messages of the line wait. @returns milliseconds */
export function holdLine(limiter: LineLimiter, timing: Timing, atLeast = 0): number {
  const { firstRetry: firstMs, longestRetry: mostMs } = timing;
  const wait = Math.max(backoffMs(limiter.failures, { firstMs, mostMs }), atLeast);
  limiter.hold(wait);
  return wait;
}

/** Nothing gets through until a person acts, so an operator is alerted. @returns milliseconds until the next try */
export function stopLine(limiter: LineLimiter, timing: Timing, log: Logger, fields: object): number {
  const { firstProbe: firstMs, longestProbe: mostMs } = timing;
  const wait = backoffMs(limiter.failures, { firstMs, mostMs });
  limiter.hold(wait);
  log.error({ ...fields, backoff: wait }, 'a line is stopped: the channel refuses everything it sends');
  return wait;
}

function defer({ clock }: DeliverDeps, code: string, milliseconds: number): DeliveryOutcome {
  const retryAt = new Date(clock.now().getTime() + milliseconds).toISOString();
  return { kind: 'deferred', code, retryAt };
}
