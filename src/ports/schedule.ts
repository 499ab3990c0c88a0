/** When each scheduled job ran last, in the whole installation. @throws StoreUnavailable */
export interface Schedule {
  /** null: never. `finished`: false when it runs now, failed, or was killed. */
  last(
    job: string,
  ): Promise<{ readonly due: Date; readonly started: Date; readonly finished: boolean } | null>;
  /**
   * Claims the run that is due at `due`; `after` is what `last` returned. Compare-and-set: one process gets it.
   * @returns false when another process has it
   */
  begin(job: string, after: Date | null, due: Date, now: Date): Promise<boolean>;
  finish(job: string, due: Date, now: Date): Promise<void>;
}
