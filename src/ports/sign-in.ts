/** Passwords, sessions, and stored answers for repeated requests. */

export interface Passwords {
  /** Argon2id, PHC string. */
  hash(password: string): Promise<string>;
  /** With `null` (no such account): false, in the same time as with a real hash. */
  verify(hash: string | null, password: string): Promise<boolean>;
}

export interface LiveSession {
  /** Of the user's sessions; good only while the user is of the same one. */
  readonly generation: number;
  /** How often the privileges of any role were set. */
  readonly roleChanges: number;
}

/** From where somebody signed in. */
export interface Device {
  readonly address: string | null;
  /** What counts as the same address; null: not known. */
  readonly addressGroup: string | null;
  readonly userAgent: string | null;
}

export interface OwnSession {
  readonly id: string;
  readonly startedAt: Date;
  /** When it last got tokens. */
  readonly lastUsedAt: Date;
  /** Earlier of its longest life and the end for one that is not used. */
  readonly expiresAt: Date;
  readonly address: string | null;
  readonly userAgent: string | null;
}

/** Signed-in sessions and their refresh tokens; only hashes of the tokens are kept. @throws StoreUnavailable */
export interface Sessions {
  /** @param generation of the user's sessions, as the event store counts them (`Account.sessionGeneration`) */
  start(
    userId: string,
    generation: number,
    device?: Device,
  ): Promise<{ readonly sessionId: string; readonly refreshToken: string }>;
  /**
   * Exchanges a refresh token for the next one. A token that was exchanged before answers the same successor for some
   * seconds (two tabs, an answer that was lost). After that it is stolen or replayed: the whole session ends. `ended`: the session ended now or earlier, or expired. `unknown`: never issued.
   */
  rotate(refreshToken: string): Promise<
    | {
        readonly outcome: 'rotated';
        readonly sessionId: string;
        readonly userId: string;
        readonly refreshToken: string;
      }
    | {
        readonly outcome: 'ended';
        readonly sessionId: string;
        readonly userId: string;
        /** The token had been exchanged, and too long ago for two tabs: two parties hold it. */
        readonly reused: boolean;
      }
    | { readonly outcome: 'unknown' }
  >;
  /** Those that live, of this generation or later, newest first. */
  ofUser(userId: string, generation: number): Promise<readonly OwnSession[]>;
  /** Did this person sign in from such an address in the last 30 days? */
  knows(userId: string, addressGroup: string): Promise<boolean>;
  /** @returns null when it ended, ran out or never was */
  find(sessionId: string): Promise<LiveSession | null>;
  end(sessionId: string, because: 'logout' | 'reuse' | 'inactive'): Promise<void>;
  /**
   * Takes one session into `generation`, if it is of the one before: its own person made the change. Of a generation that is older,
   * somebody else changed something too, and the session ends with the others.
   */
  goOn(sessionId: string, generation: number): Promise<void>;
  /** Ends the sessions of earlier generations. */
  endOlderThan(userId: string, generation: number, because: 'password' | 'rights'): Promise<void>;
  /** Notes that the privileges of a role were set, for processes that cannot reach the event store. */
  roleChanged(role: string): Promise<void>;
  /** Deletes what ran out. @returns how many sessions went */
  purge(): Promise<number>;
}

/** When each person was heard of last: a request, or an open stream, of any of their sessions. */
export interface Activity {
  /** Notes it, now and then: it may be asked at every request, and neither waits nor fails. */
  seen(userId: string): void;
  /**
   * Of these people, those who were not heard of since then. Of whom nothing is known counts as heard of just now.
   * @throws StoreUnavailable
   */
  silentSince(userIds: readonly string[], since: Date): Promise<readonly string[]>;
  /** When each of these people was heard of last; who never was is left out. @throws StoreUnavailable */
  lastSeen(userIds: readonly string[]): Promise<ReadonlyMap<string, Date>>;
}

