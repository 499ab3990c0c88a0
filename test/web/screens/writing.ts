/** What one writes to a customer and about them: files, quotes, quick replies, undo; search, many tickets at once, customers. */
import { expect } from 'chai';
import { eventually } from '../../support/eventually.ts';
import { atBothWidths, type World } from './world.ts';

const PDF = { name: 'penawaran.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4\n%%EOF\n') };

export function writing(world: World): void {
  describe('writes to customers and finds what was said', () => {
    before(() =>
      world.app.post(
        '/api/admin/quick-replies',
        { shortcut: 'salam', title: 'Salam', body: 'Halo {{name}}, saya {{agent_name}}.' },
        'sa',
      ),
    );

    atBothWidths(
      'files: refused before a byte leaves, uploaded, sent with a quote, shown by their signed address',
      async (viewport) => {
        const id = await world.ticketOf('agent.sari');
        const [asked] = await world.said(id);
        const page = await world.as('agent.sari', viewport);
        await world.open(page, `/t/${id}`);
        const uploads: string[] = [];
        const watch = (request: { url(): string }): void => {
          if (request.url().endsWith('/media')) uploads.push(request.url());
        };
        page.on('request', watch);
        await page.setInputFiles('[name=file]', { ...PDF, name: 'pemasang.exe' });
        await page.getByRole('alert').filter({ hasText: 'Program dan skrip tidak boleh dikirim' }).waitFor();
        expect(uploads).to.deep.equal([]);
        await page.getByRole('button', { name: 'Buang pemasang.exe' }).click();
        await page.setInputFiles('[name=file]', PDF);
        await page.getByRole('button', { name: 'Buang penawaran.pdf' }).waitFor();
        await page.locator(`#m-${String(asked?.['id'])}`).hover();
        await page.locator(`#m-${String(asked?.['id'])} button[aria-haspopup=menu]`).click();
        await page.getByRole('menuitem', { name: 'Balas pesan ini' }).click();
        await page.getByRole('button', { name: 'Jangan kutip' }).waitFor();
        await page.locator('textarea[name=message]').fill('Ini penawarannya.');
        await page.locator('textarea[name=message]').press('Control+Enter');
        const reply = await eventually('it is said', async () =>
          (await world.said(id)).find(({ attachments }) => (attachments as unknown[]).length === 1),
        );
        expect(reply['reply_to']).to.include({ id: asked?.['id'] });
        expect(String(reply['content'])).to.include('Ini penawarannya.');
        const link = page.getByRole('tabpanel').getByRole('link', { name: /penawaran\.pdf/ });
        await link.waitFor();
        expect(await link.getAttribute('href')).to.match(/^\/api\/files\//);
        expect(uploads).to.have.length(1);
        page.off('request', watch);
      },
    );

    atBothWidths('an upload is stopped, and one that failed goes up again', async (viewport) => {
      const id = await world.ticketOf('agent.sari');
      const page = await world.as('agent.sari', viewport);
      await world.open(page, `/t/${id}`);
      let wait = true;
      await page.route('**/media', async (route) => {
        // Never answered while it waits: the person stops it.
        if (!wait) await route.abort('connectionreset');
      });
      await page.setInputFiles('[name=file]', PDF);
      await page.getByRole('button', { name: 'Batalkan penawaran.pdf' }).click();
      await page.getByRole('list', { name: 'Berkas untuk pelanggan' }).waitFor({ state: 'detached' });
      wait = false;
      await page.setInputFiles('[name=file]', PDF);
      await page.getByRole('alert').filter({ hasText: 'Server tidak dapat dihubungi' }).waitFor();
      await page.unroute('**/media');
      await page.getByRole('button', { name: 'Unggah lagi penawaran.pdf' }).click();
      await page.getByRole('button', { name: 'Buang penawaran.pdf' }).waitFor();
      await page.getByText('1 KB').waitFor();
      await page.getByRole('button', { name: 'Buang penawaran.pdf' }).click();
    });

    atBothWidths('quick replies: / finds them by keys, and the customer is filled in', async (viewport) => {
      const id = await world.ticketOf('agent.sari');
      const { customer_name: name } = await world.ticket(id);
      const page = await world.as('agent.sari', viewport);
      await world.open(page, `/t/${id}`);
      const box = page.locator('textarea[name=message]');
      await box.fill('/sal');
      await page.getByRole('option', { name: /salam/ }).waitFor();
      await box.press('Enter');
      expect(await box.inputValue()).to.equal(`Halo ${String(name)}, saya agent.sari.`);
      await box.fill('');
    });

    atBothWidths('undo: for ten seconds nothing has gone out, and z takes it back', async (viewport) => {
      const id = await world.ticketOf('other.savi');
      const { context, page } = await world.signedIn('other.savi', { viewport, hold: true });
      await world.open(page, `/t/${id}`);
      const box = page.locator('textarea[name=message]');
      await box.fill('Salah kirim');
      await box.press('Control+Enter');
      await page.getByText(/Dikirim dalam \d+ detik/).waitFor();
      await box.press('Escape');
      await page.keyboard.press('z');
      expect(await box.inputValue()).to.equal('Salah kirim');
      await box.fill('Sudah benar');
      await box.press('Control+Enter');
      await page.getByRole('button', { name: 'Kirim sekarang' }).click();
      await eventually('it went', async () =>
        (await world.said(id)).some(({ content }) => content === 'Sudah benar'),
      );
      await box.press('Escape');
      await page.keyboard.press('e');
      await page.getByRole('dialog').getByRole('button', { name: 'Tutup tiket' }).click();
      await page.getByRole('button', { name: 'Urungkan' }).click();
      await page.getByText('Tiket tetap terbuka.').waitFor();
      expect((await world.said(id)).filter(({ content }) => content === 'Salah kirim')).to.deep.equal([]);
      expect((await world.ticket(id))['status']).not.to.equal('closed');
      await context.close();
    });

    atBothWidths('search: what was said is found and leads to its message', async (viewport) => {
      const id = await world.ticketOf('agent.sari');
      const word = `zamrud${String(viewport.width)}`;
      await world.writes(id, `Warnanya ${word} tua`);
      await world.app.post(
        `/api/admin/ticket/${id}/internal-message`,
        { content: `Catatan ${word}` },
        'agent.sari',
      );
      const page = await world.as('agent.sari', viewport);
      await eventually('the words are known', async () => {
        const { hits } = await world.data(`/api/admin/search?q=${word}`, 'agent.sari');
        return (hits as unknown[]).length === 2;
      });
      await world.open(page, '/profile');
      await page.locator('h1').click();
      await page.keyboard.press('/');
      await page.waitForURL(/\/app\/search/);
      await page.locator('main [name=q]').fill(word);
      await page.getByRole('link', { name: new RegExp(`Warnanya ${word}`) }).waitFor();
      await page.getByText('Catatan internal').waitFor();
      await page.getByRole('link', { name: new RegExp(`Warnanya ${word}`) }).click();
      await page.waitForURL(/message=/);
      await page.locator('li[id^="m-"]:focus').getByText(`Warnanya ${word} tua`).waitFor();
    });

    it('who types and opens a row at once is not led back to the list', async () => {
      const id = await world.ticketOf('agent.sari');
      const { customer_id: customer, customer_name: name } = await world.ticket(id);
      const { context, page } = await world.signedIn('sa');
      await page.clock.install();
      let arrive: () => void = () => undefined;
      const arrived = new Promise<void>((resolve) => {
        arrive = resolve;
      });
      // The page of a customer is on its way while the typing settles.
      await page.route('**/customer-page-*.js', async (route) => {
        await arrived;
        await route.continue();
      });
      await world.open(page, '/customers', /^Pelanggan$/);
      const row = page.getByRole('link', { name: new RegExp(String(name)) });
      await row.waitFor();
      await page.clock.pauseAt(Date.now() + 60_000);
      await page.locator('main [name=q]').fill('x');
      await row.click();
      await page.clock.fastForward(2_000);
      await page.clock.resume();
      arrive();
      await page.waitForURL(new RegExp(`/customers/${String(customer)}`));
      await world.stands(page, 'the customer', new RegExp(`^${String(name)}$`));
      await context.close();
    });

    atBothWidths('many tickets at once: chosen by key and by box, tagged in one go', async (viewport) => {
      const ids = await world.app.openTickets('safia', 3);
      const page = await world.as('sa', viewport);
      await world.open(page, '/inbox?tab=free&division=safia');
      await page.locator(`[data-ticket="${ids[0] ?? ''}"]`).focus();
      await page.keyboard.press('x');
      await page.getByText('1 terpilih').waitFor();
      await page
        .locator('li')
        .filter({ has: page.locator(`[data-ticket="${ids[1] ?? ''}"]`) })
        .getByRole('checkbox')
        .check();
      await page.getByText('2 terpilih').waitFor();
      await page.getByRole('button', { name: 'Beri tag yang terpilih' }).click();
      await page.getByRole('dialog').locator('[name=tag]').fill('massal');
      await page.getByRole('dialog').getByRole('button', { name: 'Ubah tag' }).click();
      await page.getByText('2 tiket diubah.').waitFor();
      const tags = await Promise.all(ids.map(async (id) => (await world.ticket(id))['tags']));
      expect(tags).to.deep.equal([['massal'], ['massal'], []]);
    });

    atBothWidths('a customer: notes are kept, no offers any more, and two become one', async (viewport) => {
      const [one, two] = [await world.ticketOf('agent.sari'), await world.ticketOf('agent.sari')];
      const first = await world.ticket(one);
      const second = await world.ticket(two);
      const page = await world.as('tl', viewport);
      await world.open(page, `/customers?q=${String(first['customer_name'])}`);
      await page
        .getByRole('link', { name: new RegExp(String(first['customer_name'])) })
        .first()
        .click();
      await page.waitForURL(new RegExp(`/customers/${String(first['customer_id'])}`));
      await page.locator('[name=notes]').fill('Lebih suka ditelepon sore.');
      await page.getByRole('button', { name: 'Simpan' }).click();
      await page.getByText('Data pelanggan disimpan.').waitFor();
      await page.getByRole('button', { name: 'Catat tidak mau promosi' }).click();
      await page.getByRole('dialog').locator('[name=reason]').fill('Diminta lewat telepon');
      await page.getByRole('dialog').getByRole('button', { name: 'Catat' }).click();
      await page.getByText('Tidak mau promosi', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Gabungkan' }).click();
      await page.getByRole('dialog').locator('[name=q]').fill(String(second['customer_name']));
      await page.getByRole('radio', { name: new RegExp(String(second['customer_name'])) }).check();
      await page.getByText('Ini tidak dapat dibatalkan.').waitFor();
      await page.getByRole('button', { name: 'Gabungkan untuk selamanya' }).click();
      await page.getByText('Kedua pelanggan kini satu.').waitFor();
      const { customer } = await world.data(`/api/admin/customer/${String(second['customer_id'])}`);
      expect(customer).to.include({ id: first['customer_id'], notes: 'Lebih suka ditelepon sore.' });
      expect((customer as { opted_out: unknown }).opted_out).not.to.equal(null);
    });
  });
}
