/** What is photographed: who looks, and how they get there. */
import type { Page } from 'playwright-core';

export interface Screen {
  readonly name: string;
  /** An account of the demo, without its domain; null: nobody is signed in. */
  readonly who: string | null;
  open(page: Page, base: string): Promise<void>;
}

const at =
  (path: string, ready: string) =>
  async (page: Page, base: string): Promise<void> => {
    await page.goto(`${base}/app${path}`);
    await page.waitForSelector(ready);
  };

const ticketOf =
  (customer: string, query = '') =>
  async (page: Page, base: string): Promise<void> => {
    await page.goto(`${base}/app/inbox?tab=all`);
    await page.click(`[data-ticket]:has-text("${customer}")`);
    await page.waitForSelector('[role=tabpanel] li');
    if (query !== '') await page.goto(`${page.url()}${query}`);
    await page.waitForSelector('[role=tabpanel] li');
  };

/** On a phone the third part is a tab. */
const crmOf =
  (customer: string) =>
  async (page: Page, base: string): Promise<void> => {
    await ticketOf(customer)(page, base);
    const tab = page.getByRole('tab', { name: 'Pelanggan & CRM' });
    if (await tab.isVisible()) await tab.click();
    await page.waitForSelector('[name=crm_stage]');
    await page.locator('[name=crm_stage]').scrollIntoViewIfNeeded();
  };

const clickOn =
  (open: Screen['open'], label: string | RegExp, ready: string) =>
  async (page: Page, base: string): Promise<void> => {
    await open(page, base);
    await page.getByRole('button', { name: label }).first().click();
    await page.waitForSelector(ready);
  };

/** A customer of whom there is most to see. */
const customerOf =
  (name: string) =>
  async (page: Page, base: string): Promise<void> => {
    await page.goto(`${base}/app/customers?q=${encodeURIComponent(name)}`);
    await page.click(`main a:has-text("${name}")`);
    await page.waitForSelector('main ol li');
  };

/** The newest that is not issued. */
const invoiceOf =
  () =>
  async (page: Page, base: string): Promise<void> => {
    await at('/invoices?invoice_status=draft', 'main a[href*="/invoices/"]')(page, base);
    await page.locator('main a[href*="/invoices/"]').first().click();
    await page.waitForSelector('main dl');
  };

const talk: Screen = { name: 'talk', who: 'agent1.sari', open: ticketOf('Budi Santoso') };
const inbox: Screen = { name: 'inbox', who: 'sa', open: at('/inbox', '[data-ticket]') };

