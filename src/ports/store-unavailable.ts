/** A store (events, read tables, ...) did not answer in time. HTTP: 503 with Retry-After. */
export class StoreUnavailable extends Error {
  override readonly name: string = 'StoreUnavailable';
  constructor(
    readonly store: 'events' | 'read' | 'webhook',
    options?: { readonly cause?: unknown },
  ) {
    super(`${store} store is not available`, options);
  }
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
