/** Lets the pages of SITES call what a visitor calls, and nothing else (docs/design/chat.md#sessions). */
import type { RequestHandler } from 'express';
import type { HttpConfig } from '../framework/dependencies.ts';
import { isOfAnySite } from './visitors.ts';

/** What visitors call, without what staff do with their tokens. */
const VISITORS = /^\/api\/(?:chat(?!\/(?:claim|send)(?:\/|$))(?:\/|$)|faq$)/;
const HEADERS: readonly (readonly [string, string])[] = [
  ['Access-Control-Allow-Methods', 'GET, POST, DELETE'],
  ['Access-Control-Allow-Headers', 'Authorization, Content-Type, Last-Event-ID'],
  ['Access-Control-Max-Age', '600'],
];

/** No cookie goes along: the token is in a header. A page of another origin gets no header, and 403 from the route. */
export const chatCrossOrigin =
  (config: Pick<HttpConfig, 'sites' | 'publicUrl'>): RequestHandler =>
  (req, res, next) => {
    const { origin } = req.headers;
    if (!VISITORS.test(req.path)) {
      next();
      return;
    }
    res.vary('Origin');
    if (origin === undefined || !isOfAnySite(origin, req, config)) {
      next();
      return;
    }
    res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    res.setHeader('Access-Control-Allow-Origin', origin);
    res.setHeader('Access-Control-Expose-Headers', 'Retry-After, X-Request-Id, Content-Disposition');
    if (req.method !== 'OPTIONS') {
      next();
      return;
    }
    for (const [name, value] of HEADERS) res.setHeader(name, value);
    res.status(204).end();
  };
