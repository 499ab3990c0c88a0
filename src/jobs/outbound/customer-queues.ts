/** Each customer's messages one after the other; many customers at once, within what their line takes. */
import type { Recorded } from '../../domain/codec.ts';
import { UndecodableEvent } from '../../domain/codec.ts';
import type { Channel as ChannelName } from '../../domain/vocabulary.ts';
import type { ChannelSender } from '../../ports.ts';
import type { CustomerAddress } from './addresses.ts';
import type { PendingMessage } from './pending-messages.ts';
import {
  abandon,
  deliver,
  type DeliverDeps,
  expired,
  holdLine,
  leaveUnknown,
  stopLine,
  type DeliveryStep,
} from './deliver.ts';
import { actionOn } from '../../channels/errors.ts';
import type { ReactorRun } from '../../engine/jobs/reactor.ts';
import { retry } from '../../engine/jobs/retry.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import { createLineLimiter, type LineLimiter } from './line-limiter.ts';

export interface CustomerQueues {
  /** Puts a message behind its customer's earlier ones. */
  add(pending: PendingMessage): Promise<void>;
  /**
   * Looks at what the channel reported later: that a number is locked shows there, too
   * (docs/design/whatsapp.md#error-codes).
   */
  observe(event: Recorded): Promise<void>;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
}

interface Deps extends Omit<DeliverDeps, 'channel'> {
  readonly channels: Readonly<Record<ChannelName, ChannelSender>>;
  readonly addressOf: (ticketId: string) => Promise<CustomerAddress | null>;
  readonly perLine: number;
  readonly skip: ReactorRun['skip'];
  /** Called when a message has an outcome on record. */
  settled(pending: PendingMessage): void;
}

export function createCustomerQueues(deps: Deps): CustomerQueues {
  const { clock, log, stopping, timing } = deps;
  const queues = new Map<string, PendingMessage[]>();
  const working = new Set<Promise<void>>();
  const limiters = new Map<string, LineLimiter>();
  /** Logged once, not once a message. */
  const unconfigured = new Set<string>();

  function limiterOf(channel: ChannelName, name: string): LineLimiter {
    const key = `${channel} ${name}`;
    const limiter =
      limiters.get(key) ?? createLineLimiter(deps.channels[channel].atOnce?.(name) ?? deps.perLine);
    limiters.set(key, limiter);
    return limiter;
  }

  async function addressOf(ticketId: string): Promise<CustomerAddress | null | 'left'> {
    const found = () =>
      deps.addressOf(ticketId).catch((err: unknown) => {
        if (!(err instanceof UndecodableEvent)) throw err;
        deps.skip(err);
        return null;
      });
    const failed = (err: unknown, backoff: number): void => {
      log.warn({ err, backoff, job: 'sender' }, 'the sender cannot look up a ticket: trying again');
    };
    return retry(found, { signal: stopping, failed });
  }

  /** Until it has an outcome, or the sender has to stop. */
  async function serve(pending: PendingMessage, address: CustomerAddress | null): Promise<DeliveryStep> {
    for (;;) {
      if (stopping.aborted) return 'left';
      const done = await step(pending, address).catch(skipUnreadable);
      if (done !== 'later') return done;
    }
  }

  /** What became of the message cannot be known. The customer's later messages go on. */
  function skipUnreadable(error: unknown): DeliveryStep {
    if (!(error instanceof UndecodableEvent)) throw error;
    deps.skip(error);
    return 'settled';
  }

  async function step(pending: PendingMessage, address: CustomerAddress | null): Promise<DeliveryStep> {
    if (address === null) return abandon(depsFor('web'), pending, 'no_recipient');
    const own = depsFor(address.channel);
    if (pending.interrupted) return leaveUnknown(own, pending);
    if (pending.lost) return leaveUnknown(own, pending, 'restored');
    if (expired(deps, pending)) return abandon(own, pending, 'expired');
    const line = own.channel.lineFor(address);
    if (line === null) return untilConfigured(pending, address);
    await sleep(Math.max(pending.retryAt - clock.now().getTime(), 0), stopping);
    const limiter = limiterOf(address.channel, line);
    const done = await limiter.run(() => deliver(own, pending, { ...address, line }, limiter), stopping);
    return done === 'aborted' ? 'left' : done;
  }

  const depsFor = (channel: ChannelName): DeliverDeps => ({ ...deps, channel: deps.channels[channel] });

  /** Stays queued: when the missing token is set and the program starts again, nothing is lost but time. */
  async function untilConfigured(
    { event }: PendingMessage,
    { channel, division }: CustomerAddress,
  ): Promise<DeliveryStep> {
    if (!unconfigured.has(`${channel} ${division}`)) {
      unconfigured.add(`${channel} ${division}`);
      log.warn({ channel, division }, 'messages wait: no access to this channel is configured');
      deps.observer.lineState(channel, division, 'not_configured');
    }
    const left = Date.parse(event.data.sentAt) + timing.expiry - clock.now().getTime() + 1;
    await sleep(Math.min(Math.max(left, 1), 3_600_000), stopping);
    return 'later';
  }

  async function work(key: string, queue: PendingMessage[], address: CustomerAddress | null): Promise<void> {
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      if ((await serve(next, address)) === 'left') return;
      deps.settled(next);
      queue.shift();
    }
    queues.delete(key);
  }

  return {
    add: async (pending) => {
      const address = await addressOf(pending.event.data.ticketId);
      if (address === 'left') return;
      const key = address?.customerKey ?? pending.event.data.ticketId;
      const queue = queues.get(key);
      if (queue) {
        queue.push(pending);
        return;
      }
      const fresh = [pending];
      queues.set(key, fresh);
      const done = work(key, fresh, address).finally(() => working.delete(done));
      working.add(done);
    },
    observe: async (event) => {
      if (event.type !== 'DeliveryReported' || event.data.status !== 'failed') return;
      const code = event.data.error?.split(' ')[0] ?? '';
      const action = actionOn(code);
      if (action.kind !== 'stop' && !(action.kind === 'retry' && action.slows === 'line')) return;
      const address = await addressOf(event.data.ticketId);
      if (address === 'left' || address === null) return;
      const line = deps.channels[address.channel].lineFor(address);
      if (line === null) return;
      const limiter = limiterOf(address.channel, line);
      if (action.kind === 'retry') {
        holdLine(limiter, timing);
        return;
      }
      deps.observer.lineState(address.channel, line, code);
      stopLine(limiter, timing, log, { channel: address.channel, line: line, code });
    },
    idle: async () => {
      while (working.size > 0) await Promise.all(working);
    },
  };
}
