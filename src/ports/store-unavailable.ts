/** A store (events, read tables, ...) did not answer in time. HTTP: 503 with Retry-After. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  constructor(
    readonly store: 'events' | 'read' | 'webhook',
    options?: { readonly cause?: unknown },
  ) {
    super(`${store} store is not available`, options);
  }
}
