/**
 * The dashboard in a real browser, against the real program: every screen at both widths and in both themes, looked at by
 * axe, what each role finds there (docs/design/dashboard.md#what-one-may-do), and administration. One program, one browser for each
 * file: `npm run test:web`.
 */
import { expect } from 'chai';
import { eventually } from '../../support/eventually.ts';
import { openVisit } from './dispatch.ts';
import { type Visit, WIDTHS, World } from './world.ts';

/** Every address, with a word that stands there when the screen does. */
const SCREENS = (
  ticket: string,
  user: string,
  customer: string,
  job: string,
): readonly (readonly [path: string, heading: RegExp])[] => [
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
  ['/customers', /^Pelanggan$/],
  [`/customers/${customer}`, /^Pelanggan\d+x$/],
  ['/jobs', /^Pekerjaan$/],
  [`/jobs/${job}`, /^Survei kargo$/],
  ['/jobs/figures', /^Angka kunjungan$/],
  ['/capacity', /^Kapasitas$/],
  ['/invoices', /^Tagihan$/],
  ['/ratings', /^Penilaian$/],
  ['/search?q=halo', /^Cari di percakapan$/],
  ['/share', /^Bagikan ke percakapan$/],
  ['/admin/quick-replies', /^Balasan cepat$/],
  ['/admin/channels', /^Channel$/],
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

describe('the dashboard in a browser', function () {
  this.timeout(180_000);
  const world = new World();
  let free = '';
  let taken = '';
  let customer = '';
  let job = '';

  before(async function () {
    await world.start(this);
    const { app } = world;
    [free = '', taken = ''] = await app.openTickets('sari', 2);
    await app.post(`/api/admin/ticket/${taken}/self-takeover`, {}, 'agent.sari');
    await world.app.post(
      `/api/admin/ticket/${taken}/reply`,
      { message: 'Halo, ada yang bisa dibantu?' },
      'agent.sari',
    );
    await world.app.post(
      `/api/admin/ticket/${taken}/internal-message`,
      { content: 'Minta diskon' },
      'agent.sari',
    );
    await world.app.post('/api/admin/tags', { name: 'penting', color: '#B42318' }, 'sa');
    customer = String((await world.ticket(taken))['customer_id']);
    job = await openVisit(world, taken);
  });
  after(() => world.stop());
  afterEach(function () {
    return world.tell(this);
  });

  describe('has one heading, fits its width, and axe finds nothing, desktop and phone, light and dark', () => {
    let at: Visit;
    before(async () => {
      at = await world.signedIn('sa');
    });
    after(() => at.context.close());

    for (const [index, [title, heading]] of SCREENS(':ticket', ':user', ':customer', ':job').entries())
      it(title, async () => {
        const { page } = at;
        const [path = ''] = SCREENS(taken, world.app.person('agent.sari').id, customer, job)[index] ?? [];
        world.broken = [];
        for (const [name, viewport] of WIDTHS) {
          await page.setViewportSize(viewport);
          await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
          await world.open(page, path, heading);
          for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
            await eventually('the theme is on', async () =>
              (await page.evaluate(() => document.documentElement.dataset['theme'])) === colorScheme
                ? true
                : undefined,
            );
            for (const one of await world.violations(page, colorScheme))
              world.broken.push(`${name} ${colorScheme}: ${one}`);
          }
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          if (over > 0) world.broken.push(`${name}: ${String(over)} px too wide`);
          const presence = page.getByRole('switch', { name: /^Status Anda/ });
          if (!(await presence.isVisible())) world.broken.push(`${name}: own presence is not in sight`);
        }
        expect(world.broken.join('\n')).to.equal('');
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
      ['many tickets', () => '/inbox', 'button[aria-label="Pilih banyak tiket"]', ['sa', 'tl', 'agent.sari']],
      ['customers', () => '/inbox', 'nav a[href="/app/customers"]', [...ROLES]],
      ['takeover', () => `/t/${free}`, 'button:has-text("AMBIL ALIH KE SAYA")', ['agent.sari']],
      ['notes', () => `/t/${taken}`, '[role=tab]:has-text("Internal")', ['sa', 'tl', 'agent.sari']],
      ['reply as Saga Team', () => `/t/${taken}`, 'button:has-text("Balas sebagai Saga Team")', ['sa']],
      ['a file', () => `/t/${taken}`, 'button[aria-label="Lampirkan berkas"]', ['agent.sari']],
      [
        'customer data',
        () => `/customers/${customer}`,
        'main [name=notes]:enabled',
        ['sa', 'tl', 'agent.sari'],
      ],
      [
        'offers',
        () => `/customers/${customer}`,
        'main button:has-text("promosi")',
        ['sa', 'tl', 'agent.sari'],
      ],
      ['visits of a customer', () => `/customers/${customer}`, 'main a[href*="/jobs/"]', ['sa', 'tl']],
      ['merging', () => `/customers/${customer}`, 'main button:has-text("Gabungkan")', ['sa', 'tl']],
      ['follow-up', () => '/inbox', 'nav a[href="/app/follow-up"]', ['sa', 'tl', 'agent.sari']],
      ['supervisor', () => '/inbox', 'nav a[href="/app/supervisor"]', ['sa', 'tl']],
      ['analytics', () => '/inbox', 'nav a[href="/app/analytics"]', ['sa', 'tl', 'agent.sari']],
      ['invoices', () => '/inbox', 'nav a[href="/app/invoices"]', ['sa', 'tl', 'agent.sari']],
      ['ratings', () => '/inbox', 'nav a[href="/app/ratings"]', ['sa', 'tl']],
      ['administration', () => '/inbox', 'nav a[href="/app/admin"]', ['sa', 'tl']],
      ['visits', () => '/jobs', 'main input[name=day]', ['sa', 'tl']],
      ['a new visit', () => '/jobs', 'button:has-text("Pekerjaan baru")', ['sa']],
      ['a visit', () => `/jobs/${job}`, 'main button:has-text("Tugaskan")', ['sa', 'tl']],
      ['a letter', () => `/jobs/${job}`, 'main button:has-text("Pilih berkas")', []],
      ['how much a day takes', () => '/capacity', 'main td button', ['sa']],
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
        const { context, page } = await world.signedIn(who);
        const seen: string[] = [];
        let at = '';
        for (const [what, path, selector] of ROWS) {
          if (path() !== at) {
            at = path();
            await world.open(page, at, /./);
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
    const { context, page } = await world.signedIn('sa');
    await world.open(page, '/admin/users', /^Pengguna$/);
    await page.click('button:has-text("Tambah pengguna")');
    await page.fill('[role=dialog] [name=name]', 'Dewi Baru');
    await page.fill('[role=dialog] [name=email]', 'dewi.baru@test.saga');
    await page.click('[role=dialog] button[type=submit]');
    await page.getByRole('heading', { level: 1, name: 'Dewi Baru' }).waitFor();
    await page.click('button[name=export]');
    await page.locator('section:has(button[name=export]) >> button:has-text("Simpan")').click();
    const dewi = await eventually('the privilege is there', async () => {
      const users = (await world.app.get('/api/admin/users', 'sa')).json.data['users'] as Record<
        string,
        unknown
      >[];
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
    const { context, page } = await world.signedIn('sa');
    await world.open(page, '/admin/office-hours', /^Jam operasional$/);
    await page.getByRole('radio', { name: 'SAVI' }).check({ force: true });
    await page.getByRole('switch', { name: 'Sabtu' }).click();
    await page.getByLabel('Sabtu, jam tutup').fill('1330');
    await page.locator('main button:has-text("Simpan")').click();
    const hours = await eventually('Saturday is open', async () => {
      const reply = await world.app.get('/api/admin/config/office-hours/savi', 'sa');
      const rows = reply.json.data['schedules'] as { day_of_week: number; close_time: string }[];
      return rows.find(({ day_of_week: day }) => day === 6);
    });
    expect(hours.close_time).to.equal('13:30');
    await context.close();
  });

  it('time travel: the slider and the keys lead to earlier moments, and two moments are compared', async () => {
    const { context, page } = await world.signedIn('tl');
    await world.open(page, `/t/${taken}/history`, /^Riwayat tiket /);
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

  it('can be installed: the manifest and its icons', async () => {
    const manifest = (await (await fetch(`${world.app.url}/app/manifest.webmanifest`)).json()) as {
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
      expect((await fetch(world.app.url + src)).headers.get('content-type'), src).to.equal('image/png');
  });
});
