/** What is asked of a technician's phone, of invoices and of ratings (docs/design/dashboard-app.md#visits-on-a-phone). */
import { expect } from 'chai';
import { bearer, posting, type Reply } from '../../support/http/http.ts';
import { eventually } from '../../support/eventually.ts';
import { atBothWidths, PHONE, type World } from './world.ts';

const HOUR_MS = 3_600_000;
const PLACE = { lat: -6.1754, lng: 106.8272 };
const PICTURE = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xda, 0, 2, 0, 0xff, 0xd9]);
const PAPER = Buffer.from('%PDF-1.4\n%%EOF\n');
const TECHNICIAN = 'technician.safia';
const OFFICE = 'dispatcher.safia';
const file = (name: string, mimeType: string, buffer: Buffer) => ({ name, mimeType, buffer });

/** A visit of safia in the pool, which begins in so many hours. @returns it and the ticket that it comes from */
async function pooled(world: World, inHours: number): Promise<{ id: string; ticketId: string }> {
  const [ticketId = ''] = await world.app.openTickets('safia', 1);
  const from = Date.now() + inHours * HOUR_MS;
  const reply = await world.app.post(
    `/api/admin/ticket/${ticketId}/job`,
    {
      ...{ kind: 'survei_pindahan', problem: 'Ukur isi rumah', base_price: 500_000 },
      place: { address: 'Jalan Melati 5', district: 'Gambir', city: 'Jakarta Pusat', ...PLACE },
      window: { from: new Date(from).toISOString(), to: new Date(from + HOUR_MS / 4).toISOString() },
    },
    OFFICE,
  );
  return { id: said(reply)['job_id'] as string, ticketId };
}

function said({ status, text, json }: Reply): Record<string, unknown> {
  expect(status, text).to.be.lessThan(300);
  return json.data;
}

/** A visit whose report was accepted, without a browser. */
async function completed(world: World, inHours: number): Promise<{ id: string; ticketId: string }> {
  const visit = await pooled(world, inHours);
  const at = `/api/jobs/${visit.id}`;
  said(await world.app.post(`${at}/take`, {}, TECHNICIAN));
  said(await world.app.post(`${at}/check-in`, { ...PLACE, accuracy: 5 }, TECHNICIAN));
  said(await world.app.post(`${at}/check-out`, {}, TECHNICIAN));
  for (const kind of ['bast', 'bukti'])
    said(
      await world.app.call(`${at}/documents/${kind}`, {
        method: 'PUT',
        headers: { ...bearer(world.app.person(TECHNICIAN).token), 'content-type': 'image/jpeg' },
        body: new Uint8Array(PICTURE),
      }),
    );
  said(await world.app.post(`/api/admin/jobs/${visit.id}/accept`, {}, OFFICE));
  return visit;
}

