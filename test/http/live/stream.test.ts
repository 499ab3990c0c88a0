import { expect } from 'chai';
import { STREAM_EVENTS } from '../../../src/http/live/stream.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { listen, type Listener, type Told } from '../../support/http/event-stream.ts';
import { eventually } from '../../support/eventually.ts';
import { rejection } from '../../support/rejection.ts';

type Schema = (typeof STREAM_EVENTS)[keyof typeof STREAM_EVENTS];

describe('the live stream', function () {
  this.timeout(60_000);
  let app: TestProgram;
  const listening: Listener[] = [];
  before(async () => {
    app = await startTestProgram();
  });
  after(() => app.close());
  afterEach(() => {
    for (const one of listening.splice(0)) one.stop();
  });

  async function as(key: string, lastEventId?: string, url = app.url): Promise<Listener> {
    const one = await listen(url, app.person(key).token, lastEventId);
    listening.push(one);
    return one;
  }
  const ticketOf = ({ data }: Told): unknown => data['ticket_id'] ?? data['id'];
  const about = (ticketId: string, event: string) => (one: Told) =>
    one.event === event && ticketOf(one) === ticketId;
  const layer = (ticketId: string, wanted: string) => (one: Told) =>
    about(ticketId, 'message')(one) && one.data['layer'] === wanted;
  /** What happens last is what everybody gets: when it is there, what was to come before has come. */
  async function marked(...listeners: Listener[]): Promise<void> {
    const [mark = ''] = await app.openTickets('sari', 1);
    await app.post(`/api/admin/ticket/${mark}/assign`, { assign_to: app.person('agent.savi').id }, 'sa');
    for (const one of listeners) await one.next('the mark', about(mark, 'ticket'));
  }

  it('tells what the reads give, by the same schemas', async () => {
    const tl = await as('tl');
    const [id = ''] = await app.openTickets('sari', 1);
    const agent = app.person('agent.sari').id;
    await app.post(`/api/admin/ticket/${id}/self-takeover`, {}, 'agent.sari');
    await app.post(
      `/api/admin/ticket/${id}/reply`,
      { message: 'Selamat pagi,\nada yang bisa dibantu?' },
      'agent.sari',
    );
    await app.post(
      `/api/admin/ticket/${id}/internal-message`,
      { content: 'hubungi gudang', tagged_agent_id: agent },
      'tl',
    );
    await app.patch(
      `/api/admin/ticket/${id}/crm`,
      { crm_stage: 'Qualified', origin_city: 'Batam' },
      'agent.sari',
    );
    await app.post('/api/agent/status', { status: 'online' }, 'agent.sari');
    await tl.next('the reply', (one) => layer(id, 'L1')(one) && JSON.stringify(one.data).includes('dibantu'));
    await tl.next('the note', layer(id, 'L2'));
    await tl.next('the presence', ({ event, data }) => event === 'presence' && data['status'] === 'online');
    const seen = tl.told.findLast(({ event }) => event === 'presence')?.data;
    const desks = (await app.get('/api/agent/status/all', 'tl')).json.data['agents'] as {
      id: string;
      active_ticket_count: number;
    }[];
    const { active_ticket_count } = desks.find((one) => one.id === agent) ?? { active_ticket_count: -1 };
    expect(seen).to.include({ id: agent, active_ticket_count });
    for (const one of tl.told) {
      const schema: Schema = STREAM_EVENTS[one.event as keyof typeof STREAM_EVENTS];
      expect(schema.safeParse(one.data).error?.issues, one.event).to.equal(undefined);
    }
    const last = tl.told.findLast(about(id, 'ticket'));
    const read = await app.get(`/api/admin/ticket/${id}`, 'tl');
    expect(tl.told.findLast(about(id, 'crm'))?.data).to.deep.equal({
      ...{ ticket_id: id, division: 'sari', crm: read.json.data['crm'] },
    });
    // What is one reader's own is not in a text that goes to many (docs/design/api.md#what-one-may-do).
    const { can, unread_count, previous_ticket_count, last_delivery_status, ...shared } = read.json.data[
      'ticket'
    ] as Record<string, unknown>;
    expect([can, unread_count, previous_ticket_count, last_delivery_status]).to.not.include(undefined);
    expect(last?.data).to.deep.equal(shared);
    await app.post('/api/agent/status', { status: 'offline' }, 'agent.sari');
  });

  it('keeps divisions, notes and notifications apart as the reads do', async () => {
    const [sari, viewer, savi, other] = [
      await as('agent.sari'),
      await as('viewer.sari'),
      await as('agent.savi'),
      await as('other.sari'),
    ];
    const [id = ''] = await app.openTickets('sari', 1);
    await app.post(`/api/admin/ticket/${id}/self-takeover`, {}, 'agent.sari');
    const note = { content: 'KANARI', tagged_agent_id: app.person('agent.sari').id };
    await app.post(`/api/admin/ticket/${id}/internal-message`, note, 'tl');
    await marked(sari, viewer, savi, other);
    await sari.next('the note for the assignee', layer(id, 'L2'));
    await sari.next(
      'told of the tag',
      ({ event, data }) => event === 'notification' && data['kind'] === 'l2_tagged',
    );
    for (const one of [viewer, other]) {
      expect(one.told.some(about(id, 'ticket'))).to.equal(true);
      expect(one.told.some(layer(id, 'L1'))).to.equal(true);
      expect(JSON.stringify(one.told)).not.to.include('KANARI');
      expect(one.told.some(({ event }) => event === 'notification' || event === 'presence')).to.equal(false);
    }
    // Of sari's tickets an agent of savi gets the one that was assigned to them, and nothing else.
    const mine = savi.told
      .filter(({ event }) => event === 'ticket')
      .map(({ data }) => (data['assigned_to'] as { id: string } | null)?.id);
    expect(new Set(mine)).to.deep.equal(new Set([app.person('agent.savi').id]));
    expect(savi.told.some((one) => ticketOf(one) === id)).to.equal(false);
    const notices = sari.told
      .filter(({ event }) => event === 'notification')
      .map(({ data }) => JSON.stringify(data));
    expect(notices.join()).not.to.include('KANARI');
  });

  it('goes on where a client was: nothing lost, nothing twice', async () => {
    const first = await as('tl');
    await marked(first);
    first.stop();
    const ids = await app.openTickets('safia', 5);
    const second = await as('tl', first.told.at(-1)?.id ?? '');
    await marked(second);
    for (const id of ids) expect(second.told.some(about(id, 'ticket')), id).to.equal(true);
    expect(second.told.some(({ event }) => event === 'reset')).to.equal(false);
    const seen = [...first.told, ...second.told].map(
      ({ id, event, data }) => `${id} ${event} ${String(data['id'] ?? '')}`,
    );
    expect(new Set(seen).size).to.equal(seen.length);
  });

  it('tells who was away too long, or never here, to load everything again', async () => {
    for (const id of ['nonsense', '00000000.0000000000000000001.9', '']) {
      const one = await as('tl', id);
      if (id === '') continue;
      await one.next('a reset', ({ event }) => event === 'reset');
    }
    const fresh = await as('tl');
    const [store = '', position = '', rank = ''] = fresh.lastId().split('.');
    const ahead = await as('tl', `${store}.${position.replace(/^0/, '1')}.${rank}`);
    await ahead.next('a reset for a place that does not exist', ({ event }) => event === 'reset');
  });

  it('ends with the session, the account and the token, at once', async () => {
    const { email } = app.person('other.savi');
    const login = await app.signIn(email);
    const token = String(login.json.data['token']);
    const one = await listen(app.url, token);
    listening.push(one);
    await app.call('/api/auth/logout', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
    });
    await eventually('logged out, cut off', () => one.closed(), 1_000);

    const two = await as('other.safia');
    await app.patch(`/api/admin/users/${app.person('other.safia').id}`, { is_active: false }, 'sa');
    await eventually('deactivated, cut off', () => two.closed(), 1_000);
    expect((await rejection(listen(app.url, app.person('other.safia').token))).message).to.include('401');
  });

  it('a moved agent gets the new division and not the old one, within a second', async () => {
    const moved = await as('other.sari');
    const id = app.person('other.sari').id;
    await app.patch(`/api/admin/users/${id}`, { division: 'savi' }, 'sa');
    await eventually('cut off', () => moved.closed(), 1_000);
    await app.signInAgain('other.sari');
    const again = await as('other.sari', moved.lastId());
    const [old = ''] = await app.openTickets('sari', 1);
    const [own = ''] = await app.openTickets('savi', 1);
    await again.next('a ticket of the new division', about(own, 'ticket'));
    for (const one of [moved, again]) expect(one.told.some((told) => ticketOf(told) === old)).to.equal(false);
    await app.patch(`/api/admin/users/${id}`, { division: 'sari' }, 'sa');
    await app.signInAgain('other.sari');
  });

  it('an internal note reaches nobody who has lost the ticket or the role, be it by asking for what they missed (A2, A3)', async () => {
    const [id = ''] = await app.openTickets('sari', 1);
    await app.post(`/api/admin/ticket/${id}/self-takeover`, {}, 'other.sari');
    const [before, now] = [app.person('other.sari').id, app.person('agent.sari').id];
    const note = (content: string) => app.post(`/api/admin/ticket/${id}/internal-message`, { content }, 'tl');
    const [theirs, ours] = [await as('other.sari'), await as('agent.sari')];
    await note('KANARI-1');
    await theirs.next('the note while it was theirs', layer(id, 'L2'));
    const from = theirs.lastId();

    await app.post(`/api/admin/ticket/${id}/reassign`, { from_agent: before, to_agent: now }, 'tl');
    await note('KANARI-2');
    await ours.next('the note for who has it now', layer(id, 'L2'));
    await app.post(`/api/admin/ticket/${id}/reassign`, { from_agent: now, to_agent: before }, 'tl');
    await app.patch(`/api/admin/users/${before}`, { role: 'viewer' }, 'sa');
    await app.signInAgain('other.sari');
    await note('KANARI-3');
    const again = await as('other.sari', from);
    await marked(ours, again);
    for (const one of [theirs, again]) expect(JSON.stringify(one.told)).not.to.match(/KANARI-[23]/);
    expect(JSON.stringify(ours.told)).not.to.include('KANARI-3');
    await app.patch(`/api/admin/users/${before}`, { role: 'sales_agent' }, 'sa');
    await app.signInAgain('other.sari');
  });

  it('asks for a token, and for the privilege event by event', async () => {
    expect((await rejection(listen(app.url, 'forged'))).message).to.include('401');
    const viewer = await as('viewer.sari');
    await app.post('/api/admin/privileges/viewer', { privileges: ['inbox_read'] }, 'sa');
    await viewer.next('told to load everything again', ({ event }) => event === 'reset');
    const [id = ''] = await app.openTickets('sari', 1);
    await viewer.next('the ticket', about(id, 'ticket'));
    await marked(viewer);
    expect(viewer.told.some(layer(id, 'L1'))).to.equal(false);
    await app.post('/api/admin/privileges/viewer', { privileges: ['inbox_read', 'messages_read'] }, 'sa');
  });

  it('a read notification shows on the other devices', async () => {
    const [id = ''] = await app.openTickets('sari', 1);
    const [desktop, phone] = [await as('agent.sari'), await as('agent.sari')];
    await app.post(`/api/admin/ticket/${id}/assign`, { assign_to: app.person('agent.sari').id }, 'tl');
    const told = await desktop.next(
      'told',
      ({ event, data }) => event === 'notification' && data['ticket_id'] === id,
    );
    const done = await app.post(`/api/notifications/${String(told.data['id'])}/read`, {}, 'agent.sari');
    expect(done.status).to.equal(200);
    const read = await phone.next(
      'read',
      ({ event, data }) =>
        event === 'notification' && data['id'] === told.data['id'] && data['read_at'] !== null,
    );
    expect(read.data['read_at']).to.equal(done.json.data['read_at']);
    const again = await app.post(`/api/notifications/${String(told.data['id'])}/read`, {}, 'agent.sari');
    expect(again.json.data).to.deep.equal(done.json.data);
    expect((await app.post(`/api/notifications/${String(told.data['id'])}/read`, {}, 'sa')).status).to.equal(
      404,
    );
    const list = await app.get('/api/notifications?unread=true', 'agent.sari');
    expect(JSON.stringify(list.json.data)).not.to.include(String(told.data['id']));
  });
});
