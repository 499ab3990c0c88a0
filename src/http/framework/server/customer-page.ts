/** Small pages for customers, behind a link that is a credential (docs/design/field-service.md#links). */
import { createHash } from 'node:crypto';
import type { Request } from 'express';
import { ERRORS, HttpError, toHttpError } from '../errors.ts';
import type { HttpResponse } from '../request.ts';

export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:40rem;padding:1.5rem 1rem;color:#1f2933}' +
  'h1{font-size:1.4rem}table{width:100%;border-collapse:collapse;margin:1rem 0}th,td{text-align:left;padding:.4rem 0;border-bottom:1px solid #cbd2d9;vertical-align:top}' +
  '.n{text-align:right;white-space:nowrap}.t{font-weight:700}label{display:block;margin:1rem 0 .3rem}' +
  'input,select,textarea,button{font:inherit;padding:.6rem;width:100%;box-sizing:border-box;border:1px solid #616e7c;border-radius:.4rem}' +
  'button,.b{display:block;margin-top:1rem;background:#1f4e79;color:#fff;border:0;text-align:center;padding:.7rem;border-radius:.4rem;text-decoration:none}' +
  '.w{color:#8a2c1a}.q{color:#52606d}';
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** @param script runs by its hash; the page may call only what it came from */
export function sendPage(
  res: HttpResponse,
  { status = 200, title, body, script }: { status?: number; title: string; body: string; script?: string },
): void {
  const html =
    `<!doctype html><html lang="id"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">` +
    `<meta name="robots" content="noindex,nofollow"><meta name="referrer" content="no-referrer"><title>${escapeHtml(title)}</title>` +
    `<style>${STYLE}</style></head><body><main><h1>${escapeHtml(title)}</h1>${body}</main>` +
    `${script === undefined ? '' : `<script>${script}</script>`}</body></html>`;
  const policy = [
    "default-src 'none'",
    `style-src ${hashOf(STYLE)}`,
    ...(script === undefined ? [] : [`script-src ${hashOf(script)}`, "connect-src 'self'"]),
    ...["form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"],
  ].join('; ');
  res.statusCode = status;
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  res.setHeader('Content-Security-Policy', policy);
  res.setHeader('X-Robots-Tag', 'noindex, nofollow');
  res.setHeader('Referrer-Policy', 'no-referrer');
  res.setHeader('Cache-Control', 'private, no-store');
  res.setHeader('Content-Length', Buffer.byteLength(html));
  res.end(html);
}

/** A browser gets a page, a program its envelope. @param title of the page @throws what `make` throws, to a program */
export async function pageOrEnvelope(
  req: Request,
  res: HttpResponse,
  title: string,
  make: () => Promise<void>,
): Promise<void> {
  try {
    await make();
  } catch (error) {
    const known = toHttpError(error);
    const isPage = (req.headers.accept ?? '').includes('text/html');
    if (!isPage || res.headersSent || ERRORS[known.code].status >= 500 || !(error instanceof HttpError))
      throw error;
    if (known.retryAfter !== undefined) res.setHeader('Retry-After', String(known.retryAfter));
    const { status, message } = ERRORS[known.code];
    sendPage(res, { status, title, body: `<p class="w">${escapeHtml(message)}</p>` });
  }
}
