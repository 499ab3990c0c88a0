/** The list of erased customers, kept outside of all backups: a restored installation must not bring them back. */
export interface ErasedBefore {
  readonly customerId: string;
  /** Name of their stream; a keyed hash. */
  readonly customerKey: string;
  /** Keyed hash of the customer in the webhook inbox: it cannot be computed again after their key is destroyed. */
  readonly orderingKey?: string | undefined;
  /** ISO 8601 UTC. Messages from before belong to the erased customer, later ones to a new customer. */
  readonly erasedAt?: string | undefined;
}

export interface ErasureLedger {
  /** On the disk when it resolves. A customer who is on the list is not added again. */
  add(erased: ErasedBefore): Promise<void>;
  all(): Promise<readonly ErasedBefore[]>;
}
