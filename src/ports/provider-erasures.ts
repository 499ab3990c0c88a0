/** What providers of channels keep of a customer who was erased, and are asked to delete (docs/erasure.md#at-the-providers). */
/** A provider that can be asked. */
export interface ProviderEraser {
  /**
   * What of a customer's it is asked for, one by one. Pure.
   * @param kept the customer's names at the channel, without our prefix, and the channel's ids of all messages on this line
   */
  targetsOf(kept: {
    readonly userIds: readonly string[];
    readonly messageRefs: readonly string[];
  }): readonly string[];
  /** May be asked again. Never rejects. @returns `gone`: it is not there any more, or never was */
  erase(
    target: string,
    line: string,
    signal: AbortSignal,
  ): Promise<{ readonly kind: 'gone' } | { readonly kind: 'later'; readonly code: string }>;
}

/** What one line has of one customer. */
export interface ProviderTraces {
  readonly customerId: string;
  readonly channel: string;
  readonly line: string;
  readonly targets: readonly string[];
}

export interface ProviderErasure extends ProviderTraces {
  readonly id: string;
  /** How often it was tried. */
  readonly attempts: number;
  /** ISO 8601. */
  readonly createdAt: string;
}

/** The work that is left, outlasting the process. All throw StoreUnavailable. */
export interface ProviderErasures {
  /** One for each customer and line. It is not due before the customer's key is destroyed: an erasure may be refused. */
  add(traces: readonly ProviderTraces[]): Promise<void>;
  due(most: number): Promise<readonly ProviderErasure[]>;
  /** @param targets what is still there @param code why */
  later(erasure: ProviderErasure, targets: readonly string[], code: string, inSeconds: number): Promise<void>;
  /** Nothing of it is kept but that it was done, or that it was not. */
  end(erasure: ProviderErasure, how: 'done' | 'given_up', left: number): Promise<void>;
}

/**
 * Puts down what providers have of somebody who may be erased, while it can still be read. May be done any number of times.
 * @throws StoreUnavailable
 */
export type RememberAtProviders = (of: {
  readonly customerId: string;
  readonly customerKey: string;
  readonly ticketIds: readonly string[];
}) => Promise<void>;
