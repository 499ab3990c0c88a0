/**
 * Sends approved blasts (domain.md, 'Blast'): one message at a time per number, whichever blasts they are of. Everything
 * it knows is on the blasts' streams, so that a crash in the middle goes on with the next recipient.
 */
import pLimit from 'p-limit';
import { type ExistingBlast, isOpen, maySend } from '../../domain/blasts/blast.ts';
import { type Leases, NOBODY } from '../../ports.ts';
import { runningBlasts, templatedSince } from '../../projections/blasts/blasts-to-send.ts';
import { createAddresses } from '../outbound/addresses.ts';
import { BACKOFF, type Backoff } from './interpret-response.ts';
import { createNumberQueue, type NumberQueue, type QueuedRecipient } from './number-queue.ts';
import { createMessagingLimit } from './messaging-limit.ts';
import {
  sendToRecipient,
  type SendToRecipientDeps,
  recoverAttempt,
  type BlastTarget,
} from './send-to-recipient.ts';
import { sleep } from '../../engine/jobs/sleep.ts';

export interface BlastExecutorDeps extends Omit<
  SendToRecipientDeps,
  'messagingLimit' | 'backoff' | 'giveUp'
> {
  readonly leases: Leases;
  /** Between two messages of one number, in milliseconds: `BLAST_DELAY_MS`. */
  readonly delayMs: number;
  /** `WA_DAILY_LIMIT`. */
  readonly dailyLimit: number;
  readonly backoff?: Backoff;
  /** How often to look for new approvals, in milliseconds. */
  readonly lookMs?: number;
}

const DAY_MS = 24 * 3_600_000;
const LOOK_MS = 300;
/** Requests under way may finish for so long when the executor has to stop. */
const GRACE_MS = 5_000;
const SLOWEST = 8;
const ADDRESS_KEPT_MS = 600_000;

export const createBlastExecutor = (deps: BlastExecutorDeps) => ({
  /** Works while this process holds the lease `blast`. Resolves after `signal`. */
  run: (signal: AbortSignal): Promise<void> =>
    deps.leases.hold('blast', signal, (lease) => term(deps, lease.signal)),
});

/** One holding of the lease. */
async function term(deps: BlastExecutorDeps, stopping: AbortSignal): Promise<void> {
  const { read, record, channels, clock, log, dailyLimit } = deps;
  const giveUp = new AbortController();
  const since = new Date(clock.now().getTime() - DAY_MS).toISOString();
  const messagingLimit = createMessagingLimit(dailyLimit, await templatedSince(read, NOBODY, since));
  const reachDeps: SendToRecipientDeps = {
    ...deps,
    messagingLimit,
    backoff: deps.backoff ?? BACKOFF,
    giveUp: giveUp.signal,
  };
  // Looked at again right before each request, by `planFor`.
  const addressOf = createAddresses(deps, ADDRESS_KEPT_MS);
  const lanes = new Map<string, { readonly lane: NumberQueue; failures: number }>();
  /** Turns taken now: their open attempts are ours. */
  const underWay = new Set<string>();
  /** Told once, not once a look. */
  const unconfigured = new Set<string>();
  const lookups = pLimit(8);
  let slowness = 1;

  function laneOf(key: string): { readonly lane: NumberQueue; failures: number } {
    const known = lanes.get(key);
    if (known) return known;
    const fresh = { lane: createNumberQueue(() => deps.delayMs * slowness, stopping), failures: 0 };
    lanes.set(key, fresh);
    return fresh;
  }

  function turnOf(
    key: string,
    target: BlastTarget,
    on: { readonly lane: NumberQueue; failures: number },
  ): QueuedRecipient {
    const turn: QueuedRecipient = {
      key,
      notBefore: 0,
      async take() {
        underWay.add(key);
        try {
          const reached = await sendToRecipient(reachDeps, target, on.failures);
          if (reached.kind === 'dropped') return { requested: false, again: false };
          if (reached.kind === 'later') {
            turn.notBefore = reached.at;
            return { requested: false, again: true };
          }
          const { outcome, holds, slows } = reached.verdict;
          on.failures = holds > 0 ? on.failures + 1 : 0;
          if (holds > 0) on.lane.hold(holds);
          if (slows) slowness = Math.min(slowness * 2, SLOWEST);
          if (outcome.kind === 'deferred') turn.notBefore = Date.parse(outcome.retryAt);
          return { requested: true, again: outcome.kind === 'deferred' };
        } catch (err) {
          // What stands on record decides at the next look what became of it.
          log.warn({ err, job: 'blast' }, 'a recipient of a blast could not be tried, looking again');
          return { requested: true, again: false };
        } finally {
          underWay.delete(key);
        }
      },
    };
    return turn;
  }

  async function place(blast: ExistingBlast, index: number): Promise<void> {
    const one = blast.facts.recipients[index];
    if (!one) return;
    const { ticketId, division, customerId } = one;
    const about = { blastId: blast.facts.blastId, ticketId, division };
    const key = `${about.blastId} ${ticketId}`;
    if ([...lanes.values()].some(({ lane }) => lane.has(key))) return;
    const address = await addressOf(ticketId);
    if (address === null) {
      await record.skip(about, 'no_recipient');
      return;
    }
    const lineName = channels[address.channel].lineFor(address);
    if (lineName === null) {
      const which = `${address.channel} ${address.division}`;
      if (!unconfigured.has(which))
        log.error(
          { channel: address.channel, division },
          'a blast waits: no access to this channel is configured',
        );
      unconfigured.add(which);
      return;
    }
    const on = laneOf(`${address.channel} ${lineName}`);
    on.lane.add(turnOf(key, { about, customerId, address, lineName }, on));
  }

  async function look(blastId: string): Promise<void> {
    const blast = await record.load(blastId);
    if (blast.status === 'absent') return;
    const open: number[] = [];
    for (const [index, { ticketId, division }] of blast.facts.recipients.entries()) {
      const recipient = blast.recipients.get(ticketId);
      if (!recipient || !isOpen(recipient)) continue;
      if (recipient.status === 'attempted') {
        if (!underWay.has(`${blastId} ${ticketId}`))
          await recoverAttempt(reachDeps, { blastId, ticketId, division }, recipient.messageId);
        open.push(-1);
      } else open.push(index);
    }
    if (!maySend(blast)) return;
    if (open.length === 0) {
      if (await record.done(blastId)) log.info({ blastId }, 'a blast is done');
      return;
    }
    // In the order of the list, which the lanes keep.
    const addresses = open.filter((index) => index >= 0);
    await Promise.all(
      addresses.map((index) => lookups(() => addressOf(blast.facts.recipients[index]?.ticketId ?? ''))),
    );
    for (const index of addresses) {
      if (stopping.aborted) return;
      await place(blast, index);
    }
  }

  try {
    while (!stopping.aborted) {
      try {
        for (const blastId of await runningBlasts(read, NOBODY)) await look(blastId);
      } catch (err) {
        log.warn({ err, job: 'blast' }, 'blasts could not be looked at, trying again');
      }
      await sleep(deps.lookMs ?? LOOK_MS, stopping);
    }
  } finally {
    const grace = setTimeout(() => {
      giveUp.abort();
    }, GRACE_MS);
    await Promise.all([...lanes.values()].map(({ lane }) => lane.idle()));
    clearTimeout(grace);
  }
}
