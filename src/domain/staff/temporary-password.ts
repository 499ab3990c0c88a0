/** A password that somebody else chose (docs/design/reliability.md#temporary-passwords). Pure. */

const DAY_MS = 86_400_000;

/** Until when a password is good that is chosen now, by somebody else. */
export const temporaryUntil = (now: string, days: number): string =>
  new Date(Date.parse(now) + days * DAY_MS).toISOString();

/** Is it too late to sign in with it, or to change it? Never for a password of one's own (null). */
export const isPasswordOver = (temporaryPasswordUntil: string | null, now: Date): boolean =>
  temporaryPasswordUntil !== null && Date.parse(temporaryPasswordUntil) <= now.getTime();
