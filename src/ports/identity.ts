/** Time, ids and keyed hashes: deciders get them from outside. */

export interface Clock {
  now(): Date;
}

/**
 * Whether the clock may decide what has expired (docs/design/reliability.md#keys-and-clocks).
 * @returns null when it may, else a sentence that says how wrong it is. @throws StoreUnavailable
 */
export type ClockCheck = () => Promise<string | null>;

export interface Ids {
  /** A fresh UUID v7. */
  next(): string;
  /** The same UUID (v5) for the same texts, for ids that must stay the same in a retry. */
  from(...words: readonly string[]): string;
  /** The same UUID v7 for the same time and texts. */
  fromAt(at: Date, ...words: readonly string[]): string;
}

/**
 * Keyed hash of a personal value, so that it can be looked up without being stored in clear
 * (docs/design/reliability.md#personal-data). Hex; the same value hashes differently for different purposes.
 */
export type BlindIndex = (
  purpose:
    | 'customer'
    | 'email'
    | 'ordering'
    | 'message'
    | 'network-address'
    | 'searched-number'
    | 'recovery-code'
    | 'handoff-code'
    | 'invoice-link'
    | 'rating-link'
    | 'telegram-code'
    | 'staff-telegram'
    | 'staff-button'
    | 'technician-cookie'
    | 'idempotent-request',
  value: string,
) => string;
