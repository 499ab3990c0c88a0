/**
 * The dashboard in a real browser, against the real program: every screen at both widths and in both themes, looked at by
 * axe, and what each role finds there (docs/design/dashboard.md#what-one-may-do). One program, one browser: `npm run test:web`.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { startChromium } from '../../support/processes/chromium.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const PATIENCE_MS = 30_000;

/** Every address, with a word that stands there when the screen does. */
const SCREENS = (ticket: string, user: string): readonly (readonly [path: string, heading: RegExp])[] => [
  ['/inbox', /./],
  [`/t/${ticket}`, /./],
  [`/t/${ticket}?layer=L2`, /./],
  [`/t/${ticket}/history`, /^Riwayat tiket /],
  ['/notifications', /./],
  ['/profile', /^Profil/],
  ['/analytics', /./],
  ['/follow-up', /./],
  ['/blasts', /./],
  ['/supervisor', /./],
  ['/admin/users', /^Pengguna$/],
  [`/admin/users/${user}`, /agent\.sari/],
  ['/admin/privileges', /^Hak per peran$/],
  ['/admin/office-hours', /^Jam operasional$/],
  ['/admin/tags', /^Tag$/],
  ['/admin/templates', /^Template$/],
  ['/admin/faq', /^FAQ chatbot$/],
  ['/analytics/chatbot', /^Chatbot$/],
  ['/admin/dead-letters', /^Pesan tak terbaca$/],
  ['/admin/audit', /^Jejak audit$/],
  ['/admin/projections', /^Kesehatan sistem$/],
];

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[];
}