export function visits(world: World): void {
  describe('holds what is asked of visits on a phone, of invoices and of ratings', () => {
    it('a technician lands in the pool, is too late for one, makes another, far off and with a bad connection', async () => {
      const [lost, made] = [await pooled(world, 4), await pooled(world, 0.1)];
      const { context, page } = await world.signedIn(TECHNICIAN, { viewport: PHONE });
      await context.grantPermissions(['geolocation']);
      await context.setGeolocation({ latitude: -6.3, longitude: PLACE.lng, accuracy: 10 });
      await world.stands(page, 'the pool', /^Pool pekerjaan$/);
      expect(
        await page.locator('nav a').evaluateAll((all) => all.map((one) => one.getAttribute('href'))),
      ).to.deep.equal(['/app/pool', '/app/my-jobs', '/app/notifications']);
      expect(await world.violations(page, 'light')).to.deep.equal([]);
      expect(await page.locator('main').innerText()).to.not.match(/Melati|Pelanggan|Rp/);

      // The stream does not tell of it: the refusal does.
      await context.route('**/api/stream**', (route) => route.abort());
      await page.reload();
      const rival = said(
        await world.app.post(
          '/api/admin/users',
          {
            ...{ name: 'Rival', email: 'rival@test.saga', password: 'kata sandi sementara' },
            ...{ role: 'technician', division: 'safia' },
          },
          'sa',
        ),
      )['user_id'];
      await page
        .getByRole('button', { name: /^Ambil / })
        .nth(1)
        .waitFor();
      said(await world.app.post(`/api/admin/jobs/${lost.id}/assign`, { technician_id: rival }, OFFICE));
      await page
        .getByRole('button', { name: /^Ambil / })
        .nth(1)
        .click();
      await page.getByRole('alert').getByText('sudah diambil').waitFor();
      await eventually('the row is gone', async () =>
        (await page.getByRole('button', { name: /^Ambil / }).count()) === 1 ? true : undefined,
      );
      await context.unroute('**/api/stream**');
      await page.getByRole('button', { name: /^Ambil / }).click();
      await page.getByRole('button', { name: 'Buka' }).click();
      await world.stands(page, 'the visit', /^Survei pindahan$/);
      expect(page.url()).to.include(`/my-jobs/${made.id}`);
      await page.locator('a[href^="tel:+"]').waitFor();
      await page.locator('a[href^="https://wa.me/"]').waitFor();
      expect(await page.locator('a:has-text("Buka peta")').getAttribute('href')).to.include('-6.1754');
      expect(await world.violations(page, 'light')).to.deep.equal([]);

      await page.getByRole('button', { name: 'Check-in' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.locator('[name=note]').fill('Pelanggan minta bertemu di gudang');
      await dialog.locator('[name=photo-camera]').setInputFiles(file('gudang.jpg', 'image/jpeg', PICTURE));
      await dialog.getByText('Foto terunggah').waitFor();
      await dialog.getByRole('button', { name: 'Kirim check-in' }).click();
      await page.getByText('Di luar lokasi').waitFor();

      await context.setOffline(true);
      await page.locator('[name=bast]').setInputFiles(file('bast.pdf', 'application/pdf', PAPER));
      await page.getByRole('button', { name: 'Unggah lagi bast.pdf' }).waitFor();
      await page.getByRole('button', { name: 'Check-out' }).click();
      await dialog.getByRole('button', { name: 'Check-out sekarang' }).click();
      await page.getByText('tersimpan di ponsel ini').waitFor();
      await context.setOffline(false);
      await page.getByRole('button', { name: 'Unggah lagi bast.pdf' }).click();
      await page.getByRole('button', { name: 'Kirim lagi' }).click();
      await page.getByText('Laporan Anda sedang diperiksa kantor.').waitFor();
      await page.locator('[name=bukti-camera]').setInputFiles(file('bukti.jpg', 'image/jpeg', PICTURE));
      await page.getByText('Laporan lengkap.').waitFor();
      const { job } = (await world.data(`/api/admin/jobs/${made.id}`, OFFICE)) as {
        job: { status: string; arrival: { verdict: string; note: string }; documents: { kind: string }[] };
      };
      expect(job).to.deep.include({ status: 'done' });
      expect(job.arrival).to.include({ verdict: 'out', note: 'Pelanggan minta bertemu di gudang' });
      expect(job.documents.map(({ kind }) => kind).sort()).to.deep.equal(['bast', 'bukti', 'foto']);
      said(await world.app.post(`/api/admin/jobs/${made.id}/accept`, {}, OFFICE));
      await page.getByText('Laporan Anda diterima kantor.').waitFor();

      await world.open(page, '/my-jobs', /^Pekerjaan saya$/);
      expect(await world.violations(page, 'light')).to.deep.equal([]);
      await world.open(page, '/profile', /^Profil/);
      await page.getByRole('button', { name: 'Buat kode' }).click();
      await page.getByText(/^\/start \w+$/).waitFor();
      await world.open(page, '/inbox', /^Pool pekerjaan$/);
      await context.close();
    });

    // Apart from each other: whoever drives needs half an hour in between.
    let hours = 0.1;
    atBothWidths(
      'an invoice: changed under who signs it, signed by another person, issued, paid with tax withheld',
      async (viewport) => {
        hours += 0.9;
        const { id: jobId, ticketId } = await completed(world, hours);
        const drafted = said(await world.app.post(`/api/admin/jobs/${jobId}/invoice`, {}, OFFICE));
        const id = (drafted['invoice'] as { id: string }).id;
        const office = await world.as(OFFICE, viewport);
        await world.open(office, `/invoices/${id}`, /^Tagihan /);
        expect(await world.violations(office, 'light')).to.deep.equal([]);
        await office.getByRole('button', { name: 'Ubah isi' }).click();
        await office.getByRole('dialog').locator('[name="lines.0.discount"]').fill('50000');
        await office.getByRole('dialog').getByRole('button', { name: 'Simpan' }).click();
        await office.getByText('Revisi 2', { exact: true }).waitFor();
        await office.getByRole('button', { name: 'Minta persetujuan' }).click();
        await office.getByText('Menunggu persetujuan').waitFor();
        expect(await office.getByRole('button', { name: 'Setujui' }).count()).to.equal(0);

        const sales = await world.as('agent.safia', viewport);
        await world.open(sales, '/notifications');
        await sales.locator(`main a[href$="/invoices/${id}"]`).first().click();
        await sales.getByRole('button', { name: 'Setujui' }).click();
        const lines = [{ description: 'Survei dua rumah', unit_price: 500_000 }];
        said(await world.app.patch(`/api/admin/invoices/${id}`, { lines }, OFFICE));
        said(await world.app.post(`/api/admin/invoices/${id}/submit`, {}, OFFICE));
        await sales.getByRole('dialog').getByRole('button', { name: 'Setujui' }).click();
        await sales.getByRole('alert').getByText('sudah berubah').waitFor();
        await sales.getByRole('dialog').waitFor({ state: 'hidden' });
        await sales.getByText('Survei dua rumah').waitFor();
        await sales.getByRole('button', { name: 'Setujui' }).click();
        await sales.getByRole('dialog').getByRole('button', { name: 'Setujui' }).click();
        await sales.getByText('Disetujui oleh agent.safia').waitFor();
        expect(await sales.getByRole('button', { name: 'Terbitkan' }).count()).to.equal(0);

        await world.open(office, `/invoices/${id}`, /^Tagihan /);
        const dialog = office.getByRole('dialog');
        await office.getByRole('button', { name: 'Terbitkan' }).click();
        await dialog.getByRole('button', { name: 'Terbitkan' }).click();
        await world.stands(office, 'its number', /^INV\/SAFIA\/\d{4}\/\d{6}$/);
        await office.getByRole('button', { name: 'Kirim tautan' }).click();
        await office.getByRole('button', { name: 'Kirim tautan lagi' }).waitFor();
        const total = 555_000;
        await office.getByRole('button', { name: 'Catat pembayaran' }).click();
        await dialog.locator('[name=amount]').fill(String(total));
        await dialog.locator('[name=withheld]').fill('10000');
        await dialog.getByRole('button', { name: 'Catat' }).click();
        await dialog.locator('[name=amount][aria-invalid=true]').waitFor();
        await dialog.locator('[name=amount]').fill(String(total - 10_000));
        await dialog.getByRole('button', { name: 'Catat' }).click();
        await office.getByText('Lunas').first().waitFor();
        const { invoice } = (await world.data(`/api/admin/invoices/${id}`, OFFICE)) as {
          invoice: { status: string; outstanding: number; withheld: number };
        };
        expect(invoice).to.include({ status: 'paid', outstanding: 0, withheld: 10_000 });

        const link = await eventually('the customer is asked how it was', async () =>
          (await world.said(ticketId))
            .map(({ content }) => /\/r\/[\w-]+/.exec(String(content))?.[0])
            .find(Boolean),
        );
        said(await world.app.call(link, posting({ technician: 5, service: 4, comment: 'Rapi dan cepat' })));
        await world.open(office, '/ratings', /^Penilaian$/);
        await office.getByText('“Rapi dan cepat”').first().waitFor();
        await office.getByRole('button', { name: /technician\.safia/ }).click();
        await office.waitForURL(/technician=/);
        expect(await world.violations(office, 'light')).to.deep.equal([]);
      },
    );
  });
}
