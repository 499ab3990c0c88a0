/** The one place that builds the envelope of docs/design/api.md#envelope. */
import type { Response } from 'express';
import { ERRORS, type HttpError } from './errors.ts';

/** JSON text from the database: embedded as it is, never parsed on the way. */
export interface Serialised {
  readonly json: string;
}

const isSerialised = (data: object): data is Serialised => 'json' in data && typeof data.json === 'string';

/** An answer that is ready to be sent, or kept for an `Idempotency-Key`. */
export interface Envelope {
  readonly status: number;
  /** JSON text; empty for a 204. */
  readonly body: string;
  readonly retryAfter?: number | undefined;
  readonly etag?: string;
  /** Header `Set-Cookie`. */
  readonly cookie?: readonly string[];
}

/** `{ success: true, data, meta? }`; a 204 has no body. */
export function success(
  status: 200 | 201 | 202 | 204,
  data: object | Serialised | null,
  meta?: object,
): Envelope {
  if (data === null) return { status, body: '' };
  const text = isSerialised(data) ? data.json : JSON.stringify(data);
  const metaText =
    meta === undefined || Object.keys(meta).length === 0 ? '' : `,"meta":${JSON.stringify(meta)}`;
  return { status, body: `{"success":true,"data":${text}${metaText}}` };
}

/** Whatever was wrong with a request, no answer names more (docs/design/reliability.md#floods). */
export const MOST_DETAILS = 20;

/** `{ success: false, error: { code, message, details? } }` */
export function failure({ code, details: all, retryAfter }: HttpError): Envelope {
  // What is missing is for the operator, who wants all of it.
  const named = code === 'NOT_READY' ? all : all.slice(0, MOST_DETAILS);
  const details = named.map((detail) => ({ code, params: {}, ...detail }));
  const { status, message } = ERRORS[code];
  const error = details.length > 0 ? { code, message, details } : { code, message };
  return { status, body: JSON.stringify({ success: false, error }), retryAfter };
}

/** Writes an envelope as the answer, with its length; ends the response. */
export function send(res: Response, { status, body, retryAfter, etag, cookie }: Envelope): void {
  res.statusCode = status;
  if (retryAfter !== undefined) res.setHeader('Retry-After', String(retryAfter));
  if (etag !== undefined) res.setHeader('ETag', etag);
  if (cookie !== undefined) res.setHeader('Set-Cookie', cookie);
  if (body === '') {
    res.end();
    return;
  }
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', Buffer.byteLength(body));
  res.end(body);
}
