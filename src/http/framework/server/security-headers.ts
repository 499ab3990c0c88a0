import type { NextFunction, Request, Response } from 'express';
import type { HttpResponse } from '../request.ts';

/** An API's answers are data: nothing in them may run, be framed, be sniffed or be kept by a cache. */
export const SECURITY_HEADERS: readonly (readonly [string, string])[] = [
  ['Cache-Control', 'no-store'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ['Referrer-Policy', 'no-referrer'],
  ['Strict-Transport-Security', 'max-age=31536000; includeSubDomains'],
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
];

/** Swagger UI loads its own scripts and styles and draws inline SVG; still nothing from elsewhere. */
const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Sets the headers that hold for every answer; the documentation pages relax one of them. */
export function securityHeaders(_req: Request, res: Response, next: NextFunction): void {
  for (const [name, value] of SECURITY_HEADERS) res.setHeader(name, value);
  next();
}

/** After `securityHeaders`, for the documentation pages only. */
export function relaxForDocs(_req: Request, res: HttpResponse, next: NextFunction): void {
  res.locals.info.route = '/api/docs';
  res.setHeader('Content-Security-Policy', DOCS_POLICY);
  next();
}
