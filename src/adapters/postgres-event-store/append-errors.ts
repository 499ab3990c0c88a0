import pg from 'pg';

/**
 * What a failed statement means for its caller.
 * - `unknown`: the connection or the server went away, a lock or a time-out: it may or may not have
 *   happened, and may work in a moment
 * - `duplicate`: a unique constraint
 * - `invalid`: the server refuses the values
 * - `broken`: everything else, e.g. a missing table: trying again does not help
 */
export type AppendFailure = 'unknown' | 'duplicate' | 'invalid' | 'broken';

// https://www.postgresql.org/docs/18/errcodes-appendix.html
const TRANSIENT_CLASSES = new Set(['08', '40', '53', '57', '58']);
const TRANSIENT_CODES = new Set(['55P03', '25006']); // lock_timeout; a standby after a failover

const INVALID_CLASSES = new Set(['22', '54']); // bad values; JSON nested too deeply

export function failureOf(error: unknown): AppendFailure {
  // No answer from the server: refused, reset, read time-out, closed.
  if (!(error instanceof pg.DatabaseError)) return 'unknown';
  const code = error.code ?? '';
  if (code === '23505') return 'duplicate';
  if (TRANSIENT_CLASSES.has(code.slice(0, 2)) || TRANSIENT_CODES.has(code)) return 'unknown';
  if (INVALID_CLASSES.has(code.slice(0, 2))) return 'invalid';
  return 'broken';
}

/** For logs: the details of the server can hold values, so only code and class are logged. */
export function reasonOf(error: unknown): string {
  if (error instanceof pg.DatabaseError) return `SQLSTATE ${error.code ?? '?'}`;
  return error instanceof Error ? error.message : 'unknown';
}
