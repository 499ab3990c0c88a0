/** Runs a declared route: the same steps in the same order for every one of them. */
import type { Request, Router } from 'express';
import type { CommandContext } from '../../commands/context.ts';
import { onCallersTime, withoutPatience, withPatience } from '../../engine/jobs/patience.ts';
import { type Envelope, send, success } from './envelope.ts';
import { fingerprintOf, idempotencyKeyOf, once } from './idempotency.ts';
import type { ByteAccount } from './body-budget.ts';
import { ERRORS, toHttpError } from './errors.ts';
import { type Body, COMMAND_BODY, readJson, refuseUnstorable } from './json-body.ts';
import type { HttpContext } from './http-context.ts';
import type { HttpResponse } from './request.ts';
import { keepsAnswers, type Route, type SignedIn } from './route.ts';
import { admitAddress, mustHave, signedInBy } from '../staff/sign-in.ts';
import { queryOf, validate } from './validate.ts';

/** Puts every route of `routes` on `router`, in their order. What a handler throws goes to the error middleware. */
export function serve(router: Router, routes: readonly Route[], context: HttpContext): void {
  for (const one of routes) {
    router[one.method](one.path, (req, res: HttpResponse) =>
      withPatience(() => answer(one, req, res, context)),
    );
  }
}

async function answer(route: Route, req: Request, res: HttpResponse, context: HttpContext): Promise<void> {
  const { info } = res.locals;
  info.route = route.path;
  // 1. Who asks, and may they? Before anything they sent is looked at.
  const signedIn = route.access === 'public' ? null : await signedInBy(req, context, route);
  if (signedIn === null) {
    await admit(route, req, context);
    await perform(route, req, res, context, null);
    return;
  }
  info.userId = signedIn.caller.id;
  try {
    mustHave(route, signedIn);
    await perform(route, req, res, context, signedIn);
  } catch (error) {
    await recordRefusal(route, req, res, context, signedIn, error);
    throw error;
  }
}

async function perform(
  route: Route,
  req: Request,
  res: HttpResponse,
  context: HttpContext,
  signedIn: SignedIn | null,
): Promise<void> {
  // 2. Is it well formed?
  const account = signedIn === null ? context.unauthenticatedBytes.account(req, res) : undefined;
  const input = await inputOf(route, req, account);
  const key = signedIn && keepsAnswers(route) ? idempotencyKeyOf(req.headers['idempotency-key']) : undefined;
  const takesOver = route.stream?.open ?? route.file?.send;
  if (takesOver) {
    const request = inputFor({ req, res, context, signedIn, input, operationId: undefined });
    await recordRead(route, request);
    // It goes on for as long as the client stays.
    await withoutPatience(() => takesOver(request, res));
    return;
  }
  // 3. The work, once per Idempotency-Key.
  const run = (operationId?: string): Promise<Envelope> =>
    runRoute(route, { req, res, context, signedIn, input, operationId });
  if (signedIn === null || key === undefined) {
    send(res, await run());
    return;
  }
  const fingerprint = fingerprintOf(req.method, req.path, input.bytes);
  const ticketId = ticketOf(route, input);
  const request = { callerId: signedIn.caller.id, key, fingerprint, ticketId };
  send(res, await once(context.idempotencyKeys, request, run));
}

/** Nobody without an account makes us read or check what they sent before their address was counted. */
async function admit(route: Route, req: Request, context: HttpContext): Promise<void> {
  if (route.admit === null) return;
  if (route.admit) {
    await route.admit(req, context);
    return;
  }
  await admitAddress(req, context);
}

const isOfTicket = (path: string): boolean => path.startsWith('/api/admin/ticket/:id');

