/**
 * `route()`: one declaration says everything about a route. Express, the OpenAPI document, the roles matrix
 * and the fuzz test are made from it, so there is no route without a privilege and a response schema.
 */
import type { Request } from 'express';
import { z } from 'zod';
import type { CommandContext } from '../../commands/context.ts';
import type { ReadKind } from '../../domain/audit/access.ts';
import type { Privilege } from '../../domain/staff/privileges.ts';
import type { Position } from '../../ports.ts';
import type { StaffMember } from '../../domain/staff/member.ts';
import type { Serialised } from './envelope.ts';
import type { ErrorCode } from './errors.ts';
import type { HttpContext } from './http-context.ts';
import type { BodyLimits } from './json-body.ts';
import type { HttpResponse, RequestInfo } from './request.ts';

/** `public`: no token. `authenticated`: any user. Else the privilege the caller must have. */
export type Access = 'public' | 'authenticated' | Privilege;

export type Shape = z.ZodRawShape;
type Parsed<S extends Shape> = z.output<z.ZodObject<S, z.core.$strict>>;

export interface SignedIn {
  readonly caller: StaffMember;
  readonly sessionId: string;
  /** When their access token runs out, in seconds since 1970. */
  readonly expiresAt: number;
  /** Their role must have a second factor, and they have none: only routes with `beforeSecondFactor` are theirs. */
  readonly mustEnrol: boolean;
  /** Somebody else chose their password: only routes with `beforeOwnPassword` are theirs. */
  readonly mustChangePassword: boolean;
}

export interface HandlerInput<A extends Access, P extends Shape, Q extends Shape, B> {
  readonly params: Parsed<P>;
  readonly query: Parsed<Q>;
  readonly body: B;
  /** Who asks; nobody on a public route. */
  readonly signedIn: A extends 'public' ? null : SignedIn;
  /** What a command needs to know of this request. */
  readonly command: A extends 'public' ? null : CommandContext;
  readonly info: RequestInfo;
  readonly req: Request;
  readonly context: HttpContext;
}

/** What a handler gives back; the envelope is built elsewhere. */
export interface Answer<Data> {
  readonly data: Data | Serialised;
  readonly meta?: object;
  /** Position of a command's last event: the caller's next read waits for it. */
  readonly position?: Position;
  /** Version of what it is about, for the header `ETag`; declared with `versioned`. */
  readonly etag?: string;
  /** Header `Set-Cookie`; only of a route whose answers are not kept (`public` or `secretAnswer`). */
  readonly cookie?: readonly string[];
}

interface Declared<A extends Access> {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Express' form: `/api/admin/ticket/:id/tag`. */
  readonly path: `/${string}`;
  /** Unique; OpenAPI's operationId, and what the tests call the route. */
  readonly name: string;
  readonly tag: string;
  readonly summary: string;
  readonly description: string;
  readonly access: A;
  /** 202: what was asked is decided and cannot be taken back; the rest of it follows. */
  readonly status: 200 | 201 | 202 | 204;
  /** Codes it may answer in addition to those that every route of its kind has (`errorsOf`). */
  readonly errors: readonly ErrorCode[];
  /**
   * What it shows of customers, or of what they wrote: recorded with who asked before it is sent (decision 9). A
   * test wants it wherever the answer has a name, a number or a text of a customer.
   */
  readonly reads?: ReadKind;
  /** The phone number that a query looks for, if it does: each such search is on record, by the number's keyed hash. */
  readonly looksFor?: (query: Readonly<Record<string, unknown>>) => string | null;
  /**
   * Examples of its members for the documentation, where this route means something of its own by a name; see
   * `openapi/example-values.ts`. `<schema or outer member>.<member>` for one inside of another.
   */
  readonly examples?: Readonly<Record<string, unknown>>;
  /** How large its body may be; without it `COMMAND_BODY`. */
  readonly limits?: BodyLimits;
  /**
   * Of a public route: the throttle that comes before a byte of the body is read. Without it the address has
   * RATE_LIMIT_PER_MINUTE; `null`: a route that costs nothing.
   */
  readonly admit?: ((req: Request, context: HttpContext) => Promise<void>) | null;
  /** Also for who must set up a second factor first (docs/design/reliability.md#second-factor). */
  readonly beforeSecondFactor?: true;
  /** Also for who must choose a password of their own first (docs/design/reliability.md#temporary-passwords). */
  readonly beforeOwnPassword?: true;
  /** A ticket of `POST /api/stream/ticket` in the query does instead of the header: browsers' EventSource sends none. */
  readonly byTicket?: true;
  /** Its answer holds what must not be kept: an `Idempotency-Key` has no effect on it. */
  readonly secretAnswer?: true;
  /** Its body is a form with one file, or the file itself, which `handle` reads; an `Idempotency-Key` has no effect on it. */
  readonly upload?: 'form' | 'raw';
  /** Answers carry an `ETag`. `checked`: the request may name with `If-Match` the one it knows. */
  readonly versioned?: 'sent' | 'checked';
}

/** What a route sends that goes on answering: Server-Sent Events. */
export interface EventStream {
  /** Schema of the JSON in `data:`, by name of the event. */
  readonly events: Readonly<Record<string, z.ZodType>>;
  /** Takes the response over. @throws HttpError only before it wrote anything */
  open(context: HandlerInput<Access, Shape, Shape, unknown>, res: HttpResponse): Promise<void>;
}

/** What a route sends that answers with a file. */
export interface FileAnswer {
  /** Takes the response over. @throws HttpError only before it wrote anything */
  send(context: HandlerInput<Access, Shape, Shape, unknown>, res: HttpResponse): Promise<void>;
}

