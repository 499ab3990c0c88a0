import { expect } from 'chai';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { bearer, posting } from '../../support/http/http.ts';
import { eventually } from '../../support/eventually.ts';

describe('the desk and the administration, over HTTP', () => {
  let app: TestProgram;
  before(async function () {
    this.timeout(60_000);
    app = await startTestProgram();
  });
  after(() => app.close());

  interface Ticket {
    readonly customer_id: string;
    readonly is_off_hours: boolean;
    readonly assigned_to: { readonly id: string } | null;
  }
  const ticketOf = async (ticketId: string): Promise<Ticket> =>
    (await app.get(`/api/admin/ticket/${ticketId}`, 'sa')).json.data['ticket'] as Ticket;
  const agentOf = async (ticketId: string) => (await ticketOf(ticketId)).assigned_to?.id;
  const statusOf = async (who: string) =>
    ((await app.get('/api/auth/me', who)).json.data['user'] as { status: string }).status;

  it('an agent who comes online gets what waits, and a lead sees them with their load', async () => {
    const [ticketId = ''] = await app.openTickets('savi', 1);
    await app.handoff(ticketId);
    await app.post('/api/agent/status', { status: 'online' }, 'agent.savi');
    const id = app.person('agent.savi').id;
    await eventually('the ticket is theirs', async () => (await agentOf(ticketId)) === id);
    const { json } = await app.get('/api/agent/status/all', 'tl');
    const desk = (json.data.agents as { id: string }[]).find((one) => one.id === id);
    expect(desk).to.include({ division: 'savi', status: 'online', active_ticket_count: 1 });
    await app.post(`/api/agent/${id}/status`, { status: 'offline' }, 'tl');
    expect(await statusOf('agent.savi')).to.equal('offline');
    expect(await agentOf(ticketId), 'going offline keeps the tickets').to.equal(id);
  });

  it('signing in on a second device leaves the first at its desk; signing out of the last one ends it', async () => {
    await app.post('/api/agent/status', { status: 'online' }, 'other.savi');
    const { json } = await app.signIn(app.person('other.savi').email);
    expect((json.data['user'] as { status: string }).status).to.equal('online');
    expect(await statusOf('other.savi')).to.equal('online');
    const phone = json.data['token'] as string;
    expect((await app.call('/api/auth/logout', posting({}, phone))).status).to.equal(204);
    expect(await statusOf('other.savi'), 'the desktop is still there').to.equal('online');
    await app.post('/api/auth/logout', {}, 'other.savi');
    const gone = await eventually('the lead sees them offline', async () => {
      const all = (await app.get('/api/agent/status/all', 'tl')).json.data.agents as Record<
        string,
        unknown
      >[];
      return all.find((one) => one['id'] === app.person('other.savi').id && one['status'] === 'offline');
    });
    expect(gone).to.include({ reason: 'logout', role: 'sales_agent', max_active_tickets: null });
    expect(Date.parse(String(gone['status_changed_at']))).to.be.closeTo(Date.now(), 60_000);
    await app.signInAgain('other.savi');
    expect(await statusOf('other.savi')).to.equal('offline');
  });

  it('office hours are the default until they are set, and then decide what is off hours', async () => {
    const path = '/api/admin/config/office-hours/safia';
    const before = (await app.get(path, 'agent.sari')).json.data.schedules as object[];
    expect(before).to.have.length(5);
    expect(before[0]).to.deep.equal({
      day_of_week: 1,
      open_time: '08:00',
      close_time: '17:00',
      is_active: true,
    });
    const never = [{ day_of_week: 0, open_time: '00:00', close_time: '00:01', is_active: false }];
    expect((await app.patch(path, { schedules: never }, 'sa')).status).to.equal(200);
    expect((await app.get(path, 'sa')).json.data.schedules).to.deep.equal(never);
    const [ticketId = ''] = await app.openTickets('safia', 1, { is_office_hours: undefined });
    expect((await ticketOf(ticketId)).is_off_hours).to.equal(true);
  });

  it('overlapping hours are refused, and said where', async () => {
    const row = (open_time: string, close_time: string) => ({
      day_of_week: 1,
      open_time,
      close_time,
      is_active: true,
    });
    const path = '/api/admin/config/office-hours/savi';
    const reply = await app.patch(path, { schedules: [row('08:00', '12:00'), row('11:00', '17:00')] }, 'sa');
    expect(reply.status).to.equal(400);
    expect(reply.json.error.details).to.deep.equal([
      {
        path: 'schedules.1',
        code: 'OVERLAPS' as const,
        message: 'Jam ini bertumpang tindih dengan baris 1',
        params: { with: 'schedules.0' },
      },
    ]);
  });

  it('tags and templates have one name however it is written, are changed, and taken out', async () => {
    for (const [path, extra] of [
      ['/api/admin/tags', { color: '#00AA88' }],
      ['/api/admin/templates', { body: 'Halo' }],
    ] as const) {
      const listed = async () => (await app.get(path, 'sa')).text;
      const made = await app.post(path, { name: 'Kafé besar', ...extra }, 'sa');
      expect(made.status, made.text).to.equal(201);
      const twin = await app.post(path, { name: ' KAFE\u0301 BESAR', ...extra }, 'sa');
      expect(twin.status).to.equal(409);
      const one = `${path}/${made.json.data['id'] as string}`;
      expect((await app.patch(one, { name: 'Kafé kecil' }, 'sa')).status).to.equal(200);
      expect(await listed())
        .to.include('Kafé kecil')
        .and.not.to.include('Kafé besar');
      const gone = { method: 'DELETE', headers: bearer(app.person('sa').token) };
      expect((await app.call(one, gone)).status).to.equal(204);
      expect(await listed()).not.to.include('Kafé');
      expect((await app.call(one, gone)).status).to.equal(404);
    }
  });

  it('a ticket is found by its tag however that is written, and keeps how it was written first', async () => {
    const [id = ''] = await app.openTickets('sari', 1);
    for (const tag of ['Kafé', 'KAFE\u0301', ' kafé '])
      expect(
        (await app.post(`/api/admin/ticket/${id}/tag`, { action: 'add', tag }, 'sa')).json.data.tags,
      ).to.deep.equal(['Kafé']);
    // Somebody else than who tagged it: they see it when the views have it.
    const found = await eventually('it is found', async () => {
      const { json } = await app.get(`/api/admin/inbox?tags=${encodeURIComponent('KAFÉ')}`, 'agent.sari');
      return (json.data.tickets as unknown[]).length > 0 ? json : undefined;
    });
    expect(found.data.tickets).to.have.length(1);
    expect(found.meta?.['total']).to.equal(1);
    await app.post(`/api/admin/ticket/${id}/tag`, { action: 'remove', tag: 'kafé' }, 'sa');
    expect((await app.get('/api/admin/inbox?tags=kafé', 'sa')).json.meta?.['total']).to.equal(0);
  });

  it('who changed what stands in the administration audit, without names, addresses or passwords', async () => {
    const made = await app.post(
      '/api/admin/users',
      {
        name: 'Rahasia Nama',
        email: 'rahasia@test.saga',
        password: 'kata sandi rahasia',
        role: 'viewer',
        division: 'sari',
      },
      'sa',
    );
    const id = made.json.data.user_id as string;
    await app.patch(
      `/api/admin/users/${id}`,
      { name: 'Nama Lain', is_active: false, password: 'kata sandi lain' },
      'sa',
    );
    const reply = await app.get('/api/admin/audit-log?limit=200', 'sa');
    const events = (
      reply.json.data.events as { event: string; subject: string; actor: { id: string } | null }[]
    ).filter(({ subject }) => subject === id);
    expect(events.map(({ event }) => event).reverse()).to.deep.equal([
      'user_created',
      'user_renamed',
      'user_password_changed',
      'user_deactivated',
    ]);
    expect(events.every(({ actor }) => actor?.id === app.person('sa').id)).to.equal(true);
    expect(reply.text).not.to.match(/Rahasia|Nama Lain|rahasia@|kata sandi/);
  });

  it('the administration audit is read page by page, newest first, each entry once', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const { json } = await app.get(`/api/admin/audit-log?limit=5${cursor}`, 'sa');
      seen.push(...(json.data.events as { id: string }[]).map(({ id }) => id));
      const next = json.meta?.['next_cursor'];
      cursor = next === undefined ? '' : `&cursor=${String(next)}`;
    } while (cursor !== '');
    expect(new Set(seen).size).to.equal(seen.length);
    expect(seen.length).to.be.greaterThan(10);
  });

  it('a customer is known to the agent of the last ticket that had one', async () => {
    const [ticketId = ''] = await app.openTickets('sari', 1);
    await app.post(`/api/admin/ticket/${ticketId}/self-takeover`, {}, 'agent.sari');
    await eventually('others see it, too', () => agentOf(ticketId));
    const ticket = await ticketOf(ticketId);
    const path = `/api/admin/customer/${ticket.customer_id}/assigned-agent`;
    expect((await app.get(path, 'other.sari')).json.data).to.include({
      customer_id: ticket.customer_id,
      assigned_agent_id: app.person('agent.sari').id,
      last_ticket_id: ticketId,
    });
    expect((await app.get(path, 'agent.safia')).json.error.code).to.equal('CUSTOMER_NOT_FOUND');
  });
});