/** The ticket that a route speaks of. */
const ticketOf = ({ path }: Route, { params }: RequestInput): string | null =>
  isOfTicket(path) && typeof params['id'] === 'string' ? params['id'] : null;

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Who asked for what they may not see or do, or what is not there for them. Only ids of the address: the rest is free text. */
async function recordRefusal(
  route: Route,
  req: Request,
  res: HttpResponse,
  context: HttpContext,
  signedIn: SignedIn,
  error: unknown,
): Promise<void> {
  const { code } = toHttpError(error);
  const { status } = ERRORS[code];
  if (status !== 403 && status !== 404) return;
  const { id, correlationId } = res.locals.info;
  const about = req.params['id'];
  const known = typeof about === 'string' && UUID.test(about) ? about : null;
  const ofTicket = isOfTicket(route.path);
  const what = {
    action: route.name,
    code,
    ticketId: ofTicket ? known : null,
    subjectId: ofTicket ? null : known,
  };
  await context.access.refused({ caller: signedIn.caller, requestId: id, correlationId }, what, req.ip);
}

/** A read that was refused showed nothing, so this comes after it; a file or a stream is sent piece by piece. */
async function recordRead(
  { reads, path, looksFor }: Route,
  { command, params, query, context, req }: Parameters<Route['handle']>[0],
): Promise<void> {
  if (reads === undefined || command === null) return;
  const id = typeof params['id'] === 'string' ? params['id'] : null;
  const isTicket = isOfTicket(path);
  const filters = Object.keys(query).filter((name) => query[name] !== undefined && !PAGING.has(name));
  const what = {
    kind: reads,
    ticketId: isTicket ? id : null,
    subjectId: isTicket ? null : id,
    filters,
    number: looksFor?.(query) ?? null,
  };
  await context.access.read(command, what, req.ip);
}

const PAGING: ReadonlySet<string> = new Set(['limit', 'offset', 'cursor', 'before']);

interface RequestInput {
  readonly params: Record<string, unknown>;
  readonly query: Record<string, unknown>;
  readonly body: unknown;
  readonly bytes: Buffer;
}

const NO_BODY: Body = { bytes: Buffer.alloc(0), value: undefined };

async function inputOf(route: Route, req: Request, account: ByteAccount | undefined): Promise<RequestInput> {
  for (const [name, value] of Object.entries(req.params)) refuseUnstorable(name, String(value));
  const params = validate(route.params, req.params);
  const query = validate(route.query, queryOf(req.originalUrl));
  const { bytes, value } =
    route.body === null
      ? NO_BODY
      : await onCallersTime(() => readJson(req, route.limits ?? COMMAND_BODY, account));
  const body = route.body === null ? undefined : validate(route.body, value);
  return { params, query, body, bytes };
}

interface RouteCall {
  readonly req: Request;
  readonly res: HttpResponse;
  readonly context: HttpContext;
  readonly signedIn: SignedIn | null;
  readonly input: RequestInput;
  readonly operationId: string | undefined;
}

function inputFor({
  req,
  res,
  context,
  signedIn,
  input,
  operationId,
}: RouteCall): Parameters<Route['handle']>[0] {
  const { info } = res.locals;
  const command: CommandContext | null = signedIn && {
    caller: signedIn.caller,
    requestId: info.id,
    correlationId: info.correlationId,
    key: operationId,
  };
  const { params, query, body } = input;
  return { params, query, body, signedIn, command, info, req, context };
}

async function runRoute(route: Route, call: RouteCall): Promise<Envelope> {
  const { context, signedIn } = call;
  const isRead = route.method === 'get' && signedIn !== null;
  const stale =
    isRead && (await context.readYourWrites.ready(signedIn.caller.id, ticketOf(route, call.input))).stale;
  const request = inputFor(call);
  const { data, meta, position, etag, cookie } = await route.handle(request);
  await recordRead(route, request);
  if (signedIn && position) await context.readYourWrites.wrote(signedIn.caller.id, position);
  const envelope = success(route.status, data as object | null, stale ? { ...meta, stale: true } : meta);
  return { ...envelope, ...(etag !== undefined && { etag }), ...(cookie !== undefined && { cookie }) };
}
