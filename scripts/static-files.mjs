/** Folders of static files that are built from sources: only when those have changed, and with a smaller copy beside each text. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

export const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** What the build is made from: its sources, its settings, and the versions of its packages. */
function fingerprint(files) {
  const hash = createHash('sha256');
  for (const file of [...files, join(root, 'package-lock.json')])
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** The server sends these where a browser takes them (src/http/framework/server/static-files.ts). */
function compress(dist, pattern) {
  for (const file of filesIn(dist).filter((name) => pattern.test(name))) {
    const bytes = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
  }
}

/**
 * Builds into `dist`, unless it is what `files` say already or `force` is given.
 * @param texts the files that get a smaller copy
 * @returns whether something was built
 */
export async function buildOnce({ name, dist, files, texts, build, force = false }) {
  const madeFrom = join(dist, '.made-from');
  const wanted = fingerprint(files);
  if (!force && existsSync(madeFrom) && readFileSync(madeFrom, 'utf8') === wanted) return false;
  console.log(`Building ${name}. This happens once after each change and takes some seconds.`);
  await build();
  compress(dist, texts);
  writeFileSync(madeFrom, wanted);
  return true;
}
