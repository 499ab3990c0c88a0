/** Asks the scanner about a file that somebody of ours uploads (docs/design/api.md#files-to-a-customer). */
import { HttpError } from '../framework/errors.ts';
import type { HttpContext } from '../framework/http-context.ts';

/** When the scanner does not answer. */
const SCAN_AGAIN_SECONDS = 10;

/** @throws HttpError MEDIA_NOT_SUPPORTED: it is harmful, or too large to be looked at; OVERLOADED: the scanner is away */
export async function requireHarmless(
  { scanner, files }: HttpContext,
  key: string,
  signal: AbortSignal,
): Promise<void> {
  if (scanner === null) return;
  const file = await files.open(key);
  if (file === null) throw new HttpError('MEDIA_NOT_FOUND');
  const verdict = await scanner.scan(file.content as AsyncIterable<Uint8Array>, signal).finally(() => {
    file.content.destroy();
  });
  if (verdict.kind === 'clean') return;
  if (verdict.kind === 'away') throw new HttpError('OVERLOADED', [], SCAN_AGAIN_SECONDS);
  const message =
    verdict.kind === 'infected'
      ? 'Berkas mengandung virus atau program berbahaya'
      : 'Berkas terlalu besar untuk diperiksa dari virus';
  throw new HttpError('MEDIA_NOT_SUPPORTED', [{ path: 'file', message }]);
}
