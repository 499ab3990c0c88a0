/** The dashboard's static files at `/app`, from the same origin as the API (docs/design/dashboard.md#serving). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import express, { type NextFunction, type Request, Router } from 'express';
import type { HttpResponse } from '../request.ts';
import { HttpError } from '../errors.ts';
import { HASHED, preferSmallerCopy } from './static-files.ts';

export const DASHBOARD_PATH = '/app';

/** Its own scripts and styles and nothing else; pictures also from memory, for files that the API gave. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const ASK_AGAIN = 'no-cache';
const INDEX = 'index.html';

/** @param folder what `vite build` wrote; read at each request, so that a new build needs no restart */
export function dashboard(folder: string): Router {
  const router = Router({ caseSensitive: true });
  // The policy and the caching are ours; an ETag lets the browser keep what has not changed.
  const files = express.static(folder, { index: false, cacheControl: false, redirect: false });

  router.get('/', (_req, res: HttpResponse) => {
    res.locals.info.route = '/';
    res.redirect(302, DASHBOARD_PATH);
  });
  router.use(DASHBOARD_PATH, (req: Request, res: HttpResponse, next: NextFunction) => {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      next();
      return;
    }
    res.locals.info.route = DASHBOARD_PATH;
    res.setHeader('Content-Security-Policy', POLICY);
    res.setHeader('Cache-Control', req.path.startsWith('/assets/') ? HASHED : ASK_AGAIN);
    preferSmallerCopy(folder, req, res);
    files(req, res, (error?: unknown) => {
      if (error !== undefined) {
        next(error);
        return;
      }
      page(folder, req, res, next);
    });
  });
  return router;
}

/** An address of the app is its one page; a file that is not there is not. */
function page(folder: string, req: Request, res: HttpResponse, next: NextFunction): void {
  const name = req.path.slice(req.path.lastIndexOf('/') + 1);
  if (req.path.startsWith('/assets/') || /\.\w+$/.test(name)) {
    res.setHeader('Cache-Control', ASK_AGAIN);
    next(new HttpError('NOT_FOUND'));
    return;
  }
  if (!existsSync(join(folder, INDEX))) {
    res.status(404).type('text').send('Dasbor belum dibangun di sini. Jalankan: npm run web:build\n');
    return;
  }
  // From the folder: of a whole path, one with a hidden folder above ours would count as hidden.
  res.sendFile(INDEX, { root: folder, cacheControl: false }, (error?: Error) => {
    if (error !== undefined && !res.headersSent) next(error);
  });
}
