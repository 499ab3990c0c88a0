/** Who was erased, kept beside all backups: what brings a whole installation back from before must not bring them back. */
export interface ErasedBefore {
  readonly customerId: string;
  /** Name of their stream; a keyed hash. */
  readonly customerKey: string;
  /** Keyed hash by which the webhook inbox knows them: when their key is gone nobody can work it out again. */
  readonly orderingKey?: string | undefined;
  /** ISO 8601 UTC. What came in before is of who was erased, what came after of somebody new. */
  readonly erasedAt?: string | undefined;
}

export interface ErasureLedger {
  /** Is on the disk when it settles. Somebody who is on it already is not added. */
  add(erased: ErasedBefore): Promise<void>;
  all(): Promise<readonly ErasedBefore[]>;
}
