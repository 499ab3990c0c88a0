/**
 * Asks channels that send no names who their customers are, once for each (docs/design/channels.md#names-that-are-asked-for).
 */
import pLimit from 'p-limit';
import type { NameCustomer, NamedCustomer, Unnamed } from '../../commands/customers/name-customer.ts';
import { type RecordedOf, UndecodableEvent } from '../../domain/codec.ts';
import type { Channel as ChannelName } from '../../domain/vocabulary.ts';
import { type BackoffOptions, createBackoff } from '../../engine/jobs/backoff.ts';
import {
  createReactor,
  type Reaction,
  type ReactorDeps,
  type ReactorRun,
} from '../../engine/jobs/reactor.ts';
import { retry } from '../../engine/jobs/retry.ts';
import type { Job } from '../../engine/jobs/run-while-leader.ts';
import { sleep } from '../../engine/jobs/sleep.ts';
import type { Clock, JobCheckpoints, NameSource, Position } from '../../ports.ts';

export interface CustomerNamesDeps extends ReactorDeps {
  readonly sources: Readonly<Record<ChannelName, NameSource | null>>;
  readonly unnamed: (who: NamedCustomer) => Promise<Unnamed>;
  readonly nameCustomer: NameCustomer;
  readonly checkpoints: JobCheckpoints;
  readonly clock: Clock;
  /** Pauses between tries, and how long after the first message it is still asked, in milliseconds. */
  readonly patience?: BackoffOptions & { readonly untilMs: number };
}

const PATIENCE = { firstMs: 1_000, mostMs: 1_800_000, untilMs: 24 * 3_600_000 };
/** Questions under way: names can wait, and the same accounts send and are written to. */
const AT_ONCE = 2;

type Registered = RecordedOf<'CustomerRegistered'>;
interface Waiting {
  readonly event: Registered;
  readonly before: Position;
}

/** Holds the lease `customer-names`. */
export const createCustomerNames = (deps: CustomerNamesDeps): Job =>
  createReactor(deps, {
    name: 'customer-names',
    streamPrefixes: ['customer-'],
    position: { checkpoints: deps.checkpoints, firstRun: 'first event', wrongStore: 'stay off' },
    start: (run) => asking(deps, run),
  });

function asking(deps: CustomerNamesDeps, { signal, skip }: ReactorRun): Reaction {
  const { sources, unnamed, nameCustomer, clock, log, patience = PATIENCE } = deps;
  /** In commit order. */
  const waiting = new Map<string, Waiting>();
  const working = new Set<Promise<void>>();
  const limited = pLimit(AT_ONCE);

  const stubborn = <T>(work: () => Promise<T>): Promise<T | 'left'> =>
    retry(work, {
      signal,
      isFinal: (err) => err instanceof UndecodableEvent,
      failed: (err, backoff) => {
        log.warn({ err, backoff, job: 'customer-names' }, 'a name cannot be recorded: trying again');
      },
    });

  /** @returns whether it is done with; not when the signal aborted */
  async function name({ event }: Waiting, source: NameSource): Promise<boolean> {
    const { channel, channelUserId } = event.data;
    const until = Date.parse(event.metadata.at) + patience.untilMs;
    const backoff = createBackoff(patience);
    while (!signal.aborted) {
      const left = await stubborn(() => unnamed(event.data));
      if (left === 'left') return false;
      if (left.kind === 'nobody') return true;
      if (left.kind === 'named')
        return (await stubborn(() => nameCustomer(event.data, null, event))) !== 'left';
      if (left.kind === 'ask') {
        const userId = channelUserId.slice(channelUserId.indexOf('_') + 1);
        const asked = await limited(() => source.nameOf(userId, left.line, signal));
        if (asked.kind === 'asked')
          return (
            asked.name === null ||
            (await stubborn(() => nameCustomer(event.data, asked.name, event))) !== 'left'
          );
        log.warn({ channel, code: asked.code }, 'a channel does not say a name yet');
      }
      if (clock.now().getTime() > until) return true;
      await sleep(backoff.next(), signal);
    }
    return false;
  }

  async function work(one: Waiting): Promise<void> {
    const source = sources[one.event.data.channel];
    try {
      if (source && !(await name(one, source))) return;
    } catch (error) {
      if (!(error instanceof UndecodableEvent)) throw error;
      skip(error);
    }
    waiting.delete(one.event.id);
  }
  function begin(some: Iterable<Waiting>): void {
    for (const one of some) {
      const done = work(one).finally(() => working.delete(done));
      working.add(done);
    }
  }

  return {
    handle: (event, { before, isLive }) => {
      if (event.type !== 'CustomerRegistered' || sources[event.data.channel] === null) return;
      if (event.data.name !== null || waiting.has(event.id)) return;
      const one = { event, before };
      waiting.set(event.id, one);
      if (isLive) begin([one]);
    },
    caughtUp: (isFirst) => {
      if (isFirst) begin([...waiting.values()]);
    },
    unsettledFrom: () => waiting.values().next().value?.before,
    drain: async () => {
      while (working.size > 0) await Promise.all(working);
    },
  };
}
