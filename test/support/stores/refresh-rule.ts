/** How refresh tokens follow one another in tests. */
export const REFRESH_RULE = {
  secret: new TextEncoder().encode('a secret for tests only, at least 32 bytes long'),
  graceSeconds: 10,
  idleHours: 72,
};
