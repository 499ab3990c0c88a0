import { sleep } from './sleep.ts';

export interface RetryOptions {
  /** Ends it, also while it waits. */
  readonly signal: AbortSignal;
  /** The longest wait between two tries, in milliseconds; the first wait is short, each further one twice as long. Default 5 s. */
  readonly mostMs?: number;
  /** Tells of a try that failed, and in how many milliseconds the next one comes. Not called once `signal` aborted. */
  readonly failed: (err: unknown, backoff: number) => void;
}

const FIRST_MS = 100;

/**
 * Does `work` until it succeeds or `signal` aborts.
 * @param work may call `went` when it got on: how it fails after that is a first failure again
 * @returns `left`: aborted before it succeeded
 */
export async function retry<T>(
  work: (went: () => void) => Promise<T>,
  { signal, mostMs = 5_000, failed }: RetryOptions,
): Promise<T | 'left'> {
  let backoff = FIRST_MS;
  const went = (): void => {
    backoff = FIRST_MS;
  };
  while (!signal.aborted) {
    try {
      return await work(went);
    } catch (err) {
      if (signal.aborted) break;
      failed(err, backoff);
      await sleep(backoff, signal);
      backoff = Math.min(backoff * 2, mostMs);
    }
  }
  return 'left';
}
