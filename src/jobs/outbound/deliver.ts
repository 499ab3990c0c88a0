/** One message to its channel: an attempt on record before every request, and its outcome after. */
import type {
  AboutMessage,
  DeliveryOutcome,
  RecordDelivery,
} from '../../commands/outbound/record-delivery.ts';
import type { Channel, Clock, Ids, Logger, SendOutcome } from '../../ports.ts';
import type { Address } from './addresses.ts';
import type { PendingMessage } from './pending-messages.ts';
import { actionOn } from './error-policy.ts';
import { retry } from '../../engine/jobs/retry.ts';
import type { ChannelAccount } from './channel-account.ts';
import { outboundOf } from './outbound.ts';

/** Milliseconds. */
export interface Timing {
  /** A message that could not go out for so long is not sent any more: the answer came too late. */
  readonly expiry: number;
  /** First pause before the same message is tried again; grows four times each for a customer, twice for a line. */
  readonly firstRetry: number;
  readonly longestRetry: number;
  /** A stopped line is probed after so long, then after twice as long, ... */
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

/** Told about everything that happens, for the metrics. */
export interface SenderObserver {
  /** `result`: accepted, deferred, failed, unknown. */
  outcome(channel: string, result: DeliveryOutcome['kind'], code: string): void;
  /** `code` null: the line works (again). */
  line(channel: string, line: string, stoppedBy: string | null): void;
  waiting(messages: number): void;
}

export interface DeliverDeps {
  readonly record: RecordDelivery;
  readonly channel: Channel;
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

/** `later`: `pending.retryAt` says when. `left`: as it is on record, because the sender has to stop. */
export type DeliveryStep = 'settled' | 'later' | 'left';

const aboutOf = ({ event }: PendingMessage): AboutMessage => ({
  ticketId: event.data.ticketId,
  division: event.data.division,
  messageId: event.data.messageId,
});

/** Repeats an append until the store has it or `until` aborts. */
function recorded<T>(
  { log }: DeliverDeps,
  until: AbortSignal,
  append: () => Promise<T>,
): Promise<T | 'left'> {
  const failed = (err: unknown, backoff: number): void => {
    log.warn({ err, backoff, job: 'sender' }, 'the sender cannot record: trying again');
  };
  return retry(append, { signal: until, failed });
}

async function settle(
  deps: DeliverDeps,
  pending: PendingMessage,
  outcome: DeliveryOutcome,
): Promise<DeliveryStep> {
  const about = aboutOf(pending);
  const done = await recorded(deps, deps.giveUp, () => deps.record.outcome(about, pending.event, outcome));
  if (done === 'left') return 'left';
  if (done.status !== 'deferred') return 'settled';
  pending.interrupted = false;
  pending.retryAt = Date.parse(done.retryAt);
  return 'later';
}

/** An attempt without an outcome: nobody may try again, and a report of the channel may still tell. */
export const leaveUnknown = (
  deps: DeliverDeps,
  pending: PendingMessage,
  reason: 'interrupted' | 'restored' = 'interrupted',
): Promise<DeliveryStep> => settle(deps, pending, { kind: 'unknown', reason });

export const expired = (deps: Pick<DeliverDeps, 'clock' | 'timing'>, { event }: PendingMessage): boolean =>
  deps.clock.now().getTime() - Date.parse(event.data.sentAt) > deps.timing.expiry;

/** Without a request. `code`: why. */
export async function abandon(
  deps: DeliverDeps,
  pending: PendingMessage,
  code: string,
): Promise<DeliveryStep> {
  const done = await recorded(deps, deps.stopping, () =>
    deps.record.giveUp(aboutOf(pending), pending.event, code),
  );
  return done === 'left' ? 'left' : 'settled';
}

/** Tries once, now. Never rejects. */
export async function deliver(
  deps: DeliverDeps,
  pending: PendingMessage,
  to: Address & { readonly lineName: string },
  line: ChannelAccount,
): Promise<DeliveryStep> {
  if (expired(deps, pending)) return abandon(deps, pending, 'expired');
  const about = aboutOf(pending);
  const attemptId = deps.ids.next();
  const stands = await recorded(deps, deps.stopping, () =>
    deps.record.attempt(about, pending.event, attemptId),
  );
  if (stands === 'left') return 'left';
  if (stands !== true) {
    // Another process was here: what it left open may have been sent.
    return stands.status === 'attempted' ? leaveUnknown(deps, pending) : 'settled';
  }
  pending.attempts += 1;
  const sent = await deps.channel.send(
    outboundOf(pending.event),
    { line: to.lineName, userId: to.userId },
    deps.giveUp,
  );
  const outcome = judge(deps, pending, to, line, sent);
  deps.observer.outcome(to.channel, outcome.kind, 'code' in outcome ? outcome.code : '');
  return settle(deps, pending, outcome);
}

/** What the channel's answer means for this message, and for its line. */
function judge(
  deps: DeliverDeps,
  pending: PendingMessage,
  to: Address & { readonly lineName: string },
  line: ChannelAccount,
  sent: SendOutcome,
): DeliveryOutcome {
  const { log, observer, timing } = deps;
  const seen = { channel: to.channel, line: to.lineName, ticketId: pending.event.data.ticketId };
  switch (sent.kind) {
    case 'accepted':
      if (line.failures > 0) log.info(seen, 'the line works again');
      line.works();
      observer.line(to.channel, to.lineName, null);
      return sent;
    case 'unknown':
      log.warn({ ...seen, reason: sent.reason }, 'nobody knows whether a message was sent');
      return sent;
    case 'not_sent':
      return defer(deps, sent.code, holdLine(line, timing));
    case 'refused':
      break;
  }
  const { code, reason, retryAfterMs } = sent;
  const action = actionOn(code);
  switch (action.kind) {
    case 'give_up':
      log[action.because === 'content' || action.because === 'unknown_code' ? 'error' : 'warn'](
        { ...seen, code, reason: action.because },
        'a message will not get through',
      );
      return { kind: 'failed', code, reason };
    case 'stop':
      observer.line(to.channel, to.lineName, code);
      return defer(deps, code, stopLine(line, timing, log, { ...seen, code }));
    case 'retry': {
      const wait =
        action.slows === 'line'
          ? holdLine(line, timing, retryAfterMs ?? 0)
          : Math.max(growing(timing.firstRetry, 4, pending.attempts, timing.longestRetry), retryAfterMs ?? 0);
      log.warn({ ...seen, code, backoff: wait }, 'the channel asks to wait');
      return defer(deps, code, wait);
    }
  }
}

const growing = (first: number, factor: number, times: number, longest: number): number =>
  Math.min(first * factor ** Math.min(times - 1, 20), longest);

/** Everybody on the line waits. @returns milliseconds */
export function holdLine(line: ChannelAccount, timing: Timing, atLeast = 0): number {
  const wait = Math.max(growing(timing.firstRetry, 2, line.failures + 1, timing.longestRetry), atLeast);
  line.hold(wait);
  return wait;
}

/** Nothing gets through until somebody acts, so an operator must hear of it. @returns milliseconds until the next probe */
export function stopLine(line: ChannelAccount, timing: Timing, log: Logger, about: object): number {
  const wait = growing(timing.firstProbe, 2, line.failures + 1, timing.longestProbe);
  line.hold(wait);
  log.error({ ...about, backoff: wait }, 'a line is stopped: the channel refuses everything it sends');
  return wait;
}

function defer({ clock }: DeliverDeps, code: string, milliseconds: number): DeliveryOutcome {
  const retryAt = new Date(clock.now().getTime() + milliseconds).toISOString();
  return { kind: 'deferred', code, retryAt };
}
