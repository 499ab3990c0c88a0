/** Who was erased, kept beside all backups: what brings a whole installation back from before must not bring them back. */
export interface ErasedBefore {
  readonly customerId: string;
  /** Name of their stream; a keyed hash. */
  readonly customerKey: string;
}

export interface ErasureLedger {
  /** Is on the disk when it settles. Somebody who is on it already is not added. */
  add(erased: ErasedBefore): Promise<void>;
  all(): Promise<readonly ErasedBefore[]>;
}
