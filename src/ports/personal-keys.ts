/** The keys that encrypt the personal data of customers in the events. Erasing a customer destroys their key. */
export interface PersonalKeys {
  /**
   * Destroys the keys of these customers for good, also where they have none yet: nothing can be written for them any
   * more. @returns those of them whose traces elsewhere are not purged yet. @throws StoreUnavailable
   */
  destroy(customerIds: readonly string[]): Promise<readonly string[]>;
  /** Every other copy of this customer's data is gone, too. @throws StoreUnavailable */
  purged(customerId: string): Promise<void>;
}
