import cors from 'cors';
import type { RequestHandler } from 'express';

/** So long may a browser remember the answer to its preflight; Firefox and Chromium keep it no longer than hours. */
const PREFLIGHT_SECONDS = 600;

const ALLOWED = {
  credentials: true,
  methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowedHeaders: [
    'Authorization',
    'Content-Type',
    'Idempotency-Key',
    'If-Match',
    'Last-Event-ID',
    'X-Saga-Client',
  ],
  exposedHeaders: ['ETag', 'Retry-After', 'X-Request-Id', 'Content-Disposition'],
  maxAge: PREFLIGHT_SECONDS,
};

/**
 * Lets pages of other origins call the API (docs/design/api.md#browsers). After `securityHeaders`, whose
 * resource policy it relaxes for them.
 * @param origins as a browser sends them: scheme, host and port. Any other origin gets no header, so its browser
 * keeps the answer from the page.
 */
export function crossOrigin(origins: readonly string[]): RequestHandler {
  const listed = new Set(origins);
  const allow = cors({ ...ALLOWED, origin: true });
  return (req, res, next) => {
    if (listed.size === 0) {
      next();
      return;
    }
    res.vary('Origin');
    if (!listed.has(req.headers.origin ?? '')) {
      next();
      return;
    }
    res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    allow(req, res, next);
  };
}
