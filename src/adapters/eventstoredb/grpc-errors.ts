import { ErrorType, WrongExpectedVersionError } from '@eventstore/db-client';
import { type StoreCause, causeInWords } from './causes.ts';

/**
 * What a failed call means.
 * - `conflict`: the stream is not at the expected revision
 * - `too-large`: the server's own limit is below ours
 * - `not-found`: the stream does not exist
 * - `deleted`: the stream was deleted for good
 * - `unknown`: it may or may not have happened (docs/design/reliability.md#plain-appends-only)
 * - `refused`: it did not happen: the server does not know the user, or the user lacks the right
 * - `broken`: refused for good: a bad argument
 */
export type CallFailure =
  'conflict' | 'too-large' | 'not-found' | 'deleted' | 'unknown' | 'refused' | 'broken';

/** Our own time-out around a call: the client has none for reads and cannot be relied on for appends. */
export class CallTimeout extends Error {
  override readonly name = 'CallTimeout';
}

const UNKNOWN_TYPES: ReadonlySet<string> = new Set([
  ErrorType.TIMEOUT,
  ErrorType.DEADLINE_EXCEEDED,
  ErrorType.UNAVAILABLE,
  ErrorType.CANCELLED,
  ErrorType.NOT_LEADER, // the client moves to the leader by itself: the next try may work
]);

/** Raw gRPC codes: CANCELLED, UNKNOWN, DEADLINE_EXCEEDED, ABORTED, INTERNAL, UNAVAILABLE. */
const UNKNOWN_CODES: ReadonlySet<unknown> = new Set([1, 2, 4, 10, 13, 14]);

const UNAUTHENTICATED = 16;
/** PERMISSION_DENIED, UNAUTHENTICATED. The client has one type for both, and for the first one only sometimes. */
const REFUSED_CODES: ReadonlySet<unknown> = new Set([7, UNAUTHENTICATED]);

/**
 * Looks at `type` and at `code`: some failures are raw gRPC errors without a type
 * (docs/design/reliability.md#client-errors).
 */
export function failureOf(error: unknown): CallFailure {
  if (error instanceof CallTimeout) return 'unknown';
  const { type, code } = describe(error);
  if (error instanceof WrongExpectedVersionError) return 'conflict';
  if (type === ErrorType.MAXIMUM_APPEND_SIZE_EXCEEDED) return 'too-large';
  if (type === ErrorType.STREAM_NOT_FOUND) return 'not-found';
  if (type === ErrorType.ACCESS_DENIED || REFUSED_CODES.has(code)) return 'refused';
  if (type === ErrorType.STREAM_DELETED) return 'deleted';
  // The client's UnknownError is only a wrapping of a code it has no class for, PERMISSION_DENIED included.
  const classified = typeof type === 'string' && type !== (ErrorType.UNKNOWN as string);
  if (classified ? UNKNOWN_TYPES.has(type) : UNKNOWN_CODES.has(code)) return 'unknown';
  // Discovery that finds no node, a socket error: neither type nor code of gRPC.
  return type === undefined && typeof code !== 'number' ? 'unknown' : 'broken';
}

/** @returns undefined when the failure itself does not tell why */
export function causeOf(error: unknown): StoreCause | undefined {
  if (failureOf(error) === 'refused')
    return describe(error).code === UNAUTHENTICATED ? 'wrong password' : 'no right';
  if (isNotLeader(error)) return 'no leader';
  const { code } = describe(error);
  const words = error instanceof Error ? error.message : '';
  return causeInWords(typeof code === 'string' ? `${code} ${words}` : words);
}

/** A follower was asked for what only the leader does; the client moves there by itself. */
export const isNotLeader = (error: unknown): boolean => describe(error).type === ErrorType.NOT_LEADER;

/** For logs: messages of this client are empty or hold whole requests. */
export function reasonOf(error: unknown): string {
  const { type, code } = describe(error);
  if (typeof type === 'string') return type;
  if (typeof code === 'number' || typeof code === 'string') return `code ${String(code)}`;
  return error instanceof Error ? error.name : 'unknown';
}

function describe(error: unknown): { readonly type?: unknown; readonly code?: unknown } {
  return typeof error === 'object' && error !== null ? error : {};
}