describe('the dashboard in a browser', function () {
  this.timeout(180_000);
  let app: TestProgram;
  let browser: Browser;
  let free = '';
  let taken = '';
  /** What a script of a page stumbled over, and what axe found. */
  let broken: string[] = [];

  before(async function () {
    browser = await startChromium(this);
    execFileSync(process.execPath, ['scripts/web.mjs'], { stdio: 'ignore' });
    app = await startTestProgram();
    [free = '', taken = ''] = await app.openTickets('sari', 2);
    await app.post(`/api/admin/ticket/${taken}/self-takeover`, {}, 'agent.sari');
    await app.post(
      `/api/admin/ticket/${taken}/reply`,
      { message: 'Halo, ada yang bisa dibantu?' },
      'agent.sari',
    );
    await app.post(`/api/admin/ticket/${taken}/internal-message`, { content: 'Minta diskon' }, 'agent.sari');
    await app.post('/api/admin/tags', { name: 'penting', color: '#B42318' }, 'sa');
  });
  after(async () => {
    await browser.close();
    await app.close();
  });

  async function signedIn(who: string, viewport = DESKTOP): Promise<{ context: BrowserContext; page: Page }> {
    const context = await browser.newContext({ viewport, locale: 'id-ID', serviceWorkers: 'block' });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => broken.push(`script: ${error.message}`));
    await page.goto(`${app.url}/app/login`);
    await page.fill('[name=email]', app.person(who).email);
    await page.fill('[name=password]', STAFF_PASSWORD);
    await page.click('button[type=submit]');
    await page.waitForURL(/\/app\/inbox/);
    return { context, page };
  }

  /** The screen stands: it has its heading, and nothing of it waits for an answer. */
  async function open(page: Page, path: string, heading: RegExp): Promise<void> {
    await page.goto(`${app.url}/app${path}`);
    let seen = '';
    await eventually(
      `${path} stands`,
      async () => {
        const texts = await page.locator('h1').allInnerTexts();
        const waiting = await page.locator('.waiting').count();
        seen = `headings ${JSON.stringify(texts)}, ${String(waiting)} places that wait`;
        return texts.length === 1 && heading.test(texts[0] ?? '') && waiting === 0 ? true : undefined;
      },
      PATIENCE_MS,
    ).catch(async (error: unknown) => {
      const text = (await page.locator('body').innerText()).replace(/\s+/g, ' ').slice(0, 300);
      throw new Error(`${String(error)}: ${seen}, the page says: ${text} ${broken.join(' ')}`);
    });
  }

  /** What axe finds; the dark theme differs by its colours only, so there only they are looked at again. */
  async function violations(page: Page, colorScheme: 'light' | 'dark'): Promise<string[]> {
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

  describe('has one heading, fits its width, and axe finds nothing, desktop and phone, light and dark', () => {
    let at: { context: BrowserContext; page: Page };
    before(async () => {
      at = await signedIn('sa');
    });
    after(() => at.context.close());

    for (const [index, [title, heading]] of SCREENS(':ticket', ':user').entries())
      it(title, async () => {
        const { page } = at;
        const [path = ''] = SCREENS(taken, app.person('agent.sari').id)[index] ?? [];
        broken = [];
        for (const [name, viewport] of [
          ['desktop', DESKTOP],
          ['phone', PHONE],
        ] as const) {
          await page.setViewportSize(viewport);
          await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
          await open(page, path, heading);
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
            await eventually('the theme is on', async () =>
              (await page.evaluate(() => document.documentElement.dataset['theme'])) === colorScheme
                ? true
                : undefined,
            );
            for (const one of await violations(page, colorScheme))
              broken.push(`${name} ${colorScheme}: ${one}`);
          }
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (over > 0) broken.push(`${name}: ${String(over)} px too wide`);
          const presence = page.getByRole('switch', { name: /^Status Anda/ });
          if (!(await presence.isVisible())) broken.push(`${name}: own presence is not in sight`);
        }
        expect(broken.join('\n')).to.equal('');
      });
  });

  describe('shows each role what it may use, and has nothing else in the page', () => {
    const ROLES = ['sa', 'tl', 'agent.sari', 'viewer.sari'] as const;
    type Who = (typeof ROLES)[number];
    /** Chapter 4 of the seed, as far as an element of a screen stands for a row; what the API lets them do is tested there. */
    const ROWS: readonly (readonly [
      what: string,
      path: () => string,
      selector: string,
      who: readonly Who[],
    ])[] = [
      ['own presence', () => '/inbox', 'header [role=switch]', ['sa', 'tl', 'agent.sari']],
      ['takeover', () => `/t/${free}`, 'button:has-text("AMBIL ALIH KE SAYA")', ['agent.sari']],
      ['notes', () => `/t/${taken}`, '[role=tab]:has-text("Internal")', ['sa', 'tl', 'agent.sari']],
      ['reply as Saga Team', () => `/t/${taken}`, 'button:has-text("Balas sebagai Saga Team")', ['sa']],
      ['follow-up', () => '/inbox', 'nav a[href="/app/follow-up"]', ['sa', 'tl', 'agent.sari']],
      ['supervisor', () => '/inbox', 'nav a[href="/app/supervisor"]', ['sa', 'tl']],
      ['analytics', () => '/inbox', 'nav a[href="/app/analytics"]', ['sa', 'tl', 'agent.sari']],
      ['administration', () => '/inbox', 'nav a[href="/app/admin"]', ['sa', 'tl']],
      ['users', () => '/admin/users', 'button:has-text("Tambah pengguna")', ['sa']],
      ['privileges', () => '/admin/privileges', 'main [role=switch]', ['sa']],
      ['office hours', () => '/admin/office-hours', 'main [role=switch]', ['sa']],
      ['tags', () => '/admin/tags', 'button:has-text("Tag baru")', ['sa']],
      ['templates', () => '/admin/templates', 'button:has-text("Template baru")', ['sa']],
      ['health', () => '/admin/projections', 'main [role=status]', ['sa']],
      ['history', () => `/t/${taken}/history`, 'input[type=range]', ['sa', 'tl']],
    ];

    for (const who of ROLES)
      it(who, async () => {
        const { context, page } = await signedIn(who);
        const seen: string[] = [];
        let at = '';
        for (const [what, path, selector] of ROWS) {
          if (path() !== at) {
            at = path();
            await open(page, at, /./);
          }
          if ((await page.locator(selector).count()) > 0) seen.push(what);
        }
        await context.close();
        expect(seen).to.deep.equal(
          ROWS.filter(([, , , people]) => people.includes(who)).map(([what]) => what),
        );
      });
  });

  it('a super admin adds a person, changes what they may, and lets them in no more', async () => {
    const { context, page } = await signedIn('sa');
    await open(page, '/admin/users', /^Pengguna$/);
    await page.click('button:has-text("Tambah pengguna")');
    await page.fill('[role=dialog] [name=name]', 'Dewi Baru');
    await page.fill('[role=dialog] [name=email]', 'dewi.baru@test.saga');
    await page.click('[role=dialog] button[type=submit]');
    await page.getByRole('heading', { level: 1, name: 'Dewi Baru' }).waitFor();
    await page.click('button[name=export]');
    await page.locator('section:has(button[name=export]) >> button:has-text("Simpan")').click();
    const dewi = await eventually('the privilege is there', async () => {
      const users = (await app.get('/api/admin/users', 'sa')).json.data['users'] as Record<string, unknown>[];
      return users.find(
        ({ email, granted }) => email === 'dewi.baru@test.saga' && String(granted) === 'export',
      );
    });
    expect(dewi['must_change_password']).to.equal(true);
    await page.click('button:has-text("Nonaktifkan")');
    await page.locator('[role=dialog] button:has-text("Nonaktifkan")').click();
    await page.getByRole('heading', { name: 'Akun nonaktif' }).waitFor();
    await context.close();
  });

  it('office hours are set for one division and hold', async () => {
    const { context, page } = await signedIn('sa');
    await open(page, '/admin/office-hours', /^Jam operasional$/);
    await page.getByRole('radio', { name: 'SAVI' }).check({ force: true });
    await page.getByRole('switch', { name: 'Sabtu' }).click();
    await page.getByLabel('Sabtu, jam tutup').fill('1330');
    await page.locator('main button:has-text("Simpan")').click();
    const hours = await eventually('Saturday is open', async () => {
      const reply = await app.get('/api/admin/config/office-hours/savi', 'sa');
      const rows = reply.json.data['schedules'] as { day_of_week: number; close_time: string }[];
      return rows.find(({ day_of_week: day }) => day === 6);
    });
    expect(hours.close_time).to.equal('13:30');
    await context.close();
  });

  it('time travel: the slider and the keys lead to earlier moments, and two moments are compared', async () => {
    const { context, page } = await signedIn('tl');
    await open(page, `/t/${taken}/history`, /^Riwayat tiket /);
    await page.getByRole('slider').press('Home');
    await page.getByRole('heading', { name: 'Tiket dibuka' }).waitFor();
    await page.locator('main dd', { hasText: /^NEW$/ }).first().waitFor();
    await page.getByRole('button', { name: 'Bandingkan dengan saat lain' }).click();
    await page.getByRole('heading', { name: 'Perbedaan dua saat' }).waitFor();
    await page
      .locator('section', { hasText: 'Perbedaan dua saat' })
      .getByText('agent.sari')
      .first()
      .waitFor();
    expect(page.url()).to.include('moment=').and.to.include('against=');
    await context.close();
  });

  it('without the net the shell stands, and no answer of the API is on the device', async () => {
    const context = await browser.newContext({ viewport: PHONE, locale: 'id-ID' });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    await page.goto(`${app.url}/app/login`);
    await eventually(
      'the worker has the shell',
      async () => {
        const state = await page.evaluate(
          async () => (await navigator.serviceWorker.getRegistration('/app/'))?.active?.state,
        );
        return state === 'activated' ? true : undefined;
      },
      PATIENCE_MS,
    );
    await page.fill('[name=email]', app.person('other.sari').email);
    await page.fill('[name=password]', STAFF_PASSWORD);
    await page.click('button[type=submit]');
    await page.waitForURL(/\/app\/inbox/);
    const kept = await page.evaluate(async () => {
      const names = await caches.keys();
      const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return all.flat().map(({ url }) => new URL(url).pathname);
    });
    expect(kept).to.include('/app/index.html');
    expect(kept.filter((path) => !path.startsWith('/app/'))).to.deep.equal([]);
    await context.setOffline(true);
    await page.goto(`${app.url}/app/notifications`);
    await page.locator('#root > *').first().waitFor();
    expect(await page.title()).to.include('Saga');
    await context.close();
  });

  it('can be installed: the manifest and its icons', async () => {
    const manifest = (await (await fetch(`${app.url}/app/manifest.webmanifest`)).json()) as {
      id: string;
      start_url: string;
      display: string;
      icons: { src: string; sizes: string; purpose: string }[];
    };
    expect(manifest).to.include({ id: '/app/', start_url: '/app/inbox', display: 'standalone' });
    expect(manifest.icons.map(({ sizes, purpose }) => `${sizes} ${purpose}`)).to.include.members([
      '192x192 any',
      '512x512 any',
      '512x512 maskable',
    ]);
    for (const { src } of manifest.icons)
      expect((await fetch(app.url + src)).headers.get('content-type'), src).to.equal('image/png');
  });
});
