/** What is known about a request before any route runs, and what is logged when it is over. */
import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { NextFunction, Request, Response } from 'express';
import type { Ids, Logger } from '../../ports.ts';
import type { HttpMetrics } from './server/http-metrics.ts';

export interface RequestInfo {
  /** Ours, always new: no caller chooses the id that events and the record of reads are found by. */
  readonly id: string;
  /** The client's own `X-Request-Id`: logged and answered as `X-Client-Request-Id`, and no more. */
  readonly clientRequestId: string | undefined;
  /** Of `X-Correlation-Id`, else the request id. */
  readonly correlationId: string;
  readonly span: Span;
  /** The route's pattern, never the address: addresses hold ids, queries hold names and numbers. */
  route: string;
  userId: string | null;
}

export type HttpResponse = Response<unknown, { info: RequestInfo }>;

const UNMATCHED = 'unmatched';
/** What machines ask every few seconds is not worth a line each. */
const QUIET: ReadonlySet<string> = new Set(['/healthz', '/readyz', '/metrics']);
const SOUND_ID = /^[\w.:-]{1,128}$/;
const tracer = trace.getTracer('saga-backend');

const soundId = (header: string | string[] | undefined): string | undefined =>
  typeof header === 'string' && SOUND_ID.test(header) ? header : undefined;

/** First middleware of all: ids, span, and one log line and one measurement when the answer is out. */
export function beginRequest(deps: { ids: Ids; log: Logger; metrics: HttpMetrics }) {
  return (req: Request, res: HttpResponse, next: NextFunction): void => {
    const started = performance.now();
    const id = deps.ids.next();
    const clientRequestId = soundId(req.headers['x-request-id']);
    const correlationId = soundId(req.headers['x-correlation-id']) ?? id;
    const parent = propagation.extract(context.active(), req.headers);
    const span = tracer.startSpan(req.method, { kind: SpanKind.SERVER }, parent);
    const info: RequestInfo = { id, clientRequestId, correlationId, span, route: UNMATCHED, userId: null };
    res.locals.info = info;
    res.setHeader('X-Request-Id', id);
    if (clientRequestId !== undefined) res.setHeader('X-Client-Request-Id', clientRequestId);
    res.setHeader('X-Correlation-Id', correlationId);
    res.once('close', () => {
      endRequest(deps, req.method, info, res, (performance.now() - started) / 1000);
    });
    context.with(trace.setSpan(parent, span), next);
  };
}

function endRequest(
  { log, metrics }: { log: Logger; metrics: HttpMetrics },
  method: string,
  { id, clientRequestId, correlationId, span, route, userId }: RequestInfo,
  res: HttpResponse,
  seconds: number,
): void {
  // 499, as nginx counts it: the client left before it had its answer.
  const status = res.writableFinished ? res.statusCode : 499;
  metrics.answered(method, route, status, seconds);
  span.updateName(`${method} ${route}`);
  span.setAttributes({
    'http.request.method': method,
    'http.route': route,
    'http.response.status_code': status,
  });
  if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
  const milliseconds = Math.round(seconds * 10_000) / 10;
  const fields = {
    requestId: id,
    ...(clientRequestId !== undefined && { client_request_id: clientRequestId }),
    ...{ correlationId, method, route, status, milliseconds, userId },
  };
  if (QUIET.has(route)) log.debug(fields, 'request');
  else log.info(fields, 'request');
}
