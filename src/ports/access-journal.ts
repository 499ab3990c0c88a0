/** Records of accesses on the disk, until the event store takes them (docs/design/reliability.md#records-of-reads). */

export interface JournalEntry {
  /** Of the record: a repeated attempt to store it makes no second event. */
  readonly id: string;
  /** Of the stream it goes to. */
  readonly key: string;
  /** What JSON can hold: the event, and its circumstances. */
  readonly event: unknown;
  readonly context: unknown;
}

export interface AccessJournal {
  /** On the disk when it resolves. @throws StoreUnavailable */
  put(entry: JournalEntry): Promise<void>;
  remove(id: string): Promise<void>;
  /**
   * Hands out the oldest entries that no other process has in hand, all at once, and forgets those whose `store` resolved.
   * @returns how many were handed out, and the errors of those that stay
   */
  drain(store: (entry: JournalEntry) => Promise<void>): Promise<{
    readonly taken: number;
    readonly failed: readonly unknown[];
  }>;
  count(): Promise<number>;
}
