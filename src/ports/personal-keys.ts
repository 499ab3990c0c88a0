/** The keys under which customers' personal data stand in the events: whoever erases a customer destroys theirs. */
export interface PersonalKeys {
  /**
   * Destroys the keys of these customers for good, also where they have none yet: nothing can be written for them any
   * more. @returns those of them whose traces elsewhere are not purged yet. @throws StoreUnavailable
   */
  destroy(customerIds: readonly string[]): Promise<readonly string[]>;
  /** Everything else that held this customer's words is gone too. @throws StoreUnavailable */
  purged(customerId: string): Promise<void>;
}
