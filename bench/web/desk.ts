/** The program and a browser for the measures: one program in this process, one Chromium, people who are signed in. */
import { execFileSync } from 'node:child_process';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../../test/support/http/app.ts';
import { stopTestServer } from '../../test/support/stores/postgres.ts';

export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export interface Desk {
  readonly app: TestProgram;
  /** A browser of somebody who has not signed in. */
  visit(viewport: typeof DESKTOP): Promise<{ context: BrowserContext; page: Page }>;
  /** Of somebody who has: the inbox stands. */
  signedIn(who: string, viewport?: typeof DESKTOP): Promise<Page>;
  close(): Promise<void>;
}

export async function signIn(page: Page, app: TestProgram, who: string): Promise<void> {
  await page.goto(`${app.url}/app/login`);
  await page.fill('[name=email]', app.person(who).email);
  await page.fill('[name=password]', STAFF_PASSWORD);
  await page.click('button[type=submit]');
  await page.waitForURL(/\/app\/inbox/);
}

export async function openDesk(): Promise<Desk> {
  execFileSync(process.execPath, ['scripts/web.mjs'], { stdio: 'ignore' });
  const app = await startTestProgram();
  const browser: Browser = await chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--enable-precise-memory-info',
    ],
  });
  const visit: Desk['visit'] = async (viewport) => {
    const context = await browser.newContext({ viewport, locale: 'id-ID', serviceWorkers: 'block' });
    // What is said goes out at once: the ten seconds to take it back are no waiting of ours.
    await context.addInitScript(() => localStorage.setItem('saga.hold', 'off'));
    // tsx marks the names of functions, also in what runs in the page.
    await context.addInitScript('globalThis.__name = (it) => it');
    return { context, page: await context.newPage() };
  };
  return {
    app,
    visit,
    async signedIn(who, viewport = DESKTOP) {
      const { page } = await visit(viewport);
      await signIn(page, app, who);
      return page;
    },
    async close() {
      await browser.close();
      await app.close();
      await stopTestServer();
    },
  };
}
