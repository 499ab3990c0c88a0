/**
 * Sends approved blasts (docs/design/business-rules.md#blast-sending): one message at a time per line, over all
 * blasts. All that it has to know is on the blasts' streams, so that it goes on with the next recipient after a crash.
 */
import pLimit from 'p-limit';
import { UndecodableEvent } from '../../domain/codec.ts';
import { type ExistingBlast, isUnfinishedRecipient, maySend } from '../../domain/blasts/blast.ts';
import { type Leases, NOBODY } from '../../ports.ts';
import { runningBlasts, templatedSince } from '../../projections/blasts/blasts-to-send.ts';
import { type CustomerAddress, createAddresses } from '../outbound/addresses.ts';
import { RETRY_LIMITS, type RetryLimits } from './interpret-response.ts';
import { createLineQueue, type LineQueue, type QueuedRecipient } from './line-queue.ts';
import { createMessagingLimit } from './messaging-limit.ts';
import {
  sendToRecipient,
  type SendToRecipientDeps,
  recoverAttempt,
  type BlastTarget,
} from './send-to-recipient.ts';
import { type Job, runWhileLeader } from '../../engine/jobs/run-while-leader.ts';
import type { SkippedEvents } from '../../engine/jobs/skipped-events.ts';
import { sleep } from '../../engine/jobs/sleep.ts';

export interface BlastExecutorDeps extends Omit<
  SendToRecipientDeps,
  'messagingLimit' | 'retryLimits' | 'giveUp' | 'skip'
> {
  readonly leases: Leases;
  readonly skipped: Pick<SkippedEvents, 'skip'>;
  /** Between two messages of one line, in milliseconds: `BLAST_DELAY_MS`. */
  readonly delayMs: number;
  /** `WA_DAILY_LIMIT`. */
  readonly dailyLimit: number;
  readonly retryLimits?: RetryLimits;
  /** How often to look for new approvals, in milliseconds. */
  readonly lookMs?: number;
}

const JOB = 'blast';
const DAY_MS = 24 * 3_600_000;
const LOOK_MS = 300;
/** Requests under way may finish for so long when the executor has to stop. */
const GRACE_MS = 5_000;
const MOST_SLOWDOWN = 8;
const ADDRESS_KEPT_MS = 600_000;

/** A line of ours, with the recipients that wait for it. */
interface SendingLine {
  readonly queue: LineQueue;
  /** Failures in a row that were the line's own. */
  failures: number;
}

/** Holds the lease `blast`. */
export const createBlastExecutor = (deps: BlastExecutorDeps): Job =>
  runWhileLeader(deps.leases, JOB, (signal) => sendBlasts(deps, signal));

