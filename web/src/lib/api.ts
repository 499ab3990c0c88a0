/** The one door to the API: @saga/client, with errors that are thrown, as TanStack Query wants them. */
import { createClient, result, type SagaError, type Schemas } from '@saga/client';

export type { Schemas, StreamEvents } from '@saga/client';
export type Ticket = Schemas['Ticket'];
export type Message = Schemas['Message'];
export type Note = Schemas['InternalMessage'];
export type Attachment = Schemas['Attachment'];
export type Crm = Schemas['Crm'];
export type Me = Schemas['Me'];
export type Person = Schemas['Person'];
export type Privilege = Me['privileges'][number];
export type Division = Ticket['division'];
export type Channel = Ticket['channel'];
export type AppNotification = Schemas['AppNotification'];
export type DeskCounts = Schemas['DeskCounts'];
export type FieldError = NonNullable<Schemas['ApiError']['error']['details']>[number];

/** What the API refused, in its own words. `code` is `OFFLINE` where there was no answer at all. */
export class ApiError extends Error {
  readonly code: string;
  readonly status: number;
  readonly details: readonly FieldError[];
  /** Milliseconds, where the API says when to come again. */
  readonly retryAfter: number | null;

  constructor(of: {
    code: string;
    message: string;
    status: number;
    details?: readonly FieldError[];
    retryAfter?: number | null;
  }) {
    super(of.message);
    this.name = 'ApiError';
    this.code = of.code;
    this.status = of.status;
    this.details = of.details ?? [];
    this.retryAfter = of.retryAfter ?? null;
  }
}

export const isOffline = (error: unknown): boolean => error instanceof ApiError && error.code === 'OFFLINE';
export const hasCode = (error: unknown, code: string): boolean =>
  error instanceof ApiError && error.code === code;

export const saga = createClient({ transport: 'cookie' });
export const { api } = saga;

/** What the client says of a failure, to be thrown. */
export function thrown(error: SagaError): ApiError {
  switch (error.kind) {
    case 'refused':
      return new ApiError({
        ...error,
        retryAfter: error.retryAfter === null ? null : error.retryAfter * 1000,
      });
    case 'unexpected':
      return new ApiError({ code: 'NO_ANSWER', status: error.status, message: error.message });
    case 'unreachable':
    case 'aborted':
      return new ApiError({ code: 'OFFLINE', status: 0, message: error.message });
  }
}

type Call = Parameters<typeof result>[0];
type ResultOf<C extends Call> = Awaited<ReturnType<typeof result<Awaited<C>>>>;
type Fine<C extends Call> = Extract<ResultOf<C>, { ok: true }>;

/** The answer with its `meta`. @throws ApiError */
export async function whole<C extends Call>(call: C): Promise<Fine<C>> {
  const answer = await result(call);
  if (!answer.ok) throw thrown(answer.error);
  return answer;
}

/** What the answer holds. @throws ApiError */
export async function dataOf<C extends Call>(call: C): Promise<Fine<C>['data']> {
  return (await whole(call)).data;
}

/** One key per intent of a person: the same key again is the same command (docs/design/architecture.md#idempotency-key). */
export const once = (): { header: { 'Idempotency-Key': string } } => ({
  header: { 'Idempotency-Key': crypto.randomUUID() },
});
