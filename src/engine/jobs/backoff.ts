/** How long to wait before the next try: longer after each failure, up to a maximum. */
export interface BackoffOptions {
  /** The wait after the first failure, in milliseconds. */
  readonly firstMs: number;
  /** The longest wait, in milliseconds. */
  readonly mostMs: number;
  /** Each wait is so many times the one before. Default 2. */
  readonly growth?: number;
}

/**
 * For callers that keep the number of failures themselves, for example on record.
 * @param failures how many tries failed before the one that failed now; 0 for the first
 * @returns milliseconds
 */
export const backoffMs = (failures: number, { firstMs, mostMs, growth = 2 }: BackoffOptions): number =>
  Math.min(firstMs * growth ** failures, mostMs);

export interface Backoff {
  /** Counts a failure. @returns milliseconds to wait */
  next(): number;
  /** The work got on: the next failure is a first one again. */
  reset(): void;
}

/** For loops that `retry` cannot hold, such as generators. */
export function createBackoff(options: BackoffOptions): Backoff {
  let failures = 0;
  return {
    next: () => {
      const wait = backoffMs(failures, options);
      failures += 1;
      return wait;
    },
    reset: () => {
      failures = 0;
    },
  };
}
