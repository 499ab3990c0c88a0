/** A store (events, read tables, ...) did not answer in time. HTTP: 503 with Retry-After. */
export class StoreUnavailable extends Error {
  override readonly name: string = 'StoreUnavailable';
  /** For operators: why, where the store or the way to it shows it. */
  readonly because: string | undefined;
  /** @param options `because`: for operators, a sentence without a capital and without an address or a password */
  constructor(
    readonly store: 'events' | 'read' | 'webhook',
    options?: { readonly cause?: unknown; readonly because?: string | undefined },
  ) {
    const because = options?.because === undefined ? '' : `: ${options.because}`;
    super(`${store} store is not available${because}`, options);
    this.because = options?.because;
  }
}

/**
 * The store is there and lets us do nothing: the password was changed, a right was taken away. For callers the same
 * as a store that is away: what they sent waits, because an operator can give the right back
 * (docs/design/reliability.md#rights).
 */
export class StoreRefused extends StoreUnavailable {
  override readonly name = 'StoreRefused';
}

/**
 * The event store that answers is not the one of this installation, or not as it was
 * (docs/design/reliability.md#the-right-store). Nothing is written until the right one is back, or an operator accepts
 * this one. HTTP: 503 STORE_CHANGED with Retry-After.
 */
export class StoreChanged extends StoreUnavailable {
  override readonly name: string = 'StoreChanged';
  constructor(
    readonly wanted: string,
    readonly found: string,
  ) {
    super('events');
    this.message =
      `the event store is not the right one: expected ${wanted}, found ${found}. ` +
      'Bring the right one back, or npm run store:accept (docs/troubleshooting.md)';
  }
}
