/** What is asked of blasts, figures, exports and notifications, at a desktop and on a phone. */
import { expect } from 'chai';
import { eventually } from '../../support/eventually.ts';
import { atBothWidths, type World } from './world.ts';

export function business(world: World): void {
  describe('holds what the seed asks of blasts, figures and notifications', () => {
    let template = '';
    before(async () => {
      const { json } = await world.app.post(
        '/api/admin/templates',
        { name: 'Sapa lagi', body: 'Halo {{name}}, masih berencana kirim?' },
        'sa',
      );
      template = json.data['id'] as string;
    });

    atBothWidths(
      'a blast: handed in, announced to a lead, approved by another person, its state in sight',
      async (viewport) => {
        const [first = '', second = ''] = await world.app.openTickets('sari', 2);
        const names = await Promise.all(
          [first, second].map(async (id) => String((await world.ticket(id))['customer_name'])),
        );
        const page = await world.as('agent.sari', viewport);
        await world.open(page, '/blasts/new');
        await page.getByRole('radio', { name: 'Satu per satu' }).check({ force: true });
        for (const name of names) {
          await page.locator('[name=q]').fill(name);
          await page
            .getByRole('checkbox', { name: new RegExp(name) })
            .first()
            .check();
        }
        await page.getByRole('button', { name: 'Lanjut' }).click();
        await page.selectOption('[name=template_id]', template);
        await page.getByRole('button', { name: 'Lanjut' }).click();
        await page
          .getByText(`Halo ${names[0] ?? ''}, masih berencana kirim?`)
          .first()
          .waitFor();
        await page.getByRole('button', { name: 'Minta persetujuan' }).click();
        await page.waitForURL(/\/app\/blasts\/[0-9a-f-]{36}$/);
        const id = page.url().split('/').at(-1) ?? '';
        await page.getByText('Menunggu persetujuan').first().waitFor();
        expect((await world.data(`/api/admin/blast/${id}/status`))['total_sent']).to.equal(0);

        const lead = await world.as('tl', viewport);
        await world.open(lead, '/notifications');
        await lead
          .locator(`main a[href$="/blasts/${id}"]`)
          .getByText(/menunggu persetujuan/)
          .waitFor();
        await world.open(lead, `/blasts/${id}`);
        await lead.getByRole('button', { name: 'Setujui' }).click();
        await lead.getByRole('dialog').getByRole('button', { name: 'Setujui' }).click();
        await eventually('it is approved', async () =>
          ['approved', 'sending', 'done'].includes(
            String((await world.data(`/api/admin/blast/${id}/status`))['status']),
          ),
        );
        await lead
          .getByText(/Sedang dikirim|Selesai|Disetujui/i)
          .first()
          .waitFor();
      },
    );

    atBothWidths(
      'a blast by filter: counted before there is a message, decided by the API when it is handed in',
      async (viewport) => {
        const tag = `musim${String(viewport.width)}`;
        const [first = '', second = ''] = await world.app.openTickets('savi', 3);
        await world.app.post('/api/admin/tags', { name: tag, color: '#2E7D32' }, 'sa');
        for (const id of [first, second])
          await world.app.post(`/api/admin/ticket/${id}/tag`, { action: 'add', tag }, 'sa');
        const page = await world.as('sa', viewport);
        await world.open(page, '/blasts/new');
        await page.getByText('Pilih kategori, tahap CRM atau tag.').waitFor();
        expect(await page.getByRole('button', { name: 'Lanjut' }).isEnabled()).to.equal(false);
        await page.selectOption('[name=division]', 'savi');
        await page.locator(`[name=tag][value="${tag}"]`).check();
        await page.getByText('2 pelanggan cocok').waitFor();
        await page.locator('[name=crm_stage][value=Won]').check();
        await page.getByText('Tidak ada pelanggan yang cocok.').waitFor();
        await page.locator('[name=crm_stage][value=Won]').uncheck();
        await page.getByText('2 pelanggan cocok').waitFor();
        expect(await world.violations(page, 'light')).to.deep.equal([]);
        await page.getByRole('button', { name: 'Lanjut' }).click();
        await page.selectOption('[name=template_id]', template);
        await page.getByRole('button', { name: 'Lanjut' }).click();
        await page.getByText('2 dari 2 dapat dikirim').waitFor();
        await page.getByText('Semua yang cocok dengan filter').waitFor();
        await page.getByRole('button', { name: 'Minta persetujuan' }).click();
        await page.waitForURL(/\/app\/blasts\/[0-9a-f-]{36}$/);
        const { blast } = await world.data(`/api/admin/blast/${page.url().split('/').at(-1) ?? ''}`);
        expect(
          (blast as { recipients: { ticket_id: string }[] }).recipients.map(({ ticket_id: id }) => id).sort(),
        ).to.deep.equal([first, second].sort());
      },
    );

    atBothWidths(
      "figures: by division and by agent, over a period of one's own, down to one agent",
      async (viewport) => {
        const page = await world.as('sa', viewport);
        await world.open(page, '/analytics');
        await page
          .getByText(/Closing rate/i)
          .first()
          .waitFor();
        await page.locator('[name=by][value=custom]').check({ force: true });
        await page.getByLabel('Dari').fill('2026-11-01');
        await page.waitForURL(/2026-11-01/);
        await page.getByRole('tab', { name: /agent/i }).click();
        await page
          .getByRole('link', { name: /agent\.sari/ })
          .first()
          .click();
        await page.waitForURL(/\/app\/analytics\/agents\//);
        await world.stands(page, 'one agent', /agent\.sari/);
      },
    );

    atBothWidths('an export comes down', async (viewport) => {
      const page = await world.as('sa', viewport);
      await world.open(page, '/analytics');
      await page.getByRole('button', { name: /Ekspor/ }).click();
      const down = page.waitForEvent('download');
      await page.getByRole('button', { name: 'Buat file' }).click();
      expect((await down).suggestedFilename()).to.match(/\.xlsx$/);
    });

    atBothWidths(
      'a note and a message of a customer look apart in the list of notifications',
      async (viewport) => {
        const id = await world.ticketOf('agent.savi');
        await world.writes(id, 'Sudah sampai mana?');
        await world.app.post(`/api/admin/ticket/${id}/internal-message`, { content: 'Tolong dicek' }, 'sa');
        const page = await world.as('agent.savi', viewport);
        await world.open(page, '/notifications');
        const note = page.locator(`main li a[href*="${id}"][href*="layer=L2"]`).first();
        const message = page
          .locator(`main li a[href$="${id}"]`)
          .filter({ hasText: /pelanggan/i })
          .first();
        await note.waitFor();
        await message.waitFor();
        const look = (row: typeof note) =>
          row
            .locator('svg')
            .first()
            .evaluate((icon) => [icon.outerHTML, getComputedStyle(icon).color].join());
        expect(await look(note)).not.to.equal(await look(message));
      },
    );
  });
}
