/** Personal data outside of events, read tables and files: in operational tables. */
export interface PersonalTraces {
  /**
   * Removes a customer's texts and numbers from the webhook inbox, its stored bodies and dead letters, and from the
   * answers kept for repeated requests. That a message was received stays known, as a hash.
   * @param mentions ids of tickets, messages and notes of theirs, which such answers name
   * @throws StoreUnavailable
   */
  purge(
    erased: { readonly customerId: string; readonly orderingKey: string; readonly at: Date },
    mentions: readonly string[],
  ): Promise<void>;
}
