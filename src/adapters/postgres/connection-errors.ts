import pg from 'pg';
import { StoreUnavailable } from '../../ports.ts';

// https://www.postgresql.org/docs/18/errcodes-appendix.html: connection, resources, operator intervention (time-outs
// and shutdowns among them), system error
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57', '58']);
const LOCK_TIMEOUT = '55P03';
const READ_ONLY = '25006';

function isUnavailable(error: unknown): boolean {
  if (error instanceof pg.DatabaseError) {
    const code = error.code ?? '';
    return UNAVAILABLE_CLASSES.has(code.slice(0, 2)) || code === LOCK_TIMEOUT;
  }
  // pg reports refused, reset and closed connections and of its own time-outs in plain errors.
  return error instanceof Error && !(error instanceof TypeError) && !(error instanceof RangeError);
}

/** The error to throw: a StoreUnavailable when Postgres did not answer, else what Postgres said. */
export function asStoreError(error: unknown): unknown {
  return isUnavailable(error) ? new StoreUnavailable('read', { cause: error }) : error;
}

/** Did the connection itself fail? Then a read may be asked again on another one. */
export function isLostConnection(error: unknown): boolean {
  if (error instanceof pg.DatabaseError)
    return ['57P01', '57P02', '08006', '08003'].includes(error.code ?? '');
  return isUnavailable(error);
}

/** As above for a writer: a server that refuses to write is a standby that a failover left us with. */
export function asWriteError(error: unknown): unknown {
  if (error instanceof pg.DatabaseError && error.code === READ_ONLY) {
    return new StoreUnavailable('read', { cause: error });
  }
  return asStoreError(error);
}
