/** What else than events, read tables and files may hold a customer's words: operational tables. */
export interface PersonalTraces {
  /**
   * Takes a customer's words and numbers out of the webhook inbox, its stored bodies and dead letters, and out of the
   * answers kept for repeated requests. What has to be remembered (that a message was taken in) stays as a hash.
   * @param mentions ids of tickets, messages and notes of theirs, which such answers name
   * @throws StoreUnavailable
   */
  purge(
    erased: { readonly customerId: string; readonly orderingKey: string; readonly at: Date },
    mentions: readonly string[],
  ): Promise<void>;
}
