/**
 * `npm run web:size`: how much JavaScript a browser fetches, gzipped, against the bars of docs/design/dashboard.md#first-load and
 * docs/design/company-site.md#sizes.
 * Ends with 1 where one is broken. A test runs it (test/web/first-load.test.ts).
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSite } from './site.mjs';
import { buildWeb } from './web.mjs';

const FIRST_LOAD = 130_000;
const ROUTE = 50_000;

/** The chat: what every page loads, and what the first opening loads. A page's own style is inside of it, not compressed. */
const LOADER = 3_000;
const PANEL = 25_000;
const PAGE_STYLE = 14_000;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'web', 'dist');
const site = join(root, 'site', 'dist');

await buildWeb();
await buildSite();
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

const panel = readdirSync(join(site, 'assets')).find((name) => /^panel-.*\.js\.gz$/.test(name));
const chat = [
  ['the loader of the chat', statSync(join(site, 'widget.js.gz')).size, LOADER],
  ['the panel of the chat', statSync(join(site, 'assets', panel)).size, PANEL],
  [
    'the style of a page',
    /<style>(.*?)<\/style>/s.exec(readFileSync(join(site, 'index.html'), 'utf8'))[1].length,
    PAGE_STYLE,
  ],
];
for (const [name, bytes, most] of chat) console.log(`${kilo(bytes).padStart(9)} of ${kilo(most)}  ${name}`);

const tooBig = [
  ...chat.filter(([, bytes, most]) => bytes > most).map(([name]) => name),
  ...(firstLoad > FIRST_LOAD ? ['the first load'] : []),
  ...routes.filter(({ bytes }) => bytes > ROUTE).map(({ page }) => page),
];
if (tooBig.length > 0) {
  console.error(`Too big: ${tooBig.join(', ')}`);
  process.exitCode = 1;
}
