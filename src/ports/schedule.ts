/** When what a clock starts ran last, for the whole installation. @throws StoreUnavailable */
export interface Schedule {
  /** null: never. `finished`: false when it runs now, failed, or was killed. */
  last(
    job: string,
  ): Promise<{ readonly due: Date; readonly started: Date; readonly finished: boolean } | null>;
  /**
   * Takes the run that is due at `due`; `after` is what `last` said. Compare-and-set: of two that ask only one gets it.
   * @returns false when somebody else was faster
   */
  begin(job: string, after: Date | null, due: Date, now: Date): Promise<boolean>;
  finish(job: string, due: Date, now: Date): Promise<void>;
}