export const SCREENS: readonly Screen[] = [
  { name: 'login', who: null, open: at('/login', '[name=email]') },
  { name: 'inbox-mine', who: 'agent1.sari', open: at('/inbox', '[data-ticket]') },
  talk,
  { name: 'notes', who: 'agent1.sari', open: ticketOf('Budi Santoso', '&layer=L2') },
  { name: 'free', who: 'agent1.sari', open: ticketOf('Siti Rahma') },
  { name: 'crm-sari', who: 'agent1.sari', open: crmOf('Budi Santoso') },
  { name: 'empty', who: 'agent1.sari', open: at('/inbox?tab=snoozed', 'text=Tidak ada yang ditunda') },
  { name: 'notifications', who: 'agent1.sari', open: at('/notifications', 'h1') },
  { name: 'profile', who: 'agent1.sari', open: at('/profile', 'text=Perangkat ini') },
  {
    name: 'account',
    who: 'agent1.sari',
    open: clickOn(at('/inbox', '[data-ticket]'), /^Menu akun/, '[role=dialog]'),
  },
  inbox,
  { name: 'filters', who: 'sa', open: clickOn(at('/inbox', '[data-ticket]'), 'Filter', '[name=channel]') },
  { name: 'crm-savi', who: 'sa', open: crmOf('Hendra Gunawan') },
  { name: 'crm-safia', who: 'sa', open: crmOf('Lina Marlina') },
  { name: 'closed', who: 'sa', open: ticketOf('Maria Ulfa') },
  { name: 'menu', who: 'sa', open: clickOn(ticketOf('Rudi Hartono'), 'Tindakan lain', '[role=menu]') },
  {
    name: 'assign',
    who: 'sa',
    open: async (page, base) => {
      await clickOn(ticketOf('Rudi Hartono'), 'Tindakan lain', '[role=menu]')(page, base);
      await page.getByRole('menuitem', { name: 'Assign ke Agent' }).click();
      await page.waitForSelector('[role=dialog]');
    },
  },
  { name: 'customers', who: 'sa', open: at('/customers', 'main ul li') },
  { name: 'customer', who: 'sa', open: customerOf('Budi Santoso') },
  {
    name: 'merge',
    who: 'sa',
    open: async (page, base) => {
      await clickOn(customerOf('Budi Santoso'), 'Gabungkan', '[role=dialog]')(page, base);
      await page.fill('[role=dialog] [name=q]', 'Siti');
      await page.locator('[role=dialog] [name=customer_id]').first().check();
      await page.waitForSelector('[role=dialog] [role=alert]');
    },
  },
  { name: 'opt-out', who: 'sa', open: clickOn(customerOf('Budi Santoso'), /promosi/, '[role=dialog]') },
  { name: 'search', who: 'sa', open: at('/search?q=kirim', 'mark') },
  {
    name: 'jobs',
    who: 'dispatcher.safia',
    open: at('/jobs', 'main section li, main [role=tabpanel], main h1 ~ *'),
  },
  {
    name: 'new-job',
    who: 'dispatcher.safia',
    open: async (page, base) => {
      await clickOn(at('/jobs', 'main'), 'Pekerjaan baru', '[role=dialog]')(page, base);
      await page.fill('[role=dialog] [name=q]', 'Lina');
      await page.locator('[role=dialog] li button').first().click();
      await page.waitForSelector('[role=dialog] [name=kind]');
    },
  },
  {
    name: 'job',
    who: 'dispatcher.safia',
    open: async (page, base) => {
      await at('/jobs', 'main li a[href*="/jobs/"]')(page, base);
      await page.locator('main li a[href*="/jobs/"]').first().click();
      await page.waitForSelector('main ol li');
    },
  },
  { name: 'job-figures', who: 'dispatcher.safia', open: at('/jobs/figures', 'main dl') },
  { name: 'pool', who: 'teknisi1.safia', open: at('/pool', 'main article, main p') },
  { name: 'my-jobs', who: 'teknisi1.safia', open: at('/my-jobs', 'main a[href*="/my-jobs/"]') },
  {
    name: 'my-job',
    who: 'teknisi1.safia',
    open: async (page, base) => {
      await at('/my-jobs', 'main a[href*="/my-jobs/"]')(page, base);
      await page.locator('main a[href*="/my-jobs/"]').first().click();
      await page.waitForSelector('[name=bast], main section h2');
    },
  },
  { name: 'invoices', who: 'dispatcher.safia', open: at('/invoices', 'main a[href*="/invoices/"]') },
  { name: 'invoice', who: 'dispatcher.safia', open: invoiceOf() },
  { name: 'revise', who: 'dispatcher.safia', open: clickOn(invoiceOf(), 'Ubah isi', '[role=dialog]') },
  { name: 'ratings', who: 'dispatcher.safia', open: at('/ratings', 'main fieldset') },
  { name: 'capacity', who: 'dispatcher.safia', open: at('/capacity', 'main tbody tr') },
  { name: 'follow-up', who: 'sa', open: at('/follow-up', 'main h1') },
  { name: 'blasts', who: 'sa', open: at('/blasts', 'main a[href*="/blasts/"]') },
  {
    name: 'new-blast',
    who: 'sa',
    open: async (page, base) => {
      await at('/blasts/new', '[name=category]')(page, base);
      await page.locator('[name=category]').first().check();
      await page.getByText(/cocok/).waitFor();
    },
  },
  {
    name: 'blast',
    who: 'sa',
    open: async (page, base) => {
      await at('/blasts', 'main a[href*="/blasts/"]:not([href$=new])')(page, base);
      await page.locator('main a[href*="/blasts/"]:not([href$=new])').first().click();
      await page.getByRole('heading', { name: /^Penerima/ }).waitFor();
    },
  },
  { name: 'analytics', who: 'sa', open: at('/analytics', 'text=/Closing rate/i') },
  { name: 'supervisor', who: 'sa', open: at('/supervisor', 'main h2') },
  { name: 'chatbot', who: 'sa', open: at('/analytics/chatbot', 'main h2') },
  {
    name: 'history',
    who: 'sa',
    open: async (page, base) => {
      await ticketOf('Budi Santoso')(page, base);
      await page.goto(`${page.url().split('?')[0] ?? ''}/history`);
      await page.waitForSelector('input[type=range]');
    },
  },
  { name: 'users', who: 'sa', open: at('/admin/users', 'main ul li') },
  { name: 'privileges', who: 'sa', open: at('/admin/privileges', 'main [role=switch]') },
  { name: 'office-hours', who: 'sa', open: at('/admin/office-hours', 'main [role=switch]') },
  { name: 'tags', who: 'sa', open: at('/admin/tags', 'main ul li') },
  { name: 'templates', who: 'sa', open: at('/admin/templates', 'main ul li') },
  { name: 'faq', who: 'sa', open: at('/admin/faq', 'main h2, main ul li') },
  { name: 'dead-letters', who: 'sa', open: at('/admin/dead-letters', 'main h1') },
  { name: 'audit', who: 'sa', open: at('/admin/audit', 'main li') },
  { name: 'health', who: 'sa', open: at('/admin/projections', 'main [role=status]') },
  { name: 'quick-replies', who: 'sa', open: at('/admin/quick-replies', 'main ul li, main h1 ~ *') },
  { name: 'channels', who: 'sa', open: at('/admin/channels', 'main ul li') },
  {
    name: 'many',
    who: 'sa',
    open: async (page, base) => {
      await clickOn(at('/inbox', '[data-ticket]'), 'Pilih banyak tiket', 'text=0 terpilih')(page, base);
      for (const n of [0, 1, 2]) await page.locator('li [type=checkbox]').nth(n).check();
    },
  },
  {
    name: 'palette',
    who: 'sa',
    open: async (page, base) => {
      await at('/inbox', '[data-ticket]')(page, base);
      await page.keyboard.press('Control+k');
      await page.fill('[role=dialog] [name=q]', 'an');
    },
  },
  {
    name: 'composer',
    who: 'agent1.sari',
    open: async (page, base) => {
      await ticketOf('Budi Santoso')(page, base);
      await page.setInputFiles('[name=file]', [
        {
          name: 'penawaran-batam-jakarta.pdf',
          mimeType: 'application/pdf',
          buffer: Buffer.from('%PDF-1.4\n%%EOF'),
        },
        { name: 'pemasang.exe', mimeType: 'application/x-msdownload', buffer: Buffer.from('MZ') },
      ]);
      await page.locator('[role=tabpanel] li button[aria-haspopup=menu]').first().click({ force: true });
      await page.getByRole('menuitem', { name: 'Balas pesan ini' }).click();
      await page.locator('[name=message]').fill('Berikut penawarannya, Pak.');
    },
  },
  {
    name: 'slash',
    who: 'agent1.sari',
    open: async (page, base) => {
      await ticketOf('Budi Santoso')(page, base);
      await page.locator('[name=message]').fill('/');
      await page.waitForTimeout(500);
    },
  },
  { name: 'share', who: 'agent1.sari', open: at('/share', 'h1') },
  { name: 'viewer', who: 'viewer.sari', open: ticketOf('Budi Santoso') },
];

interface Picture {
  readonly screen: Screen;
  readonly width: 'desktop' | 'phone';
  readonly theme: 'light' | 'dark';
  readonly file: string;
}

/** Those that the README shows. */
export const README: readonly Picture[] = [
  { screen: talk, width: 'desktop', theme: 'light', file: 'talk.png' },
  { screen: talk, width: 'phone', theme: 'dark', file: 'talk-phone.png' },
];
