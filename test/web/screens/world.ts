/** One program, one browser and one staff for all screens; people sign in once and stay. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { startChromium } from '../../support/processes/chromium.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
export const DESKTOP = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };
export const WIDTHS = [
  ['desktop', DESKTOP],
  ['phone', PHONE],
] as const;
export const PATIENCE_MS = 30_000;

export interface Visit {
  readonly context: BrowserContext;
  readonly page: Page;
}
type Said = Record<string, unknown>;

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

export class World {
  #browser: Browser | undefined;
  #app: TestProgram | undefined;
  readonly #stays = new Map<string, Promise<Visit>>();
  /** What a script of a page stumbled over, and what axe found. */
  broken: string[] = [];

  /** @param test `this` of the hook: it is skipped where there is no Chromium */
  async start(test: Mocha.Context): Promise<void> {
    this.#browser = await startChromium(test);
    execFileSync(process.execPath, ['scripts/web.mjs'], { stdio: 'ignore' });
    this.#app = await startTestProgram();
  }

  /** Of a test that failed, what the pages showed then: for a hook `afterEach`. */
  async tell({ currentTest: test }: Mocha.Context): Promise<void> {
    if (test?.state !== 'failed') return;
    for (const page of this.#browser?.contexts().flatMap((context) => context.pages()) ?? []) {
      const text = await page
        .locator('body')
        .innerText({ timeout: 2_000 })
        .catch(() => '(nothing)');
      console.error(`${page.url()}: ${text.replaceAll(/\s+/g, ' ').slice(0, 600)}`);
    }
  }

  async stop(): Promise<void> {
    await this.#browser?.close();
    await this.#app?.close();
  }

  get app(): TestProgram {
    if (this.#app === undefined) throw new Error('the world is not there yet');
    return this.#app;
  }

  async visit(options: { viewport?: typeof DESKTOP; worker?: boolean; hold?: boolean } = {}): Promise<Visit> {
    if (this.#browser === undefined) throw new Error('there is no browser yet');
    const { viewport = DESKTOP, worker = false, hold = false } = options;
    const context = await this.#browser.newContext({
      viewport,
      locale: 'id-ID',
      reducedMotion: 'reduce',
      serviceWorkers: worker ? 'allow' : 'block',
    });
    // What is said goes out at once, except where it is about that.
    if (!hold) await context.addInitScript(() => localStorage.setItem('saga.hold', 'off'));
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => this.broken.push(`script: ${error.message}`));
    return { context, page };
  }

  /** @param at where the browser finds the program */
  async signedIn(
    who: string,
    { at = this.app.url, ...options }: Parameters<World['visit']>[0] & { readonly at?: string } = {},
  ): Promise<Visit> {
    const visit = await this.visit(options);
    const { page } = visit;
    await page.goto(`${at}/app/login`);
    await page.fill('[name=email]', this.app.person(who).email);
    await page.fill('[name=password]', STAFF_PASSWORD);
    await page.click('button[type=submit]');
    await page.waitForURL(/\/app\/(?:inbox|pool)/);
    return visit;
  }

  /** Somebody who is signed in already, at this width. */
  async as(who: string, viewport = DESKTOP): Promise<Page> {
    const stay = this.#stays.get(who) ?? this.signedIn(who);
    this.#stays.set(who, stay);
    const { page } = await stay;
    await page.setViewportSize(viewport);
    return page;
  }

  /** The screen stands: it has its heading, and nothing of it waits for an answer. */
  async open(page: Page, path: string, heading = /./): Promise<void> {
    await page.goto(`${this.app.url}/app${path}`);
    await this.stands(page, path, heading);
  }

  async stands(page: Page, what: string, heading = /./): Promise<void> {
    let seen = '';
    await eventually(
      `${what} stands`,
      async () => {
        const texts = await page.locator('h1').allInnerTexts();
        const waiting = await page.locator('.waiting').count();
        seen = `headings ${JSON.stringify(texts)}, ${String(waiting)} places that wait`;
        return texts.length === 1 && heading.test(texts[0] ?? '') && waiting === 0 ? true : undefined;
      },
      PATIENCE_MS,
    ).catch(async (error: unknown) => {
      const text = (await page.locator('body').innerText()).replace(/\s+/g, ' ').slice(0, 300);
      throw new Error(`${String(error)}: ${seen}, the page says: ${text} ${this.broken.join(' ')}`);
    });
  }

  /** What axe finds; the dark theme differs by its colours only, so there only they are looked at again. */
  async violations(page: Page, colorScheme: 'light' | 'dark'): Promise<string[]> {
    // The page's own rules let no other script in; this is the browser's, not the page's.
    if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(AXE);
    const found = await page.evaluate(
      async (options) => {
        const { axe } = globalThis as unknown as {
          axe: { run(options: object): Promise<{ violations: unknown[] }> };
        };
        return (await axe.run(options)).violations;
      },
      { resultTypes: ['violations'], ...(colorScheme === 'dark' && { runOnly: ['color-contrast'] }) },
    );
    return (found as Violation[]).flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')} ${failureSummary ?? ''}`),
    );
  }

  async data(path: string, who = 'sa'): Promise<Said> {
    return (await this.app.get(path, who)).json.data;
  }

  async ticket(id: string): Promise<Said> {
    return (await this.data(`/api/admin/ticket/${id}`))['ticket'] as Said;
  }

  /** What the API has of the talk: who said what. */
  async said(id: string, layer: 'messages' | 'internal-messages' = 'messages'): Promise<readonly Said[]> {
    return (await this.data(`/api/admin/ticket/${id}/${layer}`))['messages'] as readonly Said[];
  }

  /** A ticket of a new customer that this agent has. */
  async ticketOf(agent: string, over: object = {}): Promise<string> {
    const division = agent.split('.')[1] as 'sari' | 'savi' | 'safia';
    const [id = ''] = await this.app.openTickets(division, 1, over);
    await this.app.post(`/api/admin/ticket/${id}/self-takeover`, {}, agent);
    return id;
  }

  /** The customer of a ticket writes again. */
  async writes(ticketId: string, message: string): Promise<void> {
    const { customer_phone: phone, division } = await this.ticket(ticketId);
    await this.app.webhook({
      event: 'message',
      sender: 'customer',
      user_id: `wa_${String(phone).replace(/\D/g, '')}`,
      channel: 'whatsapp',
      division,
      bot_id: division,
      message,
      timestamp: new Date().toISOString(),
      message_id: `test-${String(Math.random()).slice(2)}`,
      is_office_hours: true,
    });
  }
}

/** One test at a desktop and on a phone. */
export function atBothWidths(title: string, run: (viewport: typeof DESKTOP) => Promise<void>): void {
  for (const [name, viewport] of WIDTHS) it(`${title} (${name})`, () => run(viewport));
}
