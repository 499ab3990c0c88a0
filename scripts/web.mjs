/**
 * `npm run web:build`: the dashboard's static files, `web/dist`. Does nothing, quickly, when they are what the sources say
 * (`npm run demo` asks before each start). `--force` builds all the same.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const web = join(root, 'web');
const dist = join(web, 'dist');
const MADE_FROM = join(dist, '.made-from');

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

/** What the build is made from: its sources, its settings, and the versions of its packages. */
function fingerprint() {
  const hash = createHash('sha256');
  const files = [
    ...filesIn(join(web, 'src')),
    ...filesIn(join(web, 'public')),
    ...['index.html', 'vite.config.ts', 'service-worker.plugin.ts', 'package.json'].map((name) =>
      join(web, name),
    ),
    join(root, 'package-lock.json'),
  ];
  for (const file of files)
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

/** The server sends these where a browser takes them (src/http/framework/server/dashboard.ts). */
function compress() {
  for (const file of filesIn(dist).filter((name) => /\.(?:js|css|html|svg|json|webmanifest)$/.test(name))) {
    const bytes = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(bytes, { level: 9 }));
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params }));
  }
}

/** @returns whether something was built */
export async function buildWeb({ force = false } = {}) {
  const wanted = fingerprint();
  if (!force && existsSync(MADE_FROM) && readFileSync(MADE_FROM, 'utf8') === wanted) return false;
  console.log('Building the dashboard. This happens once after each change and takes some seconds.');
  const { build } = await import('vite');
  await build({ root: web, configFile: join(web, 'vite.config.ts'), logLevel: 'warn' });
  compress();
  mkdirSync(dist, { recursive: true });
  writeFileSync(MADE_FROM, wanted);
  return true;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const built = await buildWeb({ force: process.argv.includes('--force') });
  console.log(built ? `Built ${dist}` : `${dist} is up to date`);
}
