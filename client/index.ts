/** The typed client of saga-backend. What it does and how: README.md. */
export {
  createClient,
  type ApiClient,
  type ClientOptions,
  type SagaClient,
  type Schemas,
  type Ticket,
} from './client.ts';
export {
  errorOf,
  result,
  type Aborted,
  type ErrorCode,
  type ErrorDetail,
  type Failure,
  type Refused,
  type Result,
  type SagaError,
  type Success,
  type Unexpected,
  type Unreachable,
} from './errors.ts';
export { type Fetch, type RetryOptions } from './retries.ts';
export {
  memoryStore,
  type CodeWanted,
  type RefreshTokenStore,
  type Session,
  type SessionState,
  type SignedInUser,
  type Tokens,
} from './session.ts';
export {
  type ResetReason,
  type Stream,
  type StreamEventName,
  type StreamEvents,
  type StreamHandlers,
  type StreamOptions,
  type StreamState,
} from './stream.ts';
export type { components, operations, paths } from './api.ts';
