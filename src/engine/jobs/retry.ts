/** Work that must get done however often it fails. Adapters use it, too (test/house.test.ts says why they may). */
import { type Backoff, createBackoff } from './backoff.ts';
import { sleep } from './sleep.ts';

interface WaitOptions {
  /** The wait after the first failure, in milliseconds; each further one is twice as long. Default 100 ms. */
  readonly firstMs?: number;
  /** The longest wait between two tries, in milliseconds. Default 5 s. */
  readonly mostMs?: number;
  /** A try that lasted so long, in milliseconds, got on: its failure is a first one. Default: only `progressed` says so. */
  readonly steadyMs?: number;
}

export interface RetryOptions extends WaitOptions {
  /** Ends it, also while it waits. Default: it ends only with success or a final error. */
  readonly signal?: AbortSignal;
  /** An error that no further try will cure: it is thrown. Default: none. */
  readonly isFinal?: (err: unknown) => boolean;
  /** Called for each try that failed, with the milliseconds until the next one. Not called once `signal` aborted. */
  readonly failed: (err: unknown, backoff: number) => void;
}

const NEVER = new AbortController().signal;

/**
 * Does `work` until it succeeds or `signal` aborts.
 * @param work may call `progressed` when it got on: how it fails after that is a first failure again
 * @returns what `work` returned; `left`: aborted before it succeeded
 * @throws only what `isFinal` says
 */
export async function retry<T>(
  work: (progressed: () => void) => Promise<T>,
  options: RetryOptions,
): Promise<T | 'left'> {
  const { signal = NEVER, isFinal, failed } = options;
  const backoff = backoffOf(options);
  while (!signal.aborted) {
    const began = performance.now();
    try {
      return await work(backoff.reset);
    } catch (err) {
      if (isFinal?.(err) === true) throw err;
      if (signal.aborted) break;
      const wait = nextWait(backoff, began, options);
      failed(err, wait);
      await sleep(wait, signal);
    }
  }
  return 'left';
}

export interface KeepRunningOptions extends WaitOptions {
  readonly signal: AbortSignal;
  /** Called each time `work` ended, with the milliseconds until it starts again. `err` undefined: it ended without one. */
  readonly ended: (err: unknown, backoff: number) => void;
}

/**
 * Does `work` again and again until `signal` aborts, with a pause after each end, whether it failed or not: for
 * connections and subscriptions, which are meant to last.
 */
export async function keepRunning(work: () => Promise<void>, options: KeepRunningOptions): Promise<void> {
  const { signal, ended } = options;
  const backoff = backoffOf(options);
  while (!signal.aborted) {
    const began = performance.now();
    let error: unknown;
    try {
      await work();
    } catch (err) {
      error = err;
    }
    if (signal.aborted) return;
    const wait = nextWait(backoff, began, options);
    ended(error, wait);
    await sleep(wait, signal);
  }
}

const backoffOf = ({ firstMs = 100, mostMs = 5_000 }: WaitOptions): Backoff =>
  createBackoff({ firstMs, mostMs });

function nextWait(backoff: Backoff, began: number, { steadyMs }: WaitOptions): number {
  if (steadyMs !== undefined && performance.now() - began >= steadyMs) backoff.reset();
  return backoff.next();
}