/** One-time passwords of an authenticator app (TOTP, RFC 6238: six digits, 30 seconds), and the codes for when it is lost. */
export interface OneTimeCodes {
  /** Base32, 160 random bits. */
  newSecret(): string;
  /** `otpauth://...`, for a QR code. */
  uri(secret: string, account: string): string;
  /** @returns the time step whose code it is, the present one or a neighbour, later than `after`; null: none */
  stepOf(secret: string, code: string, after: number | null): number | null;
  /** Ten, of 140 random bits each, as a person reads them. */
  newRecoveryCodes(): readonly string[];
  /** Keyed hash of a recovery code, however it was typed; null: it has not the form of one. */
  recoveryKey(userId: string, code: string): string | null;
}

/** Seals what a member of staff signs in with, under a key of that person. @throws StoreUnavailable */
export interface StaffSecrets {
  seal(userId: string, text: string): Promise<string>;
  /** @throws Error it was changed, or is another person's */
  open(userId: string, sealed: string): Promise<string>;
}

/** What waits for a code: a sign-in after its password, or an enrolment. */
export interface Challenge {
  readonly purpose: 'sign-in' | 'enrolment';
  readonly userId: string;
  /** Of the account when it was given: a challenge of an older one is void. */
  readonly generation: number;
  /** The session that asked; null at a sign-in. */
  readonly sessionId: string | null;
  /** The secret of an enrolment, sealed. */
  readonly sealed: string | null;
}

/** Challenges by their token; only hashes of the tokens are kept. @throws StoreUnavailable */
export interface Challenges {
  /** @returns the token, good once and for CHALLENGE_SECONDS */
  give(challenge: Challenge): Promise<string>;
  /** Counts a try. @returns null: unknown, used, run out, or tried too often */
  attempt(token: string, purpose: Challenge['purpose']): Promise<Challenge | null>;
  /** @returns false: somebody was first, or it ran out meanwhile */
  use(token: string): Promise<boolean>;
  /** Deletes what ran out. @returns how many */
  purge(): Promise<number>;
}

/** Whose stream a ticket opens. */
export interface StreamTicketHolder {
  readonly userId: string;
  readonly sessionId: string;
  /** Of the access token that asked for it, in seconds since 1970: the stream lasts no longer. */
  readonly expiresAt: number;
}

/** Tickets that open one live stream each; only their hashes are kept. @throws StoreUnavailable */
export interface StreamTickets {
  /** @returns the ticket, good once and for STREAM_TICKET_SECONDS */
  give(holder: StreamTicketHolder): Promise<string>;
  /** @returns null: unknown, used, or run out */
  take(ticket: string): Promise<StreamTicketHolder | null>;
  /** Deletes what ran out. @returns how many */
  purge(): Promise<number>;
}

/** How long a ticket for a stream is good. */
export const STREAM_TICKET_SECONDS = 30;

/** How long a challenge is good. */
export const CHALLENGE_SECONDS = 300;

/**
 * First answers by caller and `Idempotency-Key` (docs/design/architecture.md#idempotency-key). @throws
 * StoreUnavailable
 */
export interface IdempotencyKeys {
  /**
   * `mine`: run it; `operationId` stays the same when a crashed or failed run is claimed again, so ids
   * derived from it do too. `done`: it ran, this was the answer. `busy`: it runs right now.
   * `other`: the key belongs to another request (fingerprint).
   * @param ticketId the ticket that the request is about: an erasure empties the answer
   */
  claim(
    callerId: string,
    key: string,
    fingerprint: string,
    ticketId: string | null,
  ): Promise<
    | { readonly state: 'mine'; readonly operationId: string }
    | { readonly state: 'done'; readonly status: number; readonly body: string }
    | { readonly state: 'busy' | 'other' }
  >;
  /** Keeps the answer for every request with the same key, until it expires. */
  finish(operationId: string, answer: { readonly status: number; readonly body: string }): Promise<void>;
  /** Releases the claim after a failure that a retry may solve; the operation id stays. */
  release(operationId: string): Promise<void>;
  /** Deletes expired answers. @returns how many */
  purge(): Promise<number>;
}
