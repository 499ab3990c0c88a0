/** Which offers of jobs went out in the staff bot (docs/design/field-service.md#job-offers). Every function throws StoreUnavailable. */
export interface JobOffer {
  readonly jobId: string;
  /** Of the job when it was offered. */
  readonly episode: number;
  readonly technicianId: string;
}

/** An offer with a button that is still there. */
export interface SentOffer extends JobOffer {
  /** The account that it was sent to. */
  readonly chat: string;
  readonly messageId: number;
}

export interface JobOffers {
  /** Before it is sent. @returns false: it was claimed before, and may have been sent */
  claim(offer: JobOffer): Promise<boolean>;
  /** It was not sent for sure: it may be claimed again. */
  release(offer: JobOffer): Promise<void>;
  sent(offer: SentOffer): Promise<void>;
  /** Those of a job whose button is still there. */
  standing(jobId: string): Promise<readonly SentOffer[]>;
  /** Its button is gone, or nobody can take it away. */
  closed(offer: JobOffer): Promise<void>;
  /** Forgets old ones. @returns how many */
  purge(): Promise<number>;
}
