/**
 * The company site and the chat on it, in a real browser against the real program (docs/design/company-site.md#widget): a visitor asks,
 * doubts, gets a person, talks, rates. One program, one browser: `npm run test:web`.
 */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { axeFinds } from '../../support/processes/axe.ts';
import { startChromium } from '../../support/processes/chromium.ts';

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const SMALL = { width: 320, height: 568 };
const PATIENCE_MS = 30_000;
const PAGES = [
  '/',
  '/layanan/kargo',
  '/layanan/mobil',
  '/layanan/pindahan',
  '/faq',
  '/tentang',
  '/kontak',
  '/privasi',
];
const DAYS = [0, 1, 2, 3, 4, 5, 6];

describe('the company site in a browser', function () {
  this.timeout(180_000);
  let app: TestProgram;
  let browser: Browser;
  let shop = '';
  let broken: string[] = [];
  /** Two firms that have a page with our chat; SITES names the first. */
  const firms: Server[] = [];

  async function firm(): Promise<string> {
    const server = createServer((_req, res) => {
      res.setHeader('Content-Type', 'text/html');
      res.end(
        `<!doctype html><html lang="id"><title>Toko</title><h1>Toko</h1><script src="${app.url}/widget.js" async data-site-key="sari"></script>`,
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    firms.push(server);
    return `http://localhost:${String((server.address() as AddressInfo).port)}`;
  }

  before(async function () {
    browser = await startChromium(this);
    execFileSync(process.execPath, ['scripts/web.mjs'], { stdio: 'ignore' });
    shop = await firm();
    app = await startTestProgram({ SITES: `sari:sari:${shop},savi:savi,safia:safia` });
    // Day and night, so that the talk does not depend on the hour of the test.
    const schedules = DAYS.map((day_of_week) => ({
      ...{ day_of_week, open_time: '00:00', close_time: '23:59', is_active: true },
    }));
    for (const division of ['sari', 'savi'])
      await app.call(`/api/admin/config/office-hours/${division}`, {
        method: 'PUT',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${app.person('sa').token}`,
        },
        body: JSON.stringify({ schedules: division === 'sari' ? schedules : [] }),
      });
  });
  after(async () => {
    for (const server of firms) server.close();
    await browser.close();
    await app.close();
  });

  async function visitor(viewport = DESKTOP): Promise<{ context: BrowserContext; page: Page }> {
    const context = await browser.newContext({ viewport, locale: 'id-ID', reducedMotion: 'reduce' });
    const page = await context.newPage();
    broken = [];
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', ({ message }) => broken.push(`script: ${message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') broken.push(`console: ${message.text()}`);
    });
    return { context, page };
  }
  const panel = (page: Page) => page.getByRole('dialog');
  const log = (page: Page) => panel(page).getByRole('log');
  async function ask(page: Page, text: string): Promise<void> {
    await panel(page).getByLabel('Pesan Anda').fill(text);
    await panel(page).getByLabel('Pesan Anda').press('Enter');
  }

  describe('has one heading, fits its width, axe and the console find nothing', () => {
    let at: { context: BrowserContext; page: Page };
    before(async () => {
      at = await visitor();
    });
    after(() => at.context.close());
    for (const path of PAGES)
      it(path, async () => {
        const { page } = at;
        broken = [];
        for (const viewport of [DESKTOP, PHONE, SMALL]) {
          await page.setViewportSize(viewport);
          await page.goto(app.url + path);
          await page.getByRole('button', { name: 'Buka chat' }).waitFor();
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (over > 0) broken.push(`${String(over)} px too wide at ${String(viewport.width)}`);
          if (viewport !== SMALL) broken.push(...(await axeFinds(page)));
        }
        expect(await page.locator('h1').count()).to.equal(1);
        expect(broken.join('\n')).to.equal('');
      });
  });

  it('asks nobody but itself, and nothing of the chat before it is opened', async () => {
    const { context, page } = await visitor();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${app.url}/`);
    await page.getByRole('button', { name: 'Buka chat' }).waitFor();
    expect(asked.filter((url) => !url.startsWith(app.url))).to.deep.equal([]);
    expect(asked.filter((url) => /panel|\/api\//.test(url))).to.deep.equal([]);
    expect(await context.cookies()).to.deep.equal([]);
    await context.close();
  });

  it('a visitor asks, doubts, gets a person from the dashboard, talks and rates', async () => {
    const { context, page } = await visitor();
    await page.goto(`${app.url}/layanan/kargo`);
    await page.getByRole('button', { name: 'Buka chat' }).click();
    await panel(page).getByRole('button', { name: 'Biaya pengiriman' }).click();
    await log(page).getByRole('list', { name: 'Keunggulan' }).waitFor();
    await log(page).getByRole('button', { name: 'Minta penawaran' }).waitFor();
    expect(await axeFinds(page)).to.deep.equal([]);
    await ask(page, 'apakah kalian menjual <img src=x onerror=alert(1)> pesawat bekas');
    await panel(page).getByText('Perlu verifikasi dari Admin?').waitFor();
    expect(await log(page).locator('img').count()).to.equal(0);
    await panel(page).getByRole('button', { name: 'Chat dengan Admin', exact: true }).last().click();
    await panel(page).getByRole('button', { name: 'Lanjut di sini' }).click();
    await panel(page)
      .getByText(/^Menunggu Admin · antrean ke-1/)
      .waitFor();

    const desk = await browser.newContext({ viewport: DESKTOP, locale: 'id-ID', serviceWorkers: 'block' });
    const agent = await desk.newPage();
    agent.setDefaultTimeout(PATIENCE_MS);
    const ticket = await eventually('the talk is in the inbox', async () => {
      const reply = await app.get('/api/admin/inbox?channel=web&division=sari', 'sa');
      return (reply.json.data['tickets'] as { id: string }[])[0]?.id;
    });
    await agent.goto(`${app.url}/app/login?next=/t/${ticket}`);
    await agent.fill('[name=email]', app.person('agent.sari').email);
    await agent.fill('[name=password]', STAFF_PASSWORD);
    await agent.click('button[type=submit]');
    await agent.waitForURL(/\/app\/t\//);
    // Online: the router gives the talk to who is there.
    await agent
      .getByRole('switch', { name: /^Status Anda/ })
      .first()
      .click();
    await panel(page).getByText('Admin bergabung').waitFor();
    const reply = agent.locator('textarea').first();
    await reply.fill('Selamat siang, saya bantu ya.');
    await reply.press('Control+Enter');
    await log(page).getByText('Selamat siang, saya bantu ya.').waitFor();
    await ask(page, 'Baik, terima kasih banyak atas bantuannya');
    await agent.getByText('Baik, terima kasih banyak atas bantuannya').first().waitFor();
    const closed = await app.post(`/api/admin/ticket/${ticket}/close`, { reason: 'selesai' }, 'agent.sari');
    expect(closed.status, closed.text).to.equal(200);
    await panel(page).getByRole('button', { name: 'Terbantu', exact: true }).click();
    await panel(page).getByRole('button', { name: 'Kirim penilaian' }).click();
    await panel(page).getByText('Terima kasih atas penilaiannya.').waitFor();
    expect(broken.join('\n')).to.equal('');

    // The next page has the same talk, and the keyboard leads out of it.
    await page.goto(`${app.url}/layanan/kargo`);
    await log(page).getByText('Selamat siang, saya bantu ya.').waitFor();
    await page.keyboard.press('Escape');
    await panel(page).waitFor({ state: 'hidden' });
    expect(await page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.className)).to.equal(
      'bubble',
    );
    await desk.close();
    await context.close();
  });

  it('a browser that keeps nothing has the chat all the same', async () => {
    const { context, page } = await visitor(PHONE);
    await context.addInitScript(() => {
      for (const name of ['localStorage', 'sessionStorage'])
        Object.defineProperty(globalThis, name, {
          get() {
            throw new DOMException('blocked', 'SecurityError');
          },
        });
    });
    await page.goto(`${app.url}/`);
    await page.getByRole('button', { name: 'Buka chat' }).click();
    await panel(page)
      .getByRole('button', { name: /^Kirim mobil/ })
      .click();
    await panel(page).getByRole('button', { name: 'Biaya kirim mobil' }).click();
    await log(page).getByRole('list', { name: 'Keunggulan' }).waitFor();
    const box = await panel(page).boundingBox();
    expect([box?.width, box?.height]).to.deep.equal([PHONE.width, PHONE.height]);
    await context.close();
  });

  it('a question of the address is offered and not sent', async () => {
    const { context, page } = await visitor();
    await page.goto(`${app.url}/layanan/mobil?q=biaya-kirim-%3Cb%3Emobil%3C/b%3E`);
    await eventually('the question stands there', async () =>
      (await panel(page).getByLabel('Pesan Anda').inputValue()) === 'biaya kirim <b>mobil</b>'
        ? true
        : undefined,
    );
    expect(await log(page).getByRole('listitem').count()).to.equal(1);
    await context.close();
  });

  it('out of hours a visitor leaves a message, and consents to be called', async () => {
    const { context, page } = await visitor(PHONE);
    await page.goto(`${app.url}/layanan/mobil`);
    await page.getByRole('button', { name: 'Buka chat' }).click();
    await panel(page).getByText('Di luar jam layanan').waitFor();
    await panel(page).getByRole('button', { name: 'Chat dengan Admin' }).click();
    await panel(page).getByRole('button', { name: 'Tinggalkan pesan' }).click();
    await panel(page).getByLabel('Nama').fill('Rina Kusuma');
    await panel(page).getByLabel('Nomor WhatsApp').fill('081234567890');
    await panel(page).getByLabel('Topik').fill('Kirim mobil');
    await panel(page).getByLabel('Pesan', { exact: true }).fill('Mohon penawaran untuk satu mobil.');
    await panel(page).getByRole('button', { name: 'Kirim pesan' }).click();
    // Without the tick nothing goes out.
    expect(await panel(page).getByText('Pesan kami terima').count()).to.equal(0);
    await panel(page).getByRole('checkbox').check();
    await panel(page).getByRole('button', { name: 'Kirim pesan' }).click();
    await panel(page).getByText('Pesan kami terima').waitFor();
    await panel(page).getByRole('button', { name: 'Pilihan lain' }).click();
    await panel(page).getByRole('button', { name: 'Hapus data saya' }).click();
    expect(await axeFinds(page)).to.deep.equal([]);
    await panel(page).getByRole('button', { name: 'Ya, hapus' }).click();
    await panel(page).waitFor({ state: 'hidden' });
    await context.close();
  });

  it('a page of another site has the chat in a frame, if SITES names it', async () => {
    const { context, page } = await visitor();
    await page.goto(shop);
    await page.getByRole('button', { name: 'Buka chat' }).click();
    const frame = page.frameLocator('iframe');
    await frame.getByRole('button', { name: 'Lama pengiriman' }).click();
    await frame.getByRole('list', { name: 'Keunggulan' }).waitFor();
    await frame.getByRole('button', { name: 'Tutup chat' }).click();
    await page.locator('iframe').waitFor({ state: 'hidden' });

    await page.goto(await firm());
    broken = [];
    await page.getByRole('button', { name: 'Buka chat' }).click();
    await eventually('the browser refuses the frame', async () =>
      broken.some((line) => line.includes('frame-ancestors')) ? true : undefined,
    );
    await context.close();
  });
});
