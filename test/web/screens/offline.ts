/** The network goes in the middle of the work: nothing typed is lost, and what was said goes out once and in order. */
import { expect } from 'chai';
import { eventually } from '../../support/eventually.ts';
import { STAFF_PASSWORD } from '../../support/http/app.ts';
import { type WeakNetwork, weakNetwork } from './weak-network.ts';
import { PATIENCE_MS, PHONE, type World } from './world.ts';

export function offline(world: World): void {
  describe('works on without the network', () => {
    let network: WeakNetwork;
    before(async () => {
      network = await weakNetwork(world.app.url);
    });
    after(() => network.close());

    it('replies, notes, tags and CRM data wait, survive a reload, and go out once and in order', async () => {
      const id = await world.ticketOf('other.sari');
      const { context, page } = await world.signedIn('other.sari', { worker: true });
      await eventually('the worker has the shell', () =>
        page.evaluate(
          async () => (await navigator.serviceWorker.getRegistration('/app/'))?.active?.state === 'activated',
        ),
      );
      await world.open(page, `/t/${id}`);
      const reply = page.locator('textarea[name=message]');
      await reply.waitFor();
      await page.locator('[name=crm_stage]').waitFor();
      await context.setOffline(true);
      for (const text of ['satu', 'dua', 'tiga']) {
        await reply.fill(text);
        await reply.press('Control+Enter');
      }
      await page.getByText('Menunggu koneksi').first().waitFor();
      await page.selectOption('[name=crm_stage]', 'Qualified');
      await page
        .locator('form')
        .filter({ has: page.locator('[name=crm_stage]') })
        .getByRole('button', { name: 'Simpan' })
        .click();
      await page.getByText('Tersimpan di perangkat ini, dikirim saat tersambung lagi.').waitFor();
      await page.getByRole('button', { name: 'Tambah tag' }).click();
      await page.locator('[name=tag]').fill('darurat');
      await page.locator('[name=tag]').press('Enter');
      await page.getByText('Tambah tag darurat').waitFor();
      await page.getByText('Data CRM: Tahap').waitFor();
      await reply.fill('belum selesai');
      await page.getByText(/Tidak ada koneksi\. Yang Anda ketik tersimpan/).waitFor();
      expect(await world.said(id)).to.have.length(1);
      await eventually('the draft is on the device', () =>
        page.evaluate(
          () =>
            new Promise<boolean>((resolve) => {
              const open = indexedDB.open('saga');
              open.onsuccess = () => {
                const all = open.result.transaction('drafts').objectStore('drafts').getAll();
                all.onsuccess = () => resolve(all.result.includes('belum selesai'));
              };
            }),
        ),
      );
      await context.setOffline(false);
      await eventually('all is there', async () => (await world.said(id)).length >= 4);
      await eventually('the data, too', async () => {
        const { crm_stage: stage, tags } = await world.ticket(id);
        return stage === 'Qualified' && (tags as string[]).includes('darurat');
      });
      await page.reload();
      await reply.waitFor();
      await eventually(
        'the draft is still there',
        async () => (await reply.inputValue()) === 'belum selesai',
      );
      const said = (await world.said(id)).filter(({ sender_type: by }) => by === 'agent');
      expect(said.map(({ content }) => content)).to.deep.equal(['satu', 'dua', 'tiga']);
      await context.close();
    });

    it('gone for five minutes: what had left is there once, the rest follows in order, and the screen says how it is', async () => {
      const id = await world.ticketOf('agent.savi');
      const { context, page } = await world.signedIn('agent.savi', { at: network.url });
      await page.clock.install();
      await page.goto(`${network.url}/app/t/${id}?layer=L2`);
      const note = page.locator('textarea[name=content]');
      await note.waitFor();
      await page.getByRole('tab', { name: 'Percakapan' }).click();
      const reply = page.locator('textarea[name=message]');
      await reply.waitFor();
      await page
        .getByRole('tabpanel')
        .getByText(/^Halo dari/)
        .waitFor();
      const ours = async () =>
        (await world.said(id)).filter(({ sender_type: by }) => by === 'agent').map(({ content }) => content);

      // It arrives, and nobody is told.
      network.hush();
      await reply.fill('satu');
      await reply.press('Control+Enter');
      await eventually('it has arrived', async () => ((await ours()).length === 1 ? true : undefined));
      network.cut();
      for (const text of ['dua', 'tiga']) {
        await reply.fill(text);
        await reply.press('Control+Enter');
      }
      await page.getByRole('tab', { name: 'Catatan internal' }).click();
      await note.fill('Catatan di tengah jalan');
      await note.press('Control+Enter');
      await page.getByRole('tab', { name: 'Percakapan' }).click();
      await reply.fill('belum selesai');
      await world.writes(id, 'Masih di sana?');
      await page.clock.runFor(5 * 60_000);
      await page.getByText(/^Menyambung lagi… .* 4 hal menunggu dikirim\.$/).waitFor();
      await page.getByText('Menunggu koneksi').first().waitFor();
      expect(await ours()).to.deep.equal(['satu']);
      expect(await world.said(id, 'internal-messages')).to.deep.equal([]);
      expect(
        await page
          .getByRole('tabpanel')
          .getByText(/^Masih di sana/)
          .count(),
      ).to.equal(0);

      network.mend();
      await page.clock.runFor(60_000);
      await eventually(
        'all is there',
        async () => ((await ours()).length === 3 ? true : undefined),
        PATIENCE_MS,
      );
      expect(await ours()).to.deep.equal(['satu', 'dua', 'tiga']);
      await eventually('the note, too', async () =>
        (await world.said(id, 'internal-messages')).length === 1 ? true : undefined,
      );
      await page
        .getByRole('tabpanel')
        .getByText(/^Masih di sana/)
        .waitFor();
      await page.getByText(/^Menyambung lagi…/).waitFor({ state: 'detached' });
      await page.getByText('Menunggu koneksi').first().waitFor({ state: 'detached' });
      expect(await reply.inputValue()).to.equal('belum selesai');
      await context.close();
    });

    it('what one says in a talk that did not load is in sight, and stays one', async () => {
      const id = await world.ticketOf('other.savi');
      const { context, page } = await world.signedIn('other.savi');
      await page.route('**/messages?*', (route) => route.abort());
      await page.route('**/reply', (route) => route.abort());
      await world.open(page, `/t/${id}`);
      const panel = page.getByRole('tabpanel');
      await panel.getByText('Belum bisa dimuat').waitFor();
      const reply = page.locator('textarea[name=message]');
      await reply.fill('Sebentar, saya cek');
      await reply.press('Control+Enter');
      await panel.getByText('Menunggu koneksi').waitFor();
      await panel.getByText('Sebentar, saya cek').waitFor();
      await page.unroute('**/messages?*');
      await page.unroute('**/reply');
      await panel.getByRole('button', { name: 'Coba lagi' }).click();
      await panel.getByText(/^Halo dari/).waitFor();
      await eventually('it went', async () => ((await world.said(id)).length === 2 ? true : undefined));
      await panel.getByText('Menunggu koneksi').waitFor({ state: 'detached' });
      expect(await panel.getByText('Sebentar, saya cek').count()).to.equal(1);
      await context.close();
    });

    it('without the net the shell stands, and no answer of the API is on the device', async () => {
      const { context, page } = await world.visit({ viewport: PHONE, worker: true });
      await page.goto(`${world.app.url}/app/login`);
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
      await page.fill('[name=email]', world.app.person('other.sari').email);
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
      await page.goto(`${world.app.url}/app/notifications`);
      await page.locator('#root > *').first().waitFor();
      expect(await page.title()).to.include('Saga');
      await context.close();
    });

    it('a photo that another app shared waits beside the draft of the talk that one chose', async () => {
      const id = await world.ticketOf('other.savi');
      const { customer_name: name } = await world.ticket(id);
      const { context, page } = await world.signedIn('other.savi', { viewport: PHONE, worker: true });
      await eventually('the worker looks after the page', () =>
        page.evaluate(() => navigator.serviceWorker.controller !== null),
      );
      await page.evaluate(async () => {
        const form = new FormData();
        form.append(
          'file',
          new File([new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 0, 16, 74, 70, 73, 70, 0])], 'foto.jpg', {
            type: 'image/jpeg',
          }),
        );
        await fetch('/app/share', { method: 'POST', body: form });
      });
      await world.open(page, '/share');
      await page.getByText('foto.jpg').waitFor();
      await page.getByRole('button', { name: `Pilih ${String(name)}` }).click();
      await page.waitForURL(new RegExp(`/app/t/${id}`));
      await page.getByRole('button', { name: /^(?:Buang|Batalkan) foto\.jpg$/ }).waitFor();
      expect(await page.evaluate(() => caches.has('saga-shared'))).to.equal(false);
      await context.close();
    });
  });
}
