/** Built files as a browser gets them: the smaller copy that the build left beside each text, where the browser reads it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Request, Response } from 'express';

/** What has its content in its name never changes. */
export const HASHED = 'public, max-age=31536000, immutable';
/** The best first. */
export const ENCODINGS = [
  ['br', '.br'],
  ['gzip', '.gz'],
] as const;
const TEXT = /\.(?:js|css|html|svg|json|webmanifest)$/;

/**
 * Lets `express.static` find the smaller copy, where there is one.
 * @param folder the one that `express.static` serves; `req.path` is a path in it
 */
export function preferSmallerCopy(folder: string, req: Request, res: Response): void {
  if (!TEXT.test(req.path) || req.path.includes('..')) return;
  res.vary('Accept-Encoding');
  for (const [encoding, extension] of ENCODINGS) {
    if (req.acceptsEncodings(encoding) === false || !existsSync(join(folder, `${req.path}${extension}`)))
      continue;
    res.type(req.path.slice(req.path.lastIndexOf('.')));
    res.setHeader('Content-Encoding', encoding);
    req.url = req.url.replace(req.path, `${req.path}${extension}`);
    return;
  }
}
