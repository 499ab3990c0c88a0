/**
 * `npm run web:icons`: the app's icons, `web/public/icons`, drawn from `web/public/icon.svg` by a browser (CHROMIUM, or
 * /usr/bin/chromium). Run it after a change of the drawing; the files are kept in the repository.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), 'web', 'public');
const drawing = readFileSync(join(folder, 'icon.svg'), 'utf8');
const letter = /<path[^>]*>/.exec(drawing)?.[0];
if (letter === undefined) throw new Error('icon.svg has no path');

const square = (fill, inner) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="${fill}"/>${inner}</svg>`;
const small = (inner) => `<g transform="translate(32 32) scale(.72) translate(-32 -32)">${inner}</g>`;
/** For internal notes: the colour of the notes, with a lock. */
const lock =
  '<rect x="20" y="29" width="24" height="18" rx="4" fill="#fff"/>' +
  '<path d="M25 29v-5a7 7 0 0 1 14 0v5" fill="none" stroke="#fff" stroke-width="4"/>';

const ICONS = [
  ['icon-192.png', 192, drawing],
  ['icon-512.png', 512, drawing],
  // To the edge: the device cuts its own form, a fifth from each side at most.
  ['maskable-512.png', 512, square('#0f766e', small(letter))],
  ['l2-192.png', 192, square('#54309b', lock).replace('height="64" fill', 'height="64" rx="15" fill')],
  // Android takes its outline only.
  ['badge-96.png', 96, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">${letter}</svg>`],
];

mkdirSync(join(folder, 'icons'), { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  for (const [name, size, svg] of ICONS) {
    const page = await browser.newPage({ viewport: { width: size, height: size } });
    const sized = svg.replace('<svg ', `<svg width="${size}" height="${size}" `);
    await page.setContent(`<style>*{margin:0}svg{display:block}</style>${sized}`);
    await page.screenshot({ path: join(folder, 'icons', name), omitBackground: true });
    await page.close();
  }
} finally {
  await browser.close();
}
console.log(`Drew ${ICONS.length} icons in ${join(folder, 'icons')}`);
