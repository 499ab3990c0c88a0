/** What is asked of presence, the inbox and the ticket, each once at a desktop and once on a phone. */
import { expect } from 'chai';
import { eventually } from '../../support/eventually.ts';
import { atBothWidths, type World } from './world.ts';

const TAKE = 'AMBIL ALIH KE SAYA';

export function acceptance(world: World): void {
  describe('holds what the seed asks of the inbox and the ticket', () => {
    atBothWidths(
      'presence: offline at sign-in, and known in another browser within two seconds',
      async (viewport) => {
        const { context, page } = await world.signedIn('other.safia', { viewport });
        const lead = await world.as('sa');
        await world.open(lead, '/supervisor');
        const own = page.getByRole('switch', { name: /^Status Anda/ });
        expect(await own.getAttribute('aria-checked')).to.equal('false');
        const theirs = lead.getByRole('listitem').filter({ hasText: 'other.safia' }).first();
        await theirs.getByText('Offline', { exact: true }).waitFor();
        await own.click();
        const began = performance.now();
        await theirs.getByText('Online', { exact: true }).waitFor({ timeout: 2_000 });
        expect(performance.now() - began).to.be.below(2_000);
        await own.click();
        await page
          .getByText('Anda tidak akan menerima tiket baru. Tiket aktif Anda tetap di tangan Anda.')
          .waitFor();
        await page.getByRole('button', { name: 'Ya, jadi Offline' }).click();
        await theirs.getByText('Offline', { exact: true }).waitFor({ timeout: 2_000 });
        await context.close();
      },
    );

    atBothWidths(
      'inbox: an agent sees their division only, a lead all, and each filter narrows',
      async (viewport) => {
        const [mine = '', free = ''] = await world.app.openTickets('sari', 2);
        const [other = ''] = await world.app.openTickets('savi', 1, { is_office_hours: false });
        await world.app.handoff(other);
        await world.app.post(`/api/admin/ticket/${mine}/self-takeover`, {}, 'agent.sari');
        await world.app.post(
          `/api/admin/ticket/${mine}/tag`,
          { action: 'add', tag: 'penting' },
          'agent.sari',
        );
        await world.app.patch(`/api/admin/ticket/${mine}/crm`, { crm_stage: 'Qualified' }, 'agent.sari');
        const has = async (who: string, query: string, wanted: readonly string[], not: readonly string[]) => {
          const page = await world.as(who, viewport);
          await world.open(page, `/inbox?tab=all&${query}`);
          for (const id of wanted) await page.locator(`[data-ticket="${id}"]`).waitFor();
          for (const id of not)
            expect(await page.locator(`[data-ticket="${id}"]`).count(), query).to.equal(0);
        };
        await has('agent.sari', '', [mine, free], [other]);
        await has('tl', '', [mine, free, other], []);
        await has('tl', 'division=savi', [other], [mine, free]);
        await has('tl', 'status=in_progress', [mine], [free, other]);
        await has('tl', 'queue_status=free', [free], [mine, other]);
        await has('tl', 'tag=penting', [mine], [free, other]);
        await has('tl', 'channel=telegram', [], [mine, free, other]);
        await has('tl', 'crm_stage=Qualified', [mine], [free, other]);
        await has('tl', `assigned_to=${world.app.person('agent.sari').id}`, [mine], [free, other]);
        const lead = await world.as('tl', viewport);
        await world.open(lead, '/inbox?tab=all');
        await lead.locator(`[data-ticket="${free}"]`).getByText('FREE', { exact: true }).waitFor();
        await lead.locator(`[data-ticket="${mine}"]`).getByText('IN PROGRESS', { exact: true }).waitFor();
      },
    );

    atBothWidths('FREE: what the bot said is read, and the ticket is taken over', async (viewport) => {
      const [id = ''] = await world.app.openTickets('sari', 1);
      const { customer_phone: phone } = await world.ticket(id);
      await world.app.webhook({
        event: 'message',
        sender: 'bot',
        user_id: `wa_${String(phone).replace(/\D/g, '')}`,
        channel: 'whatsapp',
        division: 'sari',
        bot_id: 'sari',
        message: 'Halo, saya bot Saga.',
        confidence: 0.91,
        timestamp: new Date().toISOString(),
        message_id: `bot-${id}`,
      });
      const page = await world.as('agent.sari', viewport);
      await world.open(page, '/inbox?tab=free');
      await page.locator(`[data-ticket="${id}"]`).click();
      await page.getByRole('tabpanel').getByText('Halo, saya bot Saga.').waitFor();
      await page.getByText('Yakin 91%').waitFor();
      await page.locator(`button:visible:has-text("${TAKE}")`).first().click();
      await page.locator('textarea[name=message]').waitFor();
      expect(await page.locator(`button:has-text("${TAKE}")`).count()).to.equal(0);
      expect((await world.ticket(id))['assigned_to']).to.include({ id: world.app.person('agent.sari').id });
    });

    atBothWidths(
      'two browsers race for one ticket: the loser reads who was faster, and goes on',
      async (viewport) => {
        const [id = ''] = await world.app.openTickets('sari', 2);
        const people = ['agent.sari', 'other.sari'] as const;
        const pages = await Promise.all(people.map((who) => world.as(who, viewport)));
        for (const page of pages) {
          await world.open(page, `/t/${id}?tab=free`);
          // Nobody hears of the other until both have asked.
          await page.route('**/self-takeover', async (route) => {
            await both;
            await route.continue();
          });
        }
        let go: () => void = () => undefined;
        const both = new Promise<void>((resolve) => {
          go = resolve;
        });
        await Promise.all(
          pages.map((page) => page.locator(`button:visible:has-text("${TAKE}")`).first().click()),
        );
        go();
        const owner = await eventually('somebody has it', async () => {
          const { assigned_to: by } = await world.ticket(id);
          return (by as { id: string } | null)?.id;
        });
        const loser = pages[people.findIndex((who) => world.app.person(who).id !== owner)];
        await loser?.getByRole('alert').filter({ hasText: 'Tiket sudah diambil agent lain' }).waitFor();
        await loser?.getByText(/^Ditangani oleh /).waitFor();
        expect(await loser?.locator('h1').count()).to.equal(1);
        const focused = await loser?.evaluate(() => {
          const { dataset, tagName } = document.activeElement as HTMLElement;
          return [dataset['ticket'] === undefined ? tagName : 'a ticket', dataset['free'], dataset['ticket']];
        });
        // A phone shows one pane: there is no list to go on in.
        expect(focused?.slice(0, 2)).to.deep.equal(
          viewport.width > 1_000 ? ['a ticket', ''] : ['H1', undefined],
        );
        expect(focused).not.to.include(id);
        for (const page of pages) await page.unroute('**/self-takeover');
      },
    );

    atBothWidths(
      'RETURNING: the badge, and the ticket waits for the agent who is offline',
      async (viewport) => {
        const id = await world.ticketOf('agent.safia');
        await world.app.post(`/api/admin/ticket/${id}/close`, {}, 'agent.safia');
        await world.writes(id, 'Saya kembali');
        const { customer_id: customer } = await world.ticket(id);
        const next = await eventually('the customer is back', async () => {
          const { tickets } = await world.data(`/api/admin/customer/${String(customer)}`);
          return (tickets as { id: string; status: string; is_returning_customer: boolean }[]).find(
            (one) => one.id !== id && one.is_returning_customer,
          );
        });
        const page = await world.as('agent.safia', viewport);
        await world.open(page, '/inbox?tab=waiting');
        const row = page.locator(`[data-ticket="${next.id}"]`);
        await row.getByText('RETURNING', { exact: true }).waitFor();
        await row.getByText('Menunggu Agent agent.safia').waitFor();
      },
    );

    atBothWidths(
      'L2: a colour of its own, the sentence in view, and no draft of it can reach the customer',
      async (viewport) => {
        const [id, second] = [await world.ticketOf('agent.sari'), await world.ticketOf('agent.sari')];
        const page = await world.as('agent.sari', viewport);
        await world.open(page, `/t/${id}?layer=L2`);
        await page.getByText('Tidak terlihat oleh pelanggan', { exact: true }).waitFor();
        await page.getByText('Internal — tidak terlihat pelanggan').waitFor();
        const note = page.locator('textarea[name=content]');
        await note.fill('RAHASIA harga modal');
        const colour = (name: string) =>
          page.locator(`textarea[name=${name}]`).evaluate((box) => {
            let at: Element | null = box.parentElement?.parentElement?.parentElement ?? null;
            for (; at !== null; at = at.parentElement) {
              const { backgroundColor } = getComputedStyle(at);
              if (backgroundColor !== 'rgba(0, 0, 0, 0)') return backgroundColor;
            }
            return '';
          });
        const internal = await colour('content');
        // The layer changes with the words still in the box: by a tab, by a key, by another ticket.
        await page.getByRole('tab', { name: 'Percakapan' }).click();
        const reply = page.locator('textarea[name=message]');
        expect(await reply.inputValue()).to.equal('');
        expect(await colour('message')).not.to.equal(internal);
        await reply.press('Control+Enter');
        await reply.press('Escape');
        await page.keyboard.press('n');
        expect(await note.inputValue()).to.equal('RAHASIA harga modal');
        await world.open(page, `/t/${second}`);
        expect(await reply.inputValue()).to.equal('');
        await reply.press('Control+Enter');
        await world.open(page, `/t/${id}?layer=L2`);
        // What is kept on the device comes a moment after the box.
        await eventually(
          'the draft is back',
          async () => (await note.inputValue()) === 'RAHASIA harga modal',
        );
        await note.press('Control+Enter');
        await eventually('the note is there', async () =>
          (await world.said(id, 'internal-messages')).some(
            ({ content }) => content === 'RAHASIA harga modal',
          ),
        );
        for (const one of [id, second])
          expect(
            (await world.said(one)).filter(({ content }) => String(content).includes('RAHASIA')),
          ).to.deep.equal([]);
      },
    );

    atBothWidths(
      'a super admin answers as Saga Team, and the agent reads that they joined',
      async (viewport) => {
        const id = await world.ticketOf('agent.sari');
        const agent = await world.as('agent.sari', viewport);
        await world.open(agent, `/t/${id}`);
        const page = await world.as('sa', viewport);
        await world.open(page, `/t/${id}`);
        await page.getByRole('button', { name: 'Balas sebagai Saga Team' }).click();
        await page.locator('textarea[name=message]').fill('Kami bantu langsung.');
        await page.locator('textarea[name=message]').press('Control+Enter');
        await agent.getByText('Super Admin ikut membalas').waitFor();
        await agent.getByRole('tabpanel').getByText('Kami bantu langsung.').waitFor();
        expect((await world.ticket(id))['assigned_to']).to.include({ id: world.app.person('agent.sari').id });
      },
    );

    atBothWidths(
      'CRM: the fields of the division, what the bot found is marked, Lost wants its reason',
      async (viewport) => {
        const FIELDS = { sari: 'service_type', savi: 'vehicle_brand_model', safia: 'move_type' } as const;
        for (const division of ['sari', 'savi', 'safia'] as const) {
          const id = await world.ticketOf(`agent.${division}`);
          const { customer_phone: phone } = await world.ticket(id);
          if (division === 'safia')
            await world.app.webhook({
              event: 'lead_detected',
              user_id: `wa_${String(phone).replace(/\D/g, '')}`,
              channel: 'whatsapp',
              division,
              bot_id: division,
              fields: { origin_city: 'Batam' },
              confidence: 0.8,
              message_id: `lead-${id}`,
              timestamp: new Date().toISOString(),
            });
          const page = await world.as('sa', viewport);
          await world.open(page, `/t/${id}`);
          const tab = page.getByRole('tab', { name: 'Pelanggan & CRM' });
          if (viewport.width < 1180) await tab.click();
          await page.locator('[name=crm_stage]').waitFor();
          for (const [of, name] of Object.entries(FIELDS))
            expect(await page.locator(`[name="${name}"]`).count(), `${name} at ${division}`).to.equal(
              of === division ? (await page.locator(`[name="${name}"]`).count()) || 1 : 0,
            );
          if (division !== 'safia') continue;
          await page.getByText('Terdeteksi oleh bot').first().waitFor();
          await page.selectOption('[name=crm_stage]', 'Lost');
          await page.locator('[name=lost_reason]').waitFor();
          await page
            .locator('form')
            .filter({ has: page.locator('[name=crm_stage]') })
            .getByRole('button', { name: 'Simpan' })
            .click();
          await page.getByText('Pilih alasan Lost').waitFor();
          expect((await world.ticket(id))['crm_stage']).to.equal('Lead');
          await page.selectOption('[name=lost_reason]', 'price');
          await page
            .locator('form')
            .filter({ has: page.locator('[name=crm_stage]') })
            .getByRole('button', { name: 'Simpan' })
            .click();
          await eventually('it is lost', async () => (await world.ticket(id))['crm_stage'] === 'Lost');
        }
      },
    );
  });
}
