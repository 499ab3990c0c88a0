/** How several processes work as one installation: messages, limits, leases. */

/** Best-effort messages to every process of the installation, also this one. A lost message loses no data. */
export interface PubSub {
  publish(topic: string, message: unknown): void;
  /** @returns a function that ends the subscription */
  subscribe(topic: string, onMessage: (message: unknown) => void): () => void;
  close(): Promise<void>;
}

export interface RateLimiter {
  /** Takes one from `key`'s allowance of `limit` per `windowSeconds`. `retryAfter` in whole seconds. */
  take(
    key: string,
    limit: number,
    windowSeconds: number,
  ): Promise<{ readonly allowed: boolean; readonly retryAfter: number }>;
  /** Looks without taking: is `key` exhausted? */
  peek(
    key: string,
    limit: number,
    windowSeconds: number,
  ): Promise<{ readonly allowed: boolean; readonly retryAfter: number }>;
}

/** One holder per name in the whole installation. */
export interface Leases {
  /**
   * Waits for the lease `name`, runs `work` while it is held, waits again when it was lost; returns when
   * `signal` aborts. `work` must stop when its own signal aborts (lease lost or shutdown).
   */
  hold(
    name: string,
    signal: AbortSignal,
    work: (lease: { readonly epoch: bigint; readonly signal: AbortSignal }) => Promise<void>,
  ): Promise<void>;
}

export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
