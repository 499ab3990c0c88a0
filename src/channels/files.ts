/** What an answer says of a file that a channel keeps for its customers. */
import type { Fetched } from '../ports.ts';

/** It will never be there (again). */
export const GONE: Fetched = { kind: 'gone' };

/** Refused for the token or the rate: try again later. Not there: never. */
export const fetchedOf = (status: number): Fetched =>
  status >= 500 || [401, 403, 408, 429].includes(status)
    ? { kind: 'later', code: `http_${String(status)}` }
    : GONE;
