/**
 * Field service from the first message of a customer to their stars, by everybody in a browser of their own
 * (docs/design/field-service.md#life-of-a-job): the customer, the dispatcher, two technicians on phones, and Sales.
 */
import { expect } from 'chai';
import type { BrowserContext, Page } from 'playwright-core';
import { eventually } from '../../support/eventually.ts';
import { STAFF_PASSWORD } from '../../support/http/app.ts';
import { type WeakNetwork, weakNetwork } from './weak-network.ts';
import { DESKTOP, PHONE, type Visit, type World } from './world.ts';

const HOUR_MS = 3_600_000;
const PLACE = { latitude: -6.1754, longitude: 106.8272, accuracy: 8 };
const NUMBER = '628117004321';
const DIGITS = NUMBER.slice(-4);
const CUSTOMER = { name: 'Budi Perkasa', address: 'Jl. Kenari 5, Gambir' };
const RIVAL = { name: 'Rini Wulandari', email: 'rini@test.saga' };
const PRICE = 450_000;
/** With 12 % of 11/12 of the price (docs/design/field-service.md#tax). */
const TOTAL = 499_500;

/** A weak phone network: bytes a second, and milliseconds until an answer begins. */
const SLOW = { offline: false, latency: 200, downloadThroughput: 100_000, uploadThroughput: 60_000 };

/** A picture as a camera names it, of so many bytes that differ from picture to picture. */
function picture(name: string, bytes: number, fill: number) {
  const head = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xda, 0, 2];
  const buffer = Buffer.concat([Buffer.from(head), Buffer.alloc(bytes, fill), Buffer.from([0xff, 0xd9])]);
  return { name, mimeType: 'image/jpeg', buffer };
}

interface Job {
  readonly status: string;
  readonly technician: { readonly id: string } | null;
  readonly arrival: { readonly verdict: string; readonly distance: number | null } | null;
  readonly documents: readonly { readonly kind: string }[];
}

/** Two hours before a visit the check-in is open; where the day of Jakarta ends before the visit does, it is on the next one. */
function soon(): { day: string; from: string; to: string } {
  const jakarta = (at: number): string => new Date(at + 7 * HOUR_MS).toISOString();
  const begin = Date.now() + HOUR_MS / 4;
  const [from, to] = [jakarta(begin), jakarta(begin + HOUR_MS / 2)];
  return from.slice(0, 10) === to.slice(0, 10)
    ? { day: from.slice(0, 10), from: from.slice(11, 16), to: to.slice(11, 16) }
    : { day: to.slice(0, 10), from: '00:01', to: '00:45' };
}