/** While the lease is held. */
async function sendBlasts(deps: BlastExecutorDeps, stopping: AbortSignal): Promise<void> {
  const { read, record, channels, clock, log, dailyLimit } = deps;
  const giveUp = new AbortController();
  const since = new Date(clock.now().getTime() - DAY_MS).toISOString();
  const messagingLimit = createMessagingLimit(dailyLimit, await templatedSince(read, NOBODY, since));
  const skip = (error: UndecodableEvent): void => {
    deps.skipped.skip(JOB, error);
  };
  const sendDeps: SendToRecipientDeps = {
    ...deps,
    messagingLimit,
    retryLimits: deps.retryLimits ?? RETRY_LIMITS,
    giveUp: giveUp.signal,
    skip,
  };
  // An address may be old: `planFor` checks the customer again right before each request.
  const findAddress = createAddresses(deps, ADDRESS_KEPT_MS);
  const sendingLines = new Map<string, SendingLine>();
  /** Recipients being sent to now: their open attempts are this process' own. */
  const underWay = new Set<string>();
  /** Recipients with an event that cannot be read: not tried again until the next start. */
  const unreadable = new Set<string>();
  /** Logged once, not once a look. */
  const unconfigured = new Set<string>();
  const lookups = pLimit(8);
  let slowdown = 1;

  function sendingLineOf(key: string): SendingLine {
    const known = sendingLines.get(key);
    if (known) return known;
    const fresh = { queue: createLineQueue(() => deps.delayMs * slowdown, stopping), failures: 0 };
    sendingLines.set(key, fresh);
    return fresh;
  }

  async function addressOf(ticketId: string): Promise<CustomerAddress | null> {
    try {
      return await findAddress(ticketId);
    } catch (error) {
      if (!(error instanceof UndecodableEvent)) throw error;
      skip(error);
      return null;
    }
  }

  function queued(key: string, target: BlastTarget, sendingLine: SendingLine): QueuedRecipient {
    const recipient: QueuedRecipient = {
      key,
      notBefore: 0,
      async send() {
        underWay.add(key);
        try {
          const result = await sendToRecipient(sendDeps, target, sendingLine.failures);
          if (result.kind === 'dropped') return { requested: false, again: false };
          if (result.kind === 'later') {
            recipient.notBefore = result.at;
            return { requested: false, again: true };
          }
          const { outcome, holds, slows } = result.response;
          sendingLine.failures = holds > 0 ? sendingLine.failures + 1 : 0;
          if (holds > 0) sendingLine.queue.hold(holds);
          if (slows) slowdown = Math.min(slowdown * 2, MOST_SLOWDOWN);
          if (outcome.kind === 'deferred') recipient.notBefore = Date.parse(outcome.retryAt);
          return { requested: true, again: outcome.kind === 'deferred' };
        } catch (err) {
          if (err instanceof UndecodableEvent) {
            unreadable.add(key);
            skip(err);
          }
          // The next look decides by what is on record.
          else log.warn({ err, job: JOB }, 'a recipient of a blast could not be tried, looking again');
          return { requested: true, again: false };
        } finally {
          underWay.delete(key);
        }
      },
    };
    return recipient;
  }

  async function enqueue(blast: ExistingBlast, index: number): Promise<void> {
    const listed = blast.facts.recipients[index];
    if (!listed) return;
    const { ticketId, division, customerId } = listed;
    const about = { blastId: blast.facts.blastId, ticketId, division };
    const key = `${about.blastId} ${ticketId}`;
    if (unreadable.has(key) || [...sendingLines.values()].some(({ queue }) => queue.has(key))) return;
    const address = await addressOf(ticketId);
    if (address === null) {
      await record.skip(about, 'no_recipient');
      return;
    }
    const line = channels[address.channel].lineFor(address);
    if (line === null) {
      const which = `${address.channel} ${address.division}`;
      if (!unconfigured.has(which))
        log.error(
          { channel: address.channel, division },
          'a blast waits: no access to this channel is configured',
        );
      unconfigured.add(which);
      return;
    }
    const sendingLine = sendingLineOf(`${address.channel} ${line}`);
    sendingLine.queue.add(queued(key, { about, customerId, address, line }, sendingLine));
  }

  async function look(blastId: string): Promise<void> {
    const blast = await record.load(blastId);
    if (blast.status === 'absent') return;
    /** Indexes of recipients to send to, in the order of the list, which the queues keep. */
    const toSend: number[] = [];
    let hasOpen = false;
    for (const [index, { ticketId, division }] of blast.facts.recipients.entries()) {
      const recipient = blast.recipients.get(ticketId);
      if (!recipient || !isUnfinishedRecipient(recipient)) continue;
      hasOpen = true;
      if (recipient.status !== 'attempted') toSend.push(index);
      else if (!underWay.has(`${blastId} ${ticketId}`))
        await recoverAttempt(sendDeps, { blastId, ticketId, division }, recipient.messageId);
    }
    if (!maySend(blast)) return;
    if (!hasOpen) {
      if (await record.done(blastId)) log.info({ blastId }, 'a blast is done');
      return;
    }
    await Promise.all(
      toSend.map((index) => lookups(() => addressOf(blast.facts.recipients[index]?.ticketId ?? ''))),
    );
    for (const index of toSend) {
      if (stopping.aborted) return;
      await enqueue(blast, index);
    }
  }

  async function lookAtAll(): Promise<void> {
    for (const blastId of await runningBlasts(read, NOBODY)) {
      try {
        await look(blastId);
      } catch (error) {
        // The other blasts go on.
        if (!(error instanceof UndecodableEvent)) throw error;
        skip(error);
      }
    }
  }

  try {
    while (!stopping.aborted) {
      await lookAtAll().catch((err: unknown) => {
        log.warn({ err, job: JOB }, 'blasts could not be looked at, trying again');
      });
      await sleep(deps.lookMs ?? LOOK_MS, stopping);
    }
  } finally {
    const grace = setTimeout(() => {
      giveUp.abort();
    }, GRACE_MS);
    await Promise.all([...sendingLines.values()].map(({ queue }) => queue.idle()));
    clearTimeout(grace);
  }
}
