/** What is asked of those who plan visits: the board, one visit, how much a day takes; at a desktop and on a phone. */
import { expect } from 'chai';
import { posting } from '../../support/http/http.ts';
import { eventually } from '../../support/eventually.ts';
import { atBothWidths, DESKTOP, type World } from './world.ts';

const DAY_MS = 86_400_000;
/** A day of Jakarta, `YYYY-MM-DD`, so many days from now. */
const dayIn = (days: number): string =>
  new Date(Date.now() + 7 * 3_600_000 + days * DAY_MS).toISOString().slice(0, 10);

/** A visit that stands in the pool. @returns its id */
export async function openVisit(world: World, ticketId: string, day = dayIn(1)): Promise<string> {
  const { json } = await world.app.post(
    `/api/admin/ticket/${ticketId}/job`,
    {
      kind: 'survei_kargo',
      problem: 'Ukur volume barang sebelum dikirim',
      place: { address: 'Jalan Melati 7', district: 'Tebet', city: 'Jakarta Selatan', lat: -6.2, lng: 106.8 },
      window: { from: `${day}T09:00:00+07:00`, to: `${day}T10:00:00+07:00` },
      base_price: 450_000,
    },
    'dispatcher.sari',
  );
  return String(json.data['job_id']);
}

export function dispatch(world: World): void {
  describe('holds what is asked of the board of visits', () => {
    atBothWidths(
      'a visit: opened for a customer on the next free day, assigned, given back as one looks, cancelled',
      async (viewport) => {
        const [ticketId = ''] = await world.app.openTickets('sari', 1);
        const customerId = String((await world.ticket(ticketId))['customer_id']);
        const full = dayIn(1);
        const token = world.app.person('dispatcher.sari').token;
        const slots = { ...posting({ slots: 0 }, token), method: 'PUT' };
        expect((await world.app.call(`/api/admin/capacity/sari/${full}`, slots)).status).to.equal(200);

        const page = await world.as('dispatcher.sari', viewport);
        await world.open(page, `/customers/${customerId}`);
        await page.getByRole('button', { name: 'Pekerjaan baru' }).click();
        const dialog = page.getByRole('dialog');
        await dialog.locator('[name=kind]').selectOption('survei_kargo');
        await dialog.locator('[name=problem]').fill('Ukur volume barang');
        await dialog.locator('[name=day]').fill(full);
        await dialog.locator('[name=address]').fill('Jalan Melati 7');
        await dialog.locator('[name=district]').fill('Tebet');
        await dialog.locator('[name=city]').fill('Jakarta Selatan');
        await dialog.locator('[name=price]').fill('450000');
        await dialog.getByRole('button', { name: 'Buat pekerjaan' }).click();
        const free = dialog.getByRole('alert').getByRole('button');
        await free.first().click();
        const day = await dialog.locator('[name=day]').inputValue();
        expect(day > full, day).to.equal(true);
        await dialog.getByRole('button', { name: 'Buat pekerjaan' }).click();
        await page.waitForURL(/\/app\/jobs\/[0-9a-f-]{36}$/);
        const jobId = page.url().split('/').at(-1) ?? '';
        await world.stands(page, 'the visit', /^Survei kargo$/);

        await page.getByRole('button', { name: 'Tugaskan' }).click();
        await dialog.getByRole('radio', { name: /technician\.sari/ }).check();
        await dialog.getByRole('button', { name: 'Tugaskan' }).click();
        await page.getByRole('button', { name: 'Ganti teknisi' }).waitFor();
        await world.open(page, `/jobs?day=${day}`, /^Pekerjaan$/);
        await page.locator(`main a[href$="${jobId}"]`).getByText('technician.sari').waitFor();

        await page.locator(`main a[href$="${jobId}"]`).click();
        await page.getByRole('button', { name: 'Ganti teknisi' }).waitFor();
        await world.app.post(`/api/jobs/${jobId}/give-back`, { reason: 'Ban bocor' }, 'technician.sari');
        await page.getByRole('button', { name: 'Tugaskan' }).waitFor();

        await page.getByRole('button', { name: 'Batalkan' }).click();
        await dialog.locator('[name=reason]').fill('Pelanggan batal pindah');
        await dialog.getByRole('button', { name: 'Batalkan pekerjaan' }).click();
        await page.getByText('Pelanggan batal pindah').waitFor();
        expect(await page.getByRole('button', { name: 'Tugaskan' }).count()).to.equal(0);
      },
    );

    it('a letter goes up and is looked at; how much a day takes, and when somebody is away', async () => {
      const [ticketId = ''] = await world.app.openTickets('sari', 1);
      const jobId = await openVisit(world, ticketId, dayIn(5));
      const technician = world.app.person('technician.sari').id;
      await world.app.post(
        `/api/admin/jobs/${jobId}/assign`,
        { technician_id: technician },
        'dispatcher.sari',
      );
      const page = await world.as('dispatcher.sari', DESKTOP);
      await world.open(page, `/jobs/${jobId}`, /^Survei kargo$/);
      await page.setInputFiles('[name=file]', {
        name: 'surat.pdf',
        mimeType: 'application/pdf',
        buffer: Buffer.from('%PDF-1.4\n%%EOF\n'),
      });
      await page.locator('main li button:has-text("Surat tugas")').first().click();
      await page.getByRole('dialog').locator('a[download]').waitFor();

      await world.open(page, '/capacity', /^Kapasitas$/);
      await page.locator('main tbody tr').nth(3).getByRole('button').first().click();
      const dialog = page.getByRole('dialog');
      await dialog.locator('[name=slots]').fill('7');
      await dialog.getByRole('button', { name: 'Simpan' }).click();
      await page.locator('main tbody tr').nth(3).getByText('/7').waitFor();

      await page.locator('main li', { hasText: 'technician.sari' }).getByRole('button').click();
      await dialog.locator('[name=max_jobs_per_day]').fill('6');
      await dialog.locator('[name=from]').fill(dayIn(20));
      await dialog.locator('[name=to]').fill(dayIn(22));
      await dialog.getByRole('button', { name: 'Simpan' }).click();
      const known = await eventually('it is known', async () => {
        const { technicians } = (await world.data('/api/admin/technicians')) as {
          technicians: { id: string; max_jobs_per_day: number; leave: { from: string } | null }[];
        };
        return technicians.find(({ id, leave }) => id === technician && leave !== null);
      });
      expect(known).to.deep.include({ max_jobs_per_day: 6, leave: { from: dayIn(20), to: dayIn(22) } });
    });
  });
}
