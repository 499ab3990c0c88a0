/**
 * `npm run web:size`: how much JavaScript a browser fetches, gzipped, against the bars of docs/design/dashboard.md#first-load.
 * Ends with 1 where one is broken. A test runs it (test/web/first-load.test.ts).
 */
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWeb } from './web.mjs';

const FIRST_LOAD = 130_000;
const ROUTE = 50_000;

const dist = join(dirname(dirname(fileURLToPath(import.meta.url))), 'web', 'dist');

await buildWeb();
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'));

/** A file and all that it imports before it runs. */
function withImports(key, found = new Set()) {
  if (found.has(key)) return found;
  found.add(key);
  for (const imported of manifest[key].imports ?? []) withImports(imported, found);
  return found;
}
const bytesOf = (file) => statSync(join(dist, `${file}.gz`)).size;
const sum = (keys) =>
  [...keys].map((key) => bytesOf(manifest[key].file)).reduce((total, bytes) => total + bytes, 0);

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = withImports(entry);
const firstLoad = sum(first) + bytesOf('theme.js');

/** Pages are opened by the router; what a page itself loads later is another step. */
const pages = Object.keys(manifest).filter((key) => /^src\/.*-page\.tsx$/.test(key));
const routes = pages
  .map((key) => ({ page: key, bytes: sum([...withImports(key)].filter((one) => !first.has(one))) }))
  .sort((a, b) => b.bytes - a.bytes);

const kilo = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
console.log(`first load ${kilo(firstLoad)} of ${kilo(FIRST_LOAD)}`);
for (const { page, bytes } of routes) console.log(`${kilo(bytes).padStart(9)} of ${kilo(ROUTE)}  ${page}`);

const tooBig = [
  ...(firstLoad > FIRST_LOAD ? ['the first load'] : []),
  ...routes.filter(({ bytes }) => bytes > ROUTE).map(({ page }) => page),
];
if (tooBig.length > 0) {
  console.error(`Too big: ${tooBig.join(', ')}`);
  process.exitCode = 1;
}
