/**
 * `npm run screenshots`: pictures of the dashboard, taken from the demo that runs (`npm run demo`).
 *
 *   npm run screenshots                      those of the README, to docs/screenshots
 *   npm run screenshots -- --all <folder>    every screen at both widths, light and dark
 *   npm run screenshots -- --all <folder> <name>,<name>    only these
 *
 * `BASE` and `DATA_DIR` name another demo. Debian's Chromium takes them; nothing is downloaded.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { README, SCREENS, type Screen } from './screenshots/screens.ts';

const BASE = process.env['BASE'] ?? 'http://127.0.0.1:3000';
const DATA = process.env['DATA_DIR'] ?? '.data';
const WIDTHS = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } } as const;
const THEMES = ['light', 'dark'] as const;
type Width = keyof typeof WIDTHS;
type Theme = (typeof THEMES)[number];

const { password } = JSON.parse(readFileSync(join(DATA, 'demo.json'), 'utf8')) as { password: string };

/** One sign-in per person and look: each sign-in takes the server a moment, and is counted. */
async function take(
  browser: Browser,
  who: string | null,
  width: Width,
  theme: Theme,
  screens: readonly Screen[],
  fileOf: (screen: Screen) => string,
): Promise<void> {
  const context = await browser.newContext({
    viewport: WIDTHS[width],
    colorScheme: theme,
    locale: 'id-ID',
    timezoneId: 'Asia/Jakarta',
    hasTouch: width === 'phone',
    isMobile: width === 'phone',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.on('console', (message) => {
    if (message.type() === 'error') console.warn(`  console: ${message.text()}`);
  });
  page.on('pageerror', (error) => {
    console.warn(`  error in the page: ${error.message}`);
  });
  await page.goto(`${BASE}/app/login`);
  if (who !== null) {
    await page.fill('[name=email]', `${who}@demo.saga`);
    await page.fill('[name=password]', password);
    await page.click('button[type=submit]');
    await page.waitForURL(/\/app\/(?:inbox|pool)/);
  }
  for (const screen of screens) {
    await screen.open(page, BASE);
    // Pictures and fonts have come, and nothing moves any more.
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    await page.waitForTimeout(300);
    const path = fileOf(screen);
    await page.screenshot({ path });
    console.log(path);
  }
  await context.close();
}

const isAll = process.argv[2] === '--all';
const names = process.argv[4]?.split(',');
const wanted = SCREENS.filter(({ name }) => names?.includes(name) ?? true);
const folder = isAll ? (process.argv[3] ?? '.tmp/screenshots') : 'docs/screenshots';
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox'],
});
try {
  if (isAll) {
    for (const width of Object.keys(WIDTHS) as Width[])
      for (const theme of THEMES)
        for (const who of new Set(wanted.map((screen) => screen.who)))
          await take(
            browser,
            who,
            width,
            theme,
            wanted.filter((screen) => screen.who === who),
            ({ name }) => join(folder, `${name}-${width}-${theme}.png`),
          );
  } else {
    for (const { screen, width, theme, file } of README)
      await take(browser, screen.who, width, theme, [screen], () => join(folder, file));
  }
} finally {
  await browser.close();
}
