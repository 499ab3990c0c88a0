import { expect } from 'chai';
import { type Blasting, blasting, DELAY_MS } from '../../support/scenarios/blasting.ts';
import { STREAM_EVENTS } from '../../../src/http/live/stream.ts';
import { listen } from '../../support/http/event-stream.ts';
import { eventually } from '../../support/eventually.ts';

describe('a blast', function () {
  this.timeout(60_000);
  let b: Blasting;
  before(async () => {
    b = await blasting();
  });
  after(() => b.close());
  beforeEach(() => {
    b.reacts(() => ({ kind: 'accept' }));
  });

  const gaps = (times: readonly number[]) => times.slice(1).map((at, n) => at - (times[n] ?? 0));

  it('waits for another person, then reaches each recipient once, one delay apart', async () => {
    const tickets = await b.app.openTickets('sari', 6);
    const id = await b.create(tickets, {}, 'agent.sari');
    const own = await b.create(tickets.slice(0, 1), {}, 'tl');
    expect((await b.act(own, 'approve', 'tl')).json.error.code).to.equal('BLAST_OWN_APPROVAL');
    expect(await b.status(id)).to.include({ status: 'pending', total_recipients: 6, total_sent: 0 });
    expect(b.meta.asked).to.have.length(0);

    const tries = await Promise.all([b.act(id, 'approve', 'sa'), b.act(id, 'approve', 'tl')]);
    expect(tries.map((one) => one.status).sort()).to.deep.equal([200, 409]);
    const done = await b.until(id, 'done');
    expect(done).to.include({ total_sent: 6, total_failed: 0, total_unknown: 0 });
    expect(done.per_category['NONE']).to.include({ recipients: 6, sent: 6 });
    const times = await b.asked(id);
    expect(times).to.have.length(6);
    for (const gap of gaps(times)) expect(gap).to.be.at.least(DELAY_MS - 1);

    const { customer_name: name } = await b.customer(tickets[0] ?? '');
    const [first] = await b.recipients(id);
    expect(first).to.include({ form: 'text', preview: `Halo ${name} dari kota asal!` });
    const taken = b.meta.taken.find(({ callbackData }) => callbackData === first?.message_id);
    expect(taken?.text).to.equal(`Halo ${name} dari kota asal!`);
    const path = `/api/admin/ticket/${tickets[0] ?? ''}`;
    await eventually('the talk shows it', async () => {
      const { json } = await b.app.get(`${path}/messages`, 'agent.sari');
      const last = (json.data['messages'] as { id: string; delivery_status: string }[]).at(-1);
      return last?.id === first?.message_id && last?.delivery_status === 'sent';
    });
    await eventually('the audit log shows it', async () =>
      (await b.app.get(`${path}/audit-log`, 'sa')).text.includes('followup_sent'),
    );
    expect((await b.act(id, 'approve')).json.error.code).to.equal('BLAST_NOT_PENDING');
    expect((await b.act(id, 'cancel')).json.error.code).to.equal('BLAST_OVER');
    const told = async (who: string) =>
      ((await b.app.get('/api/notifications', who)).json.data['notifications'] as { kind: string }[]).map(
        ({ kind }) => kind,
      );
    await eventually('its creator is told', async () =>
      (await told('agent.sari')).includes('blast_approved'),
    );
    await eventually('who approves is told', async () => (await told('sa')).includes('blast_waiting'));
  });

  it('is seen by its creator and by those who approve', async () => {
    const tickets = await b.app.openTickets('savi', 1);
    const id = await b.create(tickets, {}, 'agent.savi');
    for (const [who, code] of [
      ['agent.savi', 200],
      ['tl', 200],
      ['sa', 200],
      ['other.savi', 404],
      ['agent.sari', 404],
      ['viewer.savi', 403],
    ] as const) {
      expect((await b.app.get(`/api/admin/blast/${id}`, who)).status, who).to.equal(code);
      expect((await b.app.get(`/api/admin/blast/${id}/status`, who)).status, who).to.equal(code);
    }
    expect((await b.act(id, 'cancel', 'other.savi')).status).to.equal(404);
    expect((await b.act(id, 'reject', 'sa', { reason: 'Terlalu sering' })).status).to.equal(200);
    expect((await b.act(id, 'approve', 'tl')).json.error.code).to.equal('BLAST_NOT_PENDING');
    await eventually('its creator sees it', async () => {
      const { status } = await b.status(id, 'agent.savi');
      return status === 'rejected';
    });
  });

  it('shows whom it would reach before it is made, and takes the same by the filter', async () => {
    const [one = '', two = '', stopped = ''] = await b.app.openTickets('safia', 3);
    await b.says(stopped, 'Berhenti');
    await eventually('they opted out', async () => {
      const { json } = await b.app.get(`/api/admin/ticket/${stopped}`, 'sa');
      return (json.data['ticket'] as { opted_out: boolean }).opted_out;
    });
    await b.app.post(`/api/admin/ticket/${one}/tag`, { action: 'add', tag: 'Pameran' }, 'sa');
    const body = { template_id: await b.template(), message: 'Halo {{name}}!' };
    const preview = async (over: object) => {
      const reply = await b.app.post('/api/admin/blast/preview', { ...body, ...over }, 'agent.safia');
      expect(reply.status, reply.text).to.equal(200);
      return reply.json.data as {
        total: number;
        sendable: number;
        skipped: object[];
        samples: { ticket_id: string; form: string; text: string }[];
      };
    };
    const named = await preview({ recipients: [one, two, stopped] });
    expect(named).to.include({ total: 3, sendable: 2 });
    expect(named.skipped).to.deep.equal([{ ticket_id: stopped, reason: 'opted_out' }]);
    expect(named.samples.map(({ ticket_id, form }) => [ticket_id, form])).to.deep.equal([
      [one, 'text'],
      [two, 'text'],
    ]);
    expect(named.samples[0]?.text).to.match(/^Halo Pelanggan\d+x!$/);
    const filter = { division: 'safia' };
    expect(await preview({ filter })).to.include({ total: 3, sendable: 2 });
    expect((await preview({ filter: { ...filter, tags: ['pameran'] } })).samples).to.have.length(1);
    expect((await preview({ filter: { ...filter, crm_stage: ['Won'] } })).total).to.equal(0);
    expect((await preview({ filter: { ...filter, category: ['PANAS'] } })).total).to.equal(0);
    const made = await b.app.post('/api/admin/blast/create', { ...body, filter }, 'agent.safia');
    expect([made.status, made.json.data['recipient_count']], made.text).to.deep.equal([201, 2]);
    const none = { ...body, filter: { ...filter, crm_stage: ['Won'] } };
    const refused = await b.app.post('/api/admin/blast/create', none, 'agent.safia');
    expect(refused.json.error?.code).to.equal('BLAST_RECIPIENTS_REFUSED');
  });

  it('lets nothing leave after it was paused or cancelled', async () => {
    const tickets = await b.app.openTickets('sari', 12);
    const id = await b.create(tickets);
    await b.approve(id);
    await eventually('some are out', async () => (await b.asked(id)).length >= 2);
    expect((await b.act(id, 'pause')).status).to.equal(200);
    const before = b.meta.requests;
    await new Promise((resolve) => setTimeout(resolve, DELAY_MS * 10));
    // The one under way when it was paused may still have left.
    expect(b.meta.requests).to.be.at.most(before + 1);
    expect((await b.act(id, 'resume')).status).to.equal(200);
    await eventually('more are out', () => b.meta.requests > before + 2);
    expect((await b.act(id, 'cancel')).status).to.equal(200);
    const after = b.meta.requests;
    await new Promise((resolve) => setTimeout(resolve, DELAY_MS * 10));
    expect(b.meta.requests).to.be.at.most(after + 1);
    const sent = await b.status(id);
    expect(sent.status).to.equal('cancelled');
    expect(sent.total_sent).to.be.below(12);
  });

  it('leaves out who asked to stop, now and later, and counts who answered', async () => {
    const [stops = '', answers = '', silent = ''] = await b.app.openTickets('sari', 3);
    await b.says(stops, ' Berhenti. ');
    await eventually('it was read', async () => {
      const { json } = await b.app.get(`/api/admin/ticket/${stops}/messages`, 'sa');
      return (json.data['messages'] as object[]).length === 2;
    });
    const id = await b.create([stops, answers, silent]);
    await b.approve(id);
    expect(await b.until(id, 'done')).to.include({ total_sent: 2, total_skipped: 1 });
    expect((await b.recipients(id))[0]).to.include({ status: 'skipped', reason: 'opted_out' });
    // To say no is no answer.
    await b.says(silent, 'STOP 🙏');
    await b.says(answers, 'Iya, jadi');
    const counted = await eventually('the answer counts', async () => {
      const now = await b.status(id);
      return now.total_responded === 1 ? now : undefined;
    });
    expect(counted.response_rate_pct).to.equal(50);
    expect((await b.recipients(id)).map(({ status }) => status)).to.deep.equal([
      'skipped',
      'responded',
      'accepted',
    ]);
  });

  it('does what docs/design/whatsapp.md#error-codes says for each error of the channel', async () => {
    const codes = [131026, 131049, 132001, 131050, 131008, 131047, 131056] as const;
    const tickets = await b.app.openTickets('sari', codes.length);
    const codeOf = new Map<string, number>();
    for (const [n, ticketId] of tickets.entries()) {
      const { customer_phone } = await b.customer(ticketId);
      codeOf.set(customer_phone.replace(/\D/g, ''), codes[n] ?? 0);
    }
    let pair = 0;
    b.reacts(({ to, template }) => {
      const code = codeOf.get(to);
      if (code === undefined || (code === 131047 && template !== undefined)) return { kind: 'accept' };
      if (code === 131056 && (pair += 1) > 1) return { kind: 'accept' };
      return { kind: 'error', status: 400, code };
    });
    const id = await b.create(tickets);
    await b.approve(id);
    await b.until(id, 'done', 30_000);
    const rows = await b.recipients(id);
    expect(rows.map(({ status, reason }) => [status, reason])).to.deep.equal([
      ['failed', '131026'],
      ['failed', '131049'],
      ['failed', '132001'],
      ['failed', '131050'],
      ['failed', '131008'],
      ['accepted', null],
      ['accepted', null],
    ]);
    expect(rows[5]?.form).to.equal('template');
    // Whoever opted out at the channel is left alone from now on.
    const later = await b.create([tickets[3] ?? '']);
    await b.approve(later);
    expect(await b.until(later, 'done')).to.include({ total_skipped: 1 });
  });

  it('stops and tells when nothing of the number gets through, and goes on where it stopped', async () => {
    const tickets = await b.app.openTickets('sari', 4);
    let left = 2;
    b.reacts(() => ((left -= 1) >= 0 ? { kind: 'accept' } : { kind: 'error', status: 400, code: 131042 }));
    const id = await b.create(tickets, {}, 'agent.sari');
    await b.approve(id);
    expect(await b.until(id, 'paused')).to.include({ pause_reason: '131042', total_sent: 2 });
    await eventually('its creator is told', async () => {
      const { json } = await b.app.get('/api/notifications', 'agent.sari');
      return (json.data['notifications'] as { kind: string }[])[0]?.kind === 'blast_stopped';
    });
    expect((await b.act(id, 'resume', 'agent.sari')).json.error.code).to.equal('BLAST_NOT_PAUSED');
    b.reacts(() => ({ kind: 'accept' }));
    expect((await b.act(id, 'resume')).status).to.equal(200);
    expect(await b.until(id, 'done')).to.include({ total_sent: 4, total_failed: 0 });
  });

  it('never tries again when nobody knows whether a message left', async () => {
    const tickets = await b.app.openTickets('sari', 3);
    const { customer_phone } = await b.customer(tickets[1] ?? '');
    const to = customer_phone.replace(/\D/g, '');
    b.reacts((asked) => (asked.to === to ? { kind: 'reset', taken: true } : { kind: 'accept' }));
    const id = await b.create(tickets);
    await b.approve(id);
    expect(await b.until(id, 'done')).to.include({ total_sent: 2, total_unknown: 1 });
    expect(b.meta.asked.filter((asked) => asked.to === to)).to.have.length(1);
  });

  it('sends the template after 24 hours, and nothing with one that Meta paused', async () => {
    const timestamp = new Date(Date.now() - 30 * 3_600_000).toISOString();
    const [first = '', second = ''] = await b.app.openTickets('sari', 2, { timestamp });
    const id = await b.create([first]);
    await b.approve(id);
    await b.until(id, 'done');
    const [row] = await b.recipients(id);
    expect(row).to.include({ form: 'template', status: 'accepted' });
    const taken = b.meta.taken.find(({ callbackData }) => callbackData === row?.message_id);
    const { customer_name: name } = await b.customer(first);
    expect(taken?.template).to.match(/^tanya_kabar_/);
    expect(taken?.text).to.equal(`${name}\nkota tujuan`);

    const plain = await b.create([second], {
      template_id: await b.template({ whatsapp_template_name: null }),
    });
    await b.approve(plain);
    await b.until(plain, 'done');
    expect((await b.recipients(plain))[0]).to.include({ status: 'skipped', reason: 'window_closed' });

    const template_id = await b.template({ whatsapp_template_name: 'akan_dijeda' });
    const halted = await b.create([second], { template_id });
    expect(
      (await b.app.patch(`/api/admin/templates/${template_id}`, { state: 'paused' }, 'sa')).status,
    ).to.equal(200);
    await b.approve(halted);
    expect(await b.until(halted, 'paused')).to.include({ pause_reason: 'template_paused', total_sent: 0 });
    const refused = await b.app.post(
      '/api/admin/blast/create',
      { recipients: [second], template_id, message: 'Halo' },
      'tl',
    );
    expect(refused.json.error.code).to.equal('TEMPLATE_NOT_USABLE');
    await b.app.patch(`/api/admin/templates/${template_id}`, { state: 'approved', body: 'Kata lain' }, 'sa');
    expect((await b.act(halted, 'resume')).status).to.equal(200);
    expect(await b.until(halted, 'paused')).to.include({ pause_reason: 'template_changed' });
  });

  it("does not keep an agent's reply on the same number waiting", async () => {
    const tickets = await b.app.openTickets('safia', 60);
    const [mine = ''] = await b.app.openTickets('safia', 1);
    await b.app.post(`/api/admin/ticket/${mine}/self-takeover`, {}, 'agent.safia');
    const id = await b.create(tickets);
    await b.approve(id);
    await eventually('it began', async () => (await b.asked(id)).length >= 3);
    const began = performance.now();
    const reply = await b.app.post(`/api/admin/ticket/${mine}/reply`, { message: 'Siap' }, 'agent.safia');
    const messageId = reply.json.data['message_id'];
    await eventually('the reply is out', () =>
      b.meta.taken.some(({ callbackData }) => callbackData === messageId),
    );
    expect(performance.now() - began).to.be.below(1_000);
    expect((await b.asked(id)).length).to.be.below(60);
    expect(await b.until(id, 'done')).to.include({ total_sent: 60 });
  });

  it('is told live to its creator and to those who approve, and to nobody else', async () => {
    const tickets = await b.app.openTickets('sari', 2);
    const [mine, lead, other] = await Promise.all(
      ['agent.sari', 'tl', 'other.sari'].map((who) => listen(b.app.url, b.app.person(who).token)),
    );
    const id = await b.create(tickets, {}, 'agent.sari');
    await b.approve(id);
    for (const one of [mine, lead]) {
      const told = await one?.next(
        'that it is done',
        ({ event, data }) => event === 'blast' && data['blast_id'] === id && data['status'] === 'done',
      );
      expect(STREAM_EVENTS.blast.parse(told?.data)).to.include({ total_sent: 2, total_recipients: 2 });
    }
    expect(other?.told.some(({ event }) => event === 'blast')).to.equal(false);
    for (const one of [mine, lead, other]) one?.stop();
  });

  it('uses a template no more once Meta says so, and again when Meta says that', async () => {
    const template_id = await b.template({ whatsapp_template_name: 'dari_meta' });
    const tells = (event: string) =>
      b.metaSays({
        field: 'message_template_status_update',
        value: { event, message_template_name: 'dari_meta', message_template_language: 'id', reason: 'NONE' },
      });
    const usable = async () => {
      const { json } = await b.app.get('/api/admin/followup/templates', 'agent.sari');
      return (json.data['templates'] as { id: string }[]).some(({ id }) => id === template_id);
    };
    await eventually('it is there', usable);
    await tells('PAUSED');
    await eventually('it is gone', async () => !(await usable()));
    await tells('REINSTATED');
    await eventually('it is back', usable);
  });

  it('refuses recipients it may not reach', async () => {
    const [sari = ''] = await b.app.openTickets('sari', 1);
    const [savi = ''] = await b.app.openTickets('savi', 1);
    const template_id = await b.template();
    const tried = async (body: object, as: string) =>
      (await b.app.post('/api/admin/blast/create', { template_id, message: 'Halo', ...body }, as)).json.error
        .code;
    expect(await tried({ recipients: [sari, savi] }, 'agent.sari')).to.equal('DIVISION_FORBIDDEN');
    expect(await tried({ recipients: [sari, b.app.person('sa').id] }, 'sa')).to.equal('TICKET_NOT_FOUND');
    expect(await tried({ recipients: [sari, sari] }, 'sa')).to.equal('VALIDATION_FAILED');
    expect(await tried({ recipients: [] }, 'sa')).to.equal('VALIDATION_FAILED');
    expect(await tried({ recipients: [sari], message: 'Halo {{phone}}' }, 'sa')).to.equal(
      'VALIDATION_FAILED',
    );
  });
});