export function walk(world: World): void {
  describe('leads a customer from their registration to their rating', function () {
    // Six people, one after another.
    this.timeout(600_000);
    const contexts: BrowserContext[] = [];
    /** Between the technicians and the program. */
    let network: WeakNetwork;
    before(async () => {
      network = await weakNetwork(world.app.url);
    });
    after(async () => {
      await Promise.all(contexts.map((context) => context.close()));
      network.close();
    });

    async function somebody(visit: Promise<Visit>): Promise<Page> {
      const { context, page } = await visit;
      contexts.push(context);
      return page;
    }

    const job = async (id: string): Promise<Job> =>
      (await world.data(`/api/admin/jobs/${id}`, 'dispatcher.savi'))['job'] as Job;

    it('by WhatsApp, a visit that two technicians want, a slow network, an invoice, and two links', async () => {
      const ticketId = await registers();
      const office = await somebody(world.signedIn('dispatcher.savi', { viewport: DESKTOP }));
      const technicians = [
        await somebody(world.signedIn('technician.savi', { viewport: PHONE, at: network.url })),
        await somebody(newColleague()),
      ];
      const jobId = await opens(office);
      const { winner, loser } = await race(technicians, jobId);
      await works(winner, jobId);
      await office.getByRole('button', { name: 'Terima laporan' }).click();
      await office.getByText('Laporan diterima. Pekerjaan selesai.').waitFor();
      await winner.getByText('Laporan Anda diterima kantor.').waitFor();
      expect(await loser.locator(`a[href*="${jobId}"]`).count()).to.equal(0);
      const number = await bills(office);
      await pays(office, await linkOf(ticketId, 'i'), number);
      await rates(office, await linkOf(ticketId, 'r'));
      expect(world.broken.join('\n')).to.equal('');
    });

    /** @returns the ticket of the customer, who is known by their own words */
    async function registers(): Promise<string> {
      await world.app.webhook({
        ...{ event: 'message', sender: 'customer', channel: 'whatsapp', division: 'savi', bot_id: 'savi' },
        ...{ user_id: `wa_${NUMBER}`, message_id: 'walk-register', timestamp: new Date().toISOString() },
        message: `DAFTAR#${CUSTOMER.name}#${CUSTOMER.address}`,
      });
      return eventually('the customer is registered', async () => {
        const { tickets } = await world.data('/api/admin/inbox?division=savi');
        const ticket = (tickets as { id: string; customer_name: string }[]).find(
          ({ customer_name: name }) => name === CUSTOMER.name,
        );
        if (ticket === undefined) return undefined;
        const said = await world.said(ticket.id);
        return said.some(({ content }) => String(content).includes('sudah kami daftarkan'))
          ? ticket.id
          : undefined;
      });
    }

    /** Somebody who was hired this morning chooses a password of their own first. */
    async function newColleague(): Promise<Visit> {
      const password = 'kata sandi sementara';
      const hired = await world.app.post(
        '/api/admin/users',
        { ...RIVAL, password, role: 'technician', division: 'savi', must_change_password: true },
        'sa',
      );
      expect(hired.status, hired.text).to.equal(201);
      const visit = await world.visit({ viewport: PHONE });
      const { page } = visit;
      await page.goto(`${network.url}/app/login`);
      await page.fill('[name=email]', RIVAL.email);
      await page.fill('[name=password]', password);
      await page.click('button[type=submit]');
      await page.locator('[name=current_password]').fill(password);
      await page.locator('[name=new_password]').fill(STAFF_PASSWORD);
      await page.click('button[type=submit]');
      await page.waitForURL(/\/app\/pool/);
      return visit;
    }

    /** The dispatcher finds the customer and opens a visit to them. @returns its id; its page stays open */
    async function opens(office: Page): Promise<string> {
      await world.open(office, '/customers', /^Pelanggan$/);
      await office.locator('main [name=q]').fill(CUSTOMER.name);
      await office.getByRole('link', { name: new RegExp(CUSTOMER.name) }).click();
      await office.getByRole('button', { name: 'Pekerjaan baru' }).click();
      const dialog = office.getByRole('dialog');
      await dialog.locator('[name=kind]').selectOption('cek_mobil');
      expect(await dialog.locator('[name=address]').inputValue()).to.equal(CUSTOMER.address);
      const window = soon();
      await dialog.locator('[name=problem]').fill('Periksa mobil sebelum dikirim ke Medan');
      for (const name of ['day', 'from', 'to'] as const)
        await dialog.locator(`[name=${name}]`).fill(window[name]);
      await dialog.locator('[name=district]').fill('Gambir');
      await dialog.locator('[name=city]').fill('Jakarta Pusat');
      await dialog.locator('[name=point]').fill(`${String(PLACE.latitude)}, ${String(PLACE.longitude)}`);
      await dialog.locator('[name=price]').fill(String(PRICE));
      await dialog.getByRole('button', { name: 'Buat pekerjaan' }).click();
      await office.waitForURL(/\/app\/jobs\/[0-9a-f-]{36}$/);
      await world.stands(office, 'the visit', /^Pemeriksaan mobil$/);
      return office.url().split('/').at(-1) ?? '';
    }

    /** Both see it come by itself, and ask in the same moment. */
    async function race(pages: readonly Page[], jobId: string): Promise<{ winner: Page; loser: Page }> {
      let go: () => void = () => undefined;
      const both = new Promise<void>((resolve) => {
        go = resolve;
      });
      for (const page of pages) {
        await page.getByRole('button', { name: /^Ambil Pemeriksaan mobil di Gambir/ }).waitFor();
        expect(await page.locator('main').innerText()).not.to.match(/Budi|Kenari|Rp|4321/);
        // Nobody hears of the other until both have asked.
        await page.route('**/take', async (route) => {
          await both;
          await route.continue();
        });
      }
      await Promise.all(pages.map((page) => page.getByRole('button', { name: /^Ambil / }).click()));
      go();
      const first = world.app.person('technician.savi').id;
      const owner = await eventually('somebody has it', async () => (await job(jobId)).technician?.id);
      const [winner, loser] = owner === first ? pages : pages.toReversed();
      if (winner === undefined || loser === undefined) throw new Error('two technicians race');
      await loser.getByRole('alert').getByText('Pekerjaan ini sudah diambil teknisi lain.').waitFor();
      await loser.getByText('Belum ada pekerjaan').waitFor();
      await winner.getByText('Pekerjaan ini milik Anda.').waitFor();
      for (const page of pages) await page.unroute('**/take');
      return { winner, loser };
    }

    /** Check-in at the place, papers over a weak network, check-out. */
    async function works(page: Page, jobId: string): Promise<void> {
      await page.context().grantPermissions(['geolocation']);
      await page.context().setGeolocation(PLACE);
      await page.getByRole('navigation').getByRole('link', { name: 'Pekerjaan' }).click();
      await page.locator(`main a[href$="${jobId}"]`).click();
      await world.stands(page, 'the visit', /^Pemeriksaan mobil$/);
      await page.getByText(CUSTOMER.address).waitFor();
      await page.getByRole('button', { name: 'Check-in' }).click();
      await page.getByText('Di lokasi').waitFor();
      expect((await job(jobId)).arrival).to.include({ verdict: 'in', distance: 0 });
      await brings(page, jobId);
      await page.getByRole('button', { name: 'Check-out' }).click();
      await page.getByRole('dialog').locator('[name=note]').fill('Mobil siap dikirim');
      await page.getByRole('dialog').getByRole('button', { name: 'Check-out sekarang' }).click();
      await page.getByText('Laporan Anda sedang diperiksa kantor.').waitFor();
      expect((await job(jobId)).documents.map(({ kind }) => kind).sort()).to.deep.equal([
        ...['bast', 'bukti', 'foto'],
      ]);
    }

    async function brings(page: Page, jobId: string): Promise<void> {
      const phone = await page.context().newCDPSession(page);
      await phone.send('Network.enable');
      await phone.send('Network.emulateNetworkConditions', SLOW);
      const pick = (kind: string, file: ReturnType<typeof picture>) =>
        page.locator(`[name=${kind}-camera]`).setInputFiles(file);
      const again = (name: string) => page.getByRole('button', { name: `Unggah lagi ${name}` });
      const kinds = async () => (await job(jobId)).documents.map(({ kind }) => kind);

      // Progress is seen while it goes, and the network goes in the middle of it: nothing of it is there.
      await pick('bast', picture('bast.jpg', 240_000, 1));
      const bar = page.getByRole('progressbar', { name: 'Mengunggah bast.jpg' });
      await eventually('a part of it is up', async () => {
        const part = Number(await bar.getAttribute('value'));
        return part > 0.1 && part < 0.9 ? true : undefined;
      });
      network.cut();
      await again('bast.jpg').waitFor();
      expect(await kinds()).to.deep.equal([]);
      network.mend();
      await again('bast.jpg').click();
      await page.getByText('Laporan belum lengkap: Bukti.').waitFor();

      // It arrived, and the answer was lost: once more is still one.
      network.hush();
      await pick('bukti', picture('bukti.jpg', 60_000, 2));
      await eventually('it has arrived', async () => (await kinds()).includes('bukti') || undefined);
      network.cut();
      await again('bukti.jpg').waitFor();
      network.mend();
      await again('bukti.jpg').click();
      await again('bukti.jpg').waitFor({ state: 'detached' });
      await page.getByText('Laporan lengkap.').waitFor();

      // Picked twice, as one does who is not sure: the same picture is one.
      for (let n = 0; n < 2; n += 1) {
        const put = page.waitForResponse((answer) => answer.url().endsWith('/documents/foto'));
        await pick('foto', picture('mobil.jpg', 20_000, 3));
        expect((await put).status()).to.equal(200);
      }
      expect((await kinds()).sort()).to.deep.equal(['bast', 'bukti', 'foto']);
    }

    /** Drafted by the office, signed by Sales, issued and sent. @returns its number */
    async function bills(office: Page): Promise<string> {
      await office.getByRole('button', { name: 'Buat draf tagihan' }).click();
      await office.waitForURL(/\/app\/invoices\/[0-9a-f-]{36}$/);
      const id = office.url().split('/').at(-1) ?? '';
      await office.getByRole('button', { name: 'Minta persetujuan' }).click();
      await office.getByText('Menunggu persetujuan').waitFor();
      const sales = await somebody(world.signedIn('agent.savi', { viewport: PHONE }));
      await world.open(sales, '/notifications');
      await sales.locator(`main a[href$="/invoices/${id}"]`).first().click();
      await sales.getByRole('button', { name: 'Setujui' }).click();
      await sales.getByRole('dialog').getByRole('button', { name: 'Setujui' }).click();
      await sales.getByText('Disetujui oleh agent.savi').waitFor();
      await office.getByRole('button', { name: 'Terbitkan' }).click();
      await office.getByRole('dialog').getByRole('button', { name: 'Terbitkan' }).click();
      await world.stands(office, 'its number', /^INV\/SAVI\/\d{4}\/\d{6}$/);
      await office.getByRole('button', { name: 'Kirim tautan' }).click();
      await office.getByRole('button', { name: 'Kirim tautan lagi' }).waitFor();
      return (await office.locator('h1').innerText()).trim();
    }

    /** @returns the path of the newest link of that kind that the customer was sent */
    const linkOf = (ticketId: string, kind: 'i' | 'r'): Promise<string> =>
      eventually(`a link /${kind}/ in the talk`, async () =>
        (await world.said(ticketId))
          .map(({ content }) => new RegExp(`/${kind}/[\\w-]+`).exec(String(content))?.[0])
          .findLast(Boolean),
      );

    /** The customer opens the link on their own phone, where nobody is signed in. */
    async function pays(office: Page, link: string, number: string): Promise<void> {
      const customer = await somebody(world.visit({ viewport: PHONE }));
      await customer.goto(world.app.url + link);
      expect(await customer.locator('body').innerText()).not.to.match(/Budi|INV|499/);
      expect(await world.violations(customer, 'light')).to.deep.equal([]);
      await customer.fill('[name=digits]', DIGITS === '0000' ? '1111' : '0000');
      await customer.click('button');
      await customer.getByText('Empat angka terakhir nomor telepon tidak cocok.').waitFor();
      await customer.goto(world.app.url + link);
      await customer.fill('[name=digits]', DIGITS);
      await customer.click('button');
      await customer.getByRole('heading', { name: `Tagihan ${number}` }).waitFor();
      const sheet = await customer.locator('body').innerText();
      for (const text of [CUSTOMER.name, 'Rp499.500', 'Belum lunas']) expect(sheet).to.include(text);
      expect(await world.violations(customer, 'light')).to.deep.equal([]);
      const paper = customer.waitForEvent('download');
      await customer.getByRole('link', { name: 'Unduh PDF' }).click();
      expect((await paper).suggestedFilename()).to.equal(`${number.replaceAll('/', '-')}.pdf`);

      await office.getByRole('button', { name: 'Catat pembayaran' }).click();
      const dialog = office.getByRole('dialog');
      expect((await dialog.locator('[name=amount]').inputValue()).replaceAll('.', '')).to.equal(
        String(TOTAL),
      );
      await dialog.getByRole('button', { name: 'Catat' }).click();
      await office.getByText('Lunas').first().waitFor();
      await customer.reload();
      await customer.getByText('Lunas', { exact: true }).waitFor();
    }

    async function rates(office: Page, link: string): Promise<void> {
      const customer = await somebody(world.visit({ viewport: PHONE }));
      await customer.goto(world.app.url + link);
      expect(await world.violations(customer, 'light')).to.deep.equal([]);
      await customer.getByLabel('Teknisi').selectOption('5');
      await customer.getByLabel('Pelayanan tim kami').selectOption('4');
      await customer.getByLabel('Komentar (boleh kosong)').fill('Tepat waktu dan ramah');
      await customer.getByRole('button', { name: 'Kirim penilaian' }).click();
      await customer.getByText('Terima kasih atas penilaian Anda.').waitFor();
      await customer.reload();
      await customer.getByText('Penilaian untuk pekerjaan ini sudah kami terima.').waitFor();
      await world.open(office, '/ratings', /^Penilaian$/);
      await office.getByText('“Tepat waktu dan ramah”').waitFor();
    }
  });
}
