/** The company site at `/`, the chat widget and its page for frames of other sites (docs/design/company-site.md#serving). */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import express, { type NextFunction, type Request, Router } from 'express';
import { LRUCache } from 'lru-cache';
import type { HttpResponse } from '../request.ts';
import { ENCODINGS, HASHED, preferSmallerCopy } from './static-files.ts';

/** Stands in the built pages for PUBLIC_URL (site/src/seo.ts). */
const ORIGIN = 'https://site.invalid';
/** Tags of the head that mean nothing without an address: canonical, og:url, og:image. */
const ADDRESSED = /<(?:link|meta)\b[^>]*https:\/\/site\.invalid[^>]*>/g;
const PAGE_AGE = 'public, max-age=300, stale-while-revalidate=86400';
const DAY = 'public, max-age=86400';
/** An address of a page: words, as the build names its files. */
const PAGE = /^\/(?:[a-z]+(?:-[a-z]+)*\/?)*$/;
const FRAME = '/widget/frame';
/** Pages by content and encoding; there are about a dozen. */
const KEPT = 100;

export interface CompanySite {
  readonly files: Router;
  /** Before the last 404: a person who reads HTML gets a page, a program its envelope. */
  readonly notFound: (req: Request, res: HttpResponse, next: NextFunction) => void;
}

export interface CompanySiteOptions {
  /** PUBLIC_URL; null: pages have no canonical address, and there is no sitemap. */
  readonly publicUrl: string | null;
  /** Origins whose pages may show the chat of this site key in a frame; null: no such key. */
  readonly framedBy: (siteKey: string) => readonly string[] | null;
}

interface Text {
  readonly body: Buffer;
  readonly etag: string;
  /** Of its one `<style>`, for the policy. */
  readonly styleHash: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

/** Its own files and the style that it carries; nothing of other sites. */
const policyOf = (styleHash: string, ancestors: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'sha256-${styleHash}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${ancestors}`,
  ].join('; ');

const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
const SMALLER = {
  br: (text: string) => brotliCompressSync(text, BROTLI),
  gzip: (text: string) => gzipSync(text),
} as const;

/** @param folder what `scripts/site.mjs` wrote; read at each request, so that a new build needs no restart */
export function companySite(folder: string, { publicUrl, framedBy }: CompanySiteOptions): CompanySite {
  const router = Router({ caseSensitive: true });
  const files = express.static(folder, { index: false, cacheControl: false, redirect: false });
  const origin = publicUrl?.replace(/\/+$/, '') ?? '';
  const texts = new LRUCache<string, Text>({ max: KEPT });

  const fill = (text: string): string =>
    (origin === '' ? text.replaceAll(ADDRESSED, '').replace(/\nSitemap: .*/, '') : text).replaceAll(
      ORIGIN,
      origin,
    );

  function textOf(file: string, encoding: keyof typeof SMALLER | null): Text {
    const path = join(folder, file);
    const key = `${file} ${encoding ?? ''} ${String(statSync(path).mtimeMs)}`;
    const kept = texts.get(key);
    if (kept) return kept;
    const text = fill(readFileSync(path, 'utf8'));
    const made = {
      body: encoding === null ? Buffer.from(text) : SMALLER[encoding](text),
      etag: `"${sha256(`${text}${encoding ?? ''}`).slice(0, 20)}"`,
      styleHash: sha256(/<style>([^<]*)<\/style>/.exec(text)?.[1] ?? ''),
    };
    texts.set(key, made);
    return made;
  }

  /** Sends a text of the build, its addresses filled in. */
  function sendText(req: Request, res: HttpResponse, file: string, ancestors = "'none'"): void {
    res.vary('Accept-Encoding');
    const encoding =
      ENCODINGS.map(([name]) => name).find((name) => req.acceptsEncodings(name) !== false) ?? null;
    const { body, etag, styleHash } = textOf(file, encoding);
    res.type(file.slice(file.lastIndexOf('.')));
    if (file.endsWith('.html')) res.setHeader('Content-Security-Policy', policyOf(styleHash, ancestors));
    if (res.statusCode === 200) {
      res.setHeader('Cache-Control', PAGE_AGE);
      res.setHeader('ETag', etag);
    }
    if (encoding !== null) res.setHeader('Content-Encoding', encoding);
    res.setHeader('Referrer-Policy', 'strict-origin-when-cross-origin');
    if (req.fresh) res.status(304).end();
    else res.end(req.method === 'HEAD' ? undefined : body);
  }

  function sendFrame(req: Request, res: HttpResponse, next: NextFunction): void {
    const key = new URL(req.url, 'http://frame').searchParams.get('site_key') ?? '';
    const ancestors = framedBy(key);
    if (ancestors === null) {
      next();
      return;
    }
    res.removeHeader('X-Frame-Options');
    sendText(req, res, 'widget/frame.html', ["'self'", ...ancestors].join(' '));
  }

  router.use((req: Request, res: HttpResponse, next: NextFunction) => {
    const isRead = req.method === 'GET' || req.method === 'HEAD';
    const { path } = req;
    if (
      !isRead ||
      path.startsWith('/app') ||
      path.startsWith('/api/') ||
      !existsSync(join(folder, 'index.html'))
    ) {
      next();
      return;
    }
    if (path === FRAME) {
      res.locals.info.route = FRAME;
      sendFrame(req, res, next);
      return;
    }
    const file = path === '/' ? 'index.html' : `${path.slice(1)}.html`;
    if (PAGE.test(path) && path !== '/' && path.endsWith('/')) {
      if (existsSync(join(folder, `${path.slice(1, -1)}.html`))) res.redirect(301, path.slice(0, -1));
      else next();
      return;
    }
    if (PAGE.test(path) && existsSync(join(folder, file))) {
      res.locals.info.route = '/';
      sendText(req, res, file);
      return;
    }
    if (path === '/robots.txt' || (path === '/sitemap.xml' && origin !== '')) {
      res.locals.info.route = '/';
      sendText(req, res, path.slice(1));
      return;
    }
    if (!/\.(?:js|woff2|svg|png)$/.test(path)) {
      next();
      return;
    }
    const isKept = path.startsWith('/assets/');
    const before = { url: req.url, route: res.locals.info.route };
    res.locals.info.route = '/';
    res.setHeader('Cache-Control', isKept ? HASHED : path === '/widget.js' ? PAGE_AGE : DAY);
    // Other sites load the widget and nothing else of this site; search engines and messengers show its pictures.
    if (!isKept) res.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    preferSmallerCopy(folder, req, res);
    files(req, res, (error?: unknown) => {
      req.url = before.url;
      res.locals.info.route = before.route;
      res.setHeader('Cache-Control', 'no-store');
      next(error);
    });
  });

  return {
    files: router,
    notFound: (req: Request, res: HttpResponse, next: NextFunction) => {
      const isPage = req.method === 'GET' && (req.headers.accept ?? '').includes('text/html');
      if (!isPage || req.path.startsWith('/api') || !existsSync(join(folder, '404.html'))) {
        next();
        return;
      }
      res.status(404);
      sendText(req, res, '404.html');
    },
  };
}