/** A route with its types forgotten: what a list of routes holds. */
export interface Route extends Declared<Access> {
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  /** null: the route takes no body. */
  readonly body: z.ZodType | null;
  /** Schema of `data`; null with a 204. */
  readonly data: z.ZodType | null;
  readonly meta: z.ZodObject;
  /** Set where the answer is no envelope but a stream; then `handle` is not called. */
  readonly stream?: EventStream;
  /** Set where the answer is no envelope but a file; then `handle` is not called. */
  readonly file?: FileAnswer;
  handle(input: HandlerInput<Access, Shape, Shape, unknown>): Promise<Answer<unknown>>;
}

/**
 * Declares a route. Checks run in this order: token (401), rate limit (429), privilege (403), shape of
 * parameters and body (400), then `handle` with its business rules.
 */
export function route<
  A extends Access,
  D extends z.ZodType | null,
  P extends Shape = Record<never, never>,
  Q extends Shape = Record<never, never>,
  B extends z.ZodType = z.ZodNever,
>(
  declared: Declared<A> & {
    readonly params?: P;
    readonly query?: Q;
    readonly body?: B;
    readonly data: D;
    readonly meta?: Shape;
    handle(
      input: HandlerInput<A, P, Q, z.output<B>>,
    ): Promise<Answer<D extends z.ZodType ? z.input<D> : null>>;
  },
): Route {
  const { params, query, body, meta, handle, ...rest } = declared;
  return {
    ...rest,
    params: z.strictObject(params ?? {}),
    query: z.strictObject(query ?? {}),
    body: body ?? null,
    meta: z.strictObject({
      ...meta,
      stale: z.literal(true).optional().meta({ description: 'The read tables lag behind your last change.' }),
    }),
    // The declaration checked the types; from here on the schemas do.
    handle: handle,
  };
}

/** Declares a route that answers with a stream of events. The same checks come first. */
export function streamRoute<A extends Access, Q extends Shape>(
  declared: Omit<Declared<A>, 'method' | 'status'> & {
    readonly query: Q;
    readonly events: EventStream['events'];
    open(context: HandlerInput<A, Record<never, never>, Q, never>, res: HttpResponse): Promise<void>;
  },
): Route {
  const { events, open, ...rest } = declared;
  const handle = (): Promise<never> => Promise.reject(new TypeError(`${rest.name} is a stream`));
  return {
    ...route({ ...rest, method: 'get', status: 200, data: null, handle }),
    stream: { events, open: open },
  };
}

/** Declares a route that answers with a file. The same checks come first. */
export function fileRoute<
  A extends Access,
  P extends Shape,
  Q extends Shape = Record<never, never>,
  B extends z.ZodType = z.ZodNever,
>(
  declared: Omit<Declared<A>, 'method' | 'status'> & {
    /** Default: get. */
    readonly method?: 'get' | 'post';
    readonly params: P;
    readonly query?: Q;
    readonly body?: B;
    send(context: HandlerInput<A, P, Q, z.output<B>>, res: HttpResponse): Promise<void>;
  },
): Route {
  const { send, method = 'get', ...rest } = declared;
  const handle = (): Promise<never> => Promise.reject(new TypeError(`${rest.name} is a file`));
  return {
    ...route({ ...rest, method, status: 200, data: null, handle }),
    file: { send: send },
  };
}

/** Does a repeated `Idempotency-Key` get the first answer again? */
export const keepsAnswers = ({
  method,
  secretAnswer,
  upload,
}: Pick<Route, 'method' | 'secretAnswer' | 'upload'>): boolean =>
  method === 'post' && secretAnswer !== true && upload === undefined;

/** Every code a route may answer: its own and those that follow from how it is declared. */
export function errorsOf(of: Route): readonly ErrorCode[] {
  // Every route refuses parameters it does not know.
  const codes = new Set<ErrorCode>([...of.errors, 'VALIDATION_FAILED']);
  if (Object.keys(of.params.shape).length > 0) codes.add('BAD_REQUEST');
  if (of.body !== null) {
    codes.add('BAD_REQUEST').add('MALFORMED_JSON').add('UNSUPPORTED_MEDIA_TYPE').add('PAYLOAD_TOO_LARGE');
  }
  if (of.upload) codes.add('UNSUPPORTED_MEDIA_TYPE').add('PAYLOAD_TOO_LARGE').add('BAD_REQUEST');
  if (of.access === 'public') {
    if (of.admit === undefined) codes.add('RATE_LIMITED');
    if (of.body !== null) codes.add('OVERLOADED');
  } else {
    codes.add('UNAUTHENTICATED').add('SESSION_REVOKED').add('RATE_LIMITED').add('STORE_UNAVAILABLE');
    codes.add('TICKET_NEEDS_ATTENTION').add('RECORD_NEEDS_ATTENTION');
    if (of.beforeSecondFactor !== true) codes.add('SECOND_FACTOR_NOT_SET_UP');
    if (of.beforeOwnPassword !== true) codes.add('PASSWORD_CHANGE_REQUIRED');
    if (keepsAnswers(of)) codes.add('IDEMPOTENCY_KEY_REUSED').add('IDEMPOTENCY_KEY_IN_USE');
  }
  if (of.access !== 'public' && of.access !== 'authenticated') codes.add('FORBIDDEN');
  if (codes.has('STORE_UNAVAILABLE')) codes.add('STORE_CHANGED');
  return [...codes.add('INTERNAL_ERROR')];
}
