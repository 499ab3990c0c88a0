/** Folders of static files that are built from sources: only when those have changed, and with a smaller copy beside each text. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
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

const isAlive = (pid) => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM'; // somebody else's
  }
};

/** Several ask at once, as test files that start together do: one builds, the others wait and find it done. */
async function inTurn(dist, work) {
  mkdirSync(join(root, '.tmp'), { recursive: true });
  const lock = join(root, '.tmp', `${basename(dirname(dist))}-build.lock`);
  for (;;)
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const owner = existsSync(lock) ? readFileSync(lock, 'utf8') : '';
      // Of a build that was killed.
      if (owner !== '' && !isAlive(Number(owner))) rmSync(lock, { force: true });
      else await pause(100);
    }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
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
  const isDone = () => existsSync(madeFrom) && readFileSync(madeFrom, 'utf8') === wanted;
  if (!force && isDone()) return false;
  return inTurn(dist, async () => {
    if (!force && isDone()) return false;
    console.log(`Building ${name}. This happens once after each change and takes some seconds.`);
    await build();
    compress(dist, texts);
    writeFileSync(madeFrom, wanted);
    return true;
  });
}
