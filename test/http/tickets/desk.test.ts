/** A working day at one desk: what an agent takes, reads, puts aside and gives up, over HTTP and on the live stream. */
import { expect } from 'chai';
import { routes } from '../../../src/http/routes.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { listen } from '../../support/http/event-stream.ts';
import { eventually } from '../../support/eventually.ts';
import type { Reply } from '../../support/http/http.ts';

interface Shown {
  readonly id: string;
  readonly customer_name: string;
  readonly customer_phone: string;
  readonly queue_status: string | null;
  readonly assigned_to: { id: string } | null;
  readonly unread_count: number;
  readonly snoozed_until: string | null;
  readonly can: Record<string, boolean>;
  readonly version: number;
  readonly line: { id: string } | null;
}

const documented = (name: string, reply: Reply): Reply => {
  const found = routes.find((one) => one.name === name);
  if (!found) throw new Error(`no route ${name}`);
  expectDocumented(found, reply);
  return reply;
};

describe('a desk', function () {
  this.timeout(90_000);
  let app: TestProgram;
  let tickets: string[];
  before(async () => {
    app = await startTestProgram();
    tickets = await app.openTickets('sari', 4);
  });
  after(() => app.close());

  const at = (id: string, what: string): string => `/api/admin/ticket/${id}/${what}`;
  const inbox = async (query: string, as = 'agent.sari'): Promise<readonly Shown[]> =>
    documented('listInbox', await app.get(`/api/admin/inbox?${query}`, as)).json.data['tickets'] as Shown[];
  const idsOf = async (query: string, as?: string): Promise<string[]> =>
    (await inbox(query, as)).map(({ id }) => id);
  const shown = async (id: string, as = 'agent.sari'): Promise<Shown> =>
    documented('getTicket', await app.get(`/api/admin/ticket/${id}`, as)).json.data['ticket'] as Shown;
  const counts = async (as = 'agent.sari'): Promise<Record<string, number>> =>
    documented('countInbox', await app.get('/api/admin/inbox/counts', as)).json.data as Record<
      string,
      number
    >;
  const says = async (ticket: Shown, message: string): Promise<void> =>
    app.webhook({
      event: 'message',
      sender: 'customer',
      user_id: `wa_${ticket.customer_phone.replace(/\D/g, '')}`,
      channel: 'whatsapp',
      division: 'sari',
      bot_id: 'sari',
      message,
      timestamp: new Date().toISOString(),
      message_id: `desk-${message}`,
      is_office_hours: true,
    });

  it('tells what one may do, and the tabs count what the lists show', async () => {
    const [mine = '', other = ''] = tickets;
    expect((await shown(mine)).can).to.include({ self_takeover: true, reply: false, release: false });
    const taken = await app.post(at(mine, 'self-takeover'), {}, 'agent.sari');
    const after = documented('selfTakeover', taken).json.data['ticket'] as Shown;
    expect([after.id, after.queue_status, after.assigned_to?.id, after.can['reply']]).to.deep.equal([
      ...[mine, 'assigned', app.person('agent.sari').id, true],
    ]);
    const given = await app.post(
      at(other, 'assign'),
      { assign_to: app.person('other.sari').id, note: 'hari ini' },
      'tl',
    );
    expect((documented('assign', given).json.data['ticket'] as Shown).assigned_to?.id).to.equal(
      app.person('other.sari').id,
    );
    await eventually('both are assigned', async () => (await idsOf('queue_status=free')).length === 2);
    const ticket = await shown(mine);
    expect(ticket.can).to.include({ self_takeover: false, reply: true, release: true, close: true });
    expect(ticket.unread_count).to.equal(1);
    expect((await shown(other)).can).to.include({ reply: false, release: false, close: true });
    expect(await idsOf('view=mine')).to.deep.equal([mine]);
    expect(await idsOf('view=mine&unread=true')).to.deep.equal([mine]);
    expect(await idsOf('status=new,in_progress&sort=created&order=asc')).to.have.length(4);
    expect(await idsOf('assigned_to=none')).to.have.members(tickets.slice(2));
    expect(await counts()).to.deep.include({
      mine: 1,
      mine_unread: 1,
      free: 2,
      queued: 0,
      snoozed: 0,
      idle: 0,
    });
    const twice = await app.get('/api/admin/inbox?status=new,new&channel=whatsapp,fax', 'agent.sari');
    expect([twice.status, twice.json.error.details?.[0]?.path]).to.deep.equal([400, 'channel.1']);
  });

  it('keeps what each person has read, and tells their other devices', async () => {
    const [mine = ''] = tickets;
    const stream = await listen(app.url, app.person('agent.sari').token);
    const ticket = await shown(mine);
    await says(ticket, 'masih di sana?');
    await eventually('two are unread', async () => (await shown(mine)).unread_count === 2);
    const { json } = await app.get(at(mine, 'messages'), 'agent.sari');
    const [first, last] = json.data['messages'] as { id: string }[];
    const part = documented(
      'markTicketRead',
      await app.post(at(mine, 'read'), { message_id: first?.id }, 'agent.sari'),
    );
    expect(part.json.data['unread_count']).to.equal(1);
    expect((part.json.data['ticket'] as Shown).unread_count).to.equal(1);
    expect((await shown(mine)).unread_count).to.equal(1);
    await app.post(at(mine, 'read'), {}, 'agent.sari');
    expect((await shown(mine)).unread_count).to.equal(0);
    // Going back does not make anything unread, and everybody reads for themselves.
    await app.post(at(mine, 'read'), { message_id: first?.id }, 'agent.sari');
    expect((await shown(mine)).unread_count).to.equal(0);
    expect((await shown(mine, 'tl')).unread_count).to.equal(2);
    expect(last?.id).to.not.equal(undefined);
    const nothing = await app.post(at(mine, 'read'), { message_id: mine }, 'agent.sari');
    expect(documented('markTicketRead', nothing).json.error.code).to.equal('MESSAGE_NOT_FOUND');
    expect((await counts())['mine_unread']).to.equal(0);
    const told = await stream.next(
      'unread on the stream',
      ({ event, data }) => event === 'unread' && data['unread_count'] === 0,
    );
    expect(told.data).to.deep.equal({ ticket_id: mine, unread_count: 0 });
    await stream.next(
      'counts on the stream',
      ({ event, data }) => event === 'counts' && data['mine_unread'] === 0,
    );
    stream.stop();
  });

  it('puts a ticket aside until its customer writes, and says so', async () => {
    const [mine = ''] = tickets;
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const late = await app.post(at(mine, 'snooze'), { until: '2020-01-01T00:00:00Z' }, 'agent.sari');
    expect([late.status, late.json.error.details?.[0]?.path]).to.deep.equal([400, 'until']);
    const reply = documented('snoozeTicket', await app.post(at(mine, 'snooze'), { until }, 'agent.sari'));
    expect((reply.json.data['ticket'] as Shown).snoozed_until).to.equal(until);
    expect(await idsOf('view=mine')).to.deep.equal([]);
    expect(await idsOf('assigned_to=me&snoozed=true')).to.deep.equal([mine]);
    expect(await counts()).to.include({ mine: 0, snoozed: 1 });
    const again = documented('unsnoozeTicket', await app.post(at(mine, 'unsnooze'), {}, 'agent.sari'));
    expect((again.json.data['ticket'] as Shown).snoozed_until).to.equal(null);
    await app.post(at(mine, 'snooze'), { until }, 'agent.sari');
    await says(await shown(mine), 'halo lagi');
    await eventually('it is back', async () => (await idsOf('view=mine')).length === 1);
    await eventually('its agent is told', async () => {
      const { json } = await app.get('/api/notifications', 'agent.sari');
      return (json.data['notifications'] as { kind: string }[]).some(({ kind }) => kind === 'ticket_woke');
    });
    const log = await app.get(at(mine, 'audit-log'), 'tl');
    const words = (log.json.data['events'] as { event: string }[]).map(({ event }) => event);
    expect(words).to.include.members(['snoozed', 'woken']);
  });

  it('shows who types and who looks, to those who may see that layer', async () => {
    const [mine = ''] = tickets;
    const lead = await listen(app.url, app.person('tl').token);
    const stranger = await listen(app.url, app.person('agent.savi').token);
    const viewer = await listen(app.url, app.person('viewer.sari').token);
    for (const layer of ['L1', 'L2'])
      expect((await app.post(at(mine, 'typing'), { layer }, 'agent.sari')).status).to.equal(204);
    expect((await app.post(at(mine, 'viewing'), {}, 'agent.sari')).status).to.equal(204);
    await lead.next('typing on L2', ({ event, data }) => event === 'typing' && data['layer'] === 'L2');
    const seen = await viewer.next('viewers', ({ event }) => event === 'viewers');
    const who = [{ id: app.person('agent.sari').id, name: 'agent.sari' }];
    expect(seen.data).to.deep.equal({ ticket_id: mine, viewers: who });
    expect(
      viewer.told.filter(({ event }) => event === 'typing').map(({ data }) => data['layer']),
    ).to.deep.equal(['L1']);
    expect(stranger.told.filter(({ event }) => event === 'typing' || event === 'viewers')).to.deep.equal([]);
    const { json } = await app.get(`/api/admin/ticket/${mine}`, 'tl');
    expect(json.data['viewers']).to.deep.equal(who);
    expect((await app.post(at(mine, 'typing'), { layer: 'L1' }, 'other.sari')).json.error.code).to.equal(
      'NOT_ASSIGNEE',
    );
    for (const one of [lead, stranger, viewer]) one.stop();
  });

  it('does the same to many, each by itself', async () => {
    const [mine = '', , third = '', fourth = ''] = tickets;
    const body = {
      ticket_ids: [third, fourth, app.person('sa').id],
      action: { kind: 'tag', action: 'add', tag: 'kargo' },
    };
    const { json } = documented('bulkTickets', await app.post('/api/admin/tickets/bulk', body, 'agent.sari'));
    expect(json.data['results']).to.deep.equal([
      { ticket_id: third, ok: true },
      { ticket_id: fourth, ok: true },
      { ticket_id: app.person('sa').id, ok: false, code: 'TICKET_NOT_FOUND' },
    ]);
    expect(await idsOf('tags=kargo')).to.have.members([third, fourth]);
    const assign = { ticket_ids: [third], action: { kind: 'assign', to: app.person('agent.sari').id } };
    expect((await app.post('/api/admin/tickets/bulk', assign, 'agent.sari')).json.error.code).to.equal(
      'FORBIDDEN',
    );
    const once = { 'idempotency-key': 'bulk-1' };
    for (const time of ['the first time', 'again'])
      expect(
        (await app.post('/api/admin/tickets/bulk', assign, 'tl', once)).json.data['results'],
        time,
      ).to.deep.equal([{ ticket_id: third, ok: true }]);
    const same = { ticket_ids: [mine, mine], action: { kind: 'close' } };
    expect((await app.post('/api/admin/tickets/bulk', same, 'tl')).status).to.equal(400);
  });

  it('gives a ticket up, to the queue or the bot', async () => {
    const [mine = ''] = tickets;
    const toBot = documented(
      'releaseTicket',
      await app.post(at(mine, 'release'), { to: 'bot' }, 'agent.sari'),
    );
    expect(toBot.json.data['ticket']).to.include({ queue_status: 'free', assigned_to: null });
    const nobody = await app.post(at(mine, 'release'), { to: 'queue' }, 'tl');
    expect(documented('releaseTicket', nobody).json.error.code).to.equal('NOT_ASSIGNED');
    // One from another division loses sight of it with the ticket.
    await app.post(at(mine, 'assign'), { assign_to: app.person('agent.savi').id }, 'tl');
    const gone = await eventually('the grant', async () => {
      const reply = await app.post(
        at(mine, 'release'),
        { to: 'queue', reason: 'bukan divisi saya' },
        'agent.savi',
      );
      return reply.status === 200 ? reply : undefined;
    });
    expect(gone.json.data['ticket']).to.equal(null);
    expect((await app.get(`/api/admin/ticket/${mine}`, 'agent.savi')).status).to.equal(403);
  });

  it('knows what a screen needs: lists with labels, forms, hours, cities', async () => {
    const { data } = documented('getMeta', await app.get('/api/meta', 'viewer.sari')).json;
    const lists = data['lists'] as Record<string, { value: string; label: string }[]>;
    expect(lists['channel']).to.deep.include({ value: 'facebook', label: 'Messenger' });
    const forms = data['crm_forms'] as Record<string, { fields: { name: string; schema: object }[] }>;
    const service = forms['sari']?.fields.find(({ name }) => name === 'service_type');
    expect(service?.schema).to.deep.include({ enum: ['kargo', 'motor', 'air_cargo'] });
    expect(data['divisions']).to.have.length(3);
    const found = documented('listCities', await app.get('/api/cities?q=bandung', 'viewer.sari'));
    expect((found.json.data['cities'] as { name: string }[]).map(({ name }) => name)).to.deep.equal([
      'Bandung',
      'Bandung Barat',
      'Kabupaten Bandung',
    ]);
    const batam = (await app.get('/api/cities?q=BATÁM', 'viewer.sari')).json.data['cities'];
    expect(batam).to.deep.equal([{ name: 'Batam', kind: 'kota', province: 'Kepulauan Riau' }]);
  });

  it('shows administrators who is who', async () => {
    const { id } = app.person('agent.sari');
    const { json } = documented('getUser', await app.get(`/api/admin/users/${id}`, 'sa'));
    const user = json.data['user'] as Record<string, unknown>;
    expect(user).to.deep.include({ id, granted: [], revoked: [], max_active_tickets: null });
    expect(user['last_login_at']).to.be.a('string');
    await eventually('they were heard of', async () => {
      const reply = await app.get(`/api/admin/users/${id}`, 'sa');
      return typeof (reply.json.data['user'] as { last_seen_at: unknown }).last_seen_at === 'string';
    });
    const agents = documented('listAgents', await app.get('/api/admin/agents', 'agent.sari')).json.data[
      'agents'
    ];
    expect((agents as { name: string }[]).map(({ name }) => name)).to.deep.equal([
      'agent.sari',
      'other.sari',
      'sa',
      'tl',
    ]);
    const [ours = ''] = tickets.slice(2);
    const tag = await app.get(`/api/admin/agents?taggable_for=${ours}`, 'agent.sari');
    expect((tag.json.data['agents'] as { name: string }[]).map(({ name }) => name)).to.deep.equal([
      'agent.sari',
      'sa',
      'tl',
    ]);
    const hours = {
      schedules: [{ day_of_week: 1, open_time: '08:00', close_time: '16:00', is_active: true }],
    };
    const put = await app.call('/api/admin/config/office-hours/sari', {
      method: 'PUT',
      headers: { authorization: `Bearer ${app.person('sa').token}`, 'content-type': 'application/json' },
      body: JSON.stringify(hours),
    });
    expect(documented('putOfficeHours', put).json.data).to.deep.equal(hours);
    expect(documented('listExports', await app.get('/api/export', 'tl')).json.data).to.deep.equal({
      exports: [],
    });
  });

  it('answers every change with the ticket as it is then', async () => {
    const [id = ''] = await app.openTickets('sari', 1);
    await app.post(at(id, 'assign'), { assign_to: app.person('agent.sari').id }, 'tl');
    const change = async (name: string, reply: Promise<Reply>): Promise<Record<string, unknown>> => {
      const { json } = documented(name, await reply);
      expect(json.meta?.['stale'], name).to.equal(undefined);
      return json.data;
    };
    const of = (data: Record<string, unknown>) => data['ticket'] as Shown & Record<string, unknown>;
    const moved = { from_agent: app.person('agent.sari').id, to_agent: app.person('other.sari').id };
    expect(of(await change('reassign', app.post(at(id, 'reassign'), moved, 'tl'))).assigned_to?.id).to.equal(
      moved.to_agent,
    );
    const tagged = app.post(at(id, 'tag'), { action: 'add', tag: 'kargo' }, 'other.sari');
    expect(of(await change('tagTicket', tagged))['tags']).to.deep.equal(['kargo']);
    const priced = await change(
      'updateCrm',
      app.patch(at(id, 'crm'), { crm_stage: 'Proposal', quote_value: 5_000_000 }, 'other.sari'),
    );
    expect(of(priced)['crm_stage']).to.equal('Proposal');
    expect(priced['crm']).to.deep.include({ crm_stage: 'Proposal', quote_value: 5_000_000 });
    const answered = app.post(at(id, 'reply'), { message: 'Selamat siang' }, 'other.sari');
    expect(of(await change('reply', answered))).to.include({
      status: 'awaiting_response',
      last_message_from: 'agent',
    });
    const asTeam = app.post(at(id, 'reply-as-sa'), { message: 'Dari tim' }, 'sa');
    expect(of(await change('replyAsSa', asTeam))['last_message_preview']).to.equal('Dari tim');
    const offered = app.post(at(id, 'followup'), { message: 'Masih berminat?' }, 'other.sari');
    expect(of(await change('sendFollowup', offered))['last_message_preview']).to.equal('Masih berminat?');
    await change('postInternalMessage', app.post(at(id, 'internal-message'), { content: 'catatan' }, 'tl'));
    expect(of(await change('closeTicket', app.post(at(id, 'close'), {}, 'other.sari')))['status']).to.equal(
      'closed',
    );
    expect(of(await change('reopenTicket', app.post(at(id, 'reopen'), {}, 'other.sari')))['status']).to.equal(
      'in_progress',
    );
  });
});
