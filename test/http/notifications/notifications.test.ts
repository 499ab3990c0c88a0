import { expect } from 'chai';
import { eventually } from '../../support/eventually.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { listen } from '../../support/http/event-stream.ts';

interface Told {
  readonly id: string;
  readonly kind: string;
  readonly ticket_id: string | null;
  readonly read_at: string | null;
}

describe('the notifications of a person', function () {
  this.timeout(120_000);
  let app: TestProgram;
  let tickets: readonly string[];
  before(async () => {
    app = await startTestProgram();
    tickets = await app.openTickets('sari', 3);
    for (const id of tickets)
      await app.post(`/api/admin/ticket/${id}/assign`, { assign_to: app.person('agent.sari').id }, 'tl');
    await app.post(
      `/api/admin/ticket/${tickets[0] ?? ''}/internal-message`,
      { content: 'catatan', tagged_agent_id: app.person('agent.sari').id },
      'tl',
    );
    await eventually('all are there', async () => (await unread()) === 4);
  });
  after(() => app.close());

  const list = async (query = '', as = 'agent.sari') => {
    const { status, json } = await app.get(`/api/notifications?${query}`, as);
    expect(status, JSON.stringify(json)).to.equal(200);
    return { told: json.data['notifications'] as Told[], unread: json.meta?.['unread'] as number };
  };
  const unread = async (): Promise<number> => (await list()).unread;
  const kinds = async (query: string) => (await list(query)).told.map(({ kind }) => kind);

  it('are listed by kind, layer and ticket', async () => {
    expect(await kinds('kind=ticket_assigned')).to.deep.equal(Array(3).fill('ticket_assigned'));
    expect(await kinds('layer=L2')).to.deep.equal(['l2_tagged']);
    expect(await kinds(`ticket_id=${tickets[0] ?? ''}`)).to.have.members(['l2_tagged', 'ticket_assigned']);
    expect(await kinds(`ticket_id=${tickets[0] ?? ''}&layer=L2&unread=true`)).to.deep.equal(['l2_tagged']);
    expect(await kinds('kind=ticket_assigned&layer=L2')).to.deep.equal([]);
    expect((await app.get('/api/notifications?kind=weather', 'agent.sari')).status).to.equal(400);
  });

  it('have a page each, for nobody else', async () => {
    const [first] = (await list()).told;
    const path = `/api/notifications/${first?.id ?? ''}`;
    expect((await app.get(path, 'agent.sari')).json.data['notification']).to.deep.equal(first);
    expect((await app.get(path, 'tl')).json.error.code).to.equal('NOTIFICATION_NOT_FOUND');
  });

  it('are read by ids, by ticket, up to a moment, or all', async () => {
    const read = async (body: object) => {
      const { status, json } = await app.post('/api/notifications/read', body, 'agent.sari');
      return status === 200 ? (json.data['unread'] as number) : json.error.details?.[0]?.path;
    };
    const { told } = await list('kind=ticket_assigned');
    expect(await read({ ids: [told[0]?.id] })).to.equal(3);
    expect(await read({ ids: [told[0]?.id] })).to.equal(3);
    expect(await read({ all: true, before: '2020-01-01T00:00:00Z' })).to.equal(3);
    expect(await read({ ticket_id: tickets[0] })).to.equal(1);
    expect(await unread()).to.equal(1);
    expect(await read({ all: true })).to.equal(0);
    expect((await list()).told.every(({ read_at }) => read_at !== null)).to.equal(true);
    expect(await read({ all: true, ticket_id: tickets[0] })).to.equal('ids');
    expect(await read({})).to.equal('ids');
    // Somebody else's changes nothing.
    expect((await app.post('/api/notifications/read', { ids: [told[1]?.id] }, 'tl')).status).to.equal(200);
  });

  it('are what the person wants to be told of', async () => {
    const path = '/api/notifications/preferences';
    const all = (await app.get(path, 'agent.sari')).json.data['preferences'] as Record<string, unknown>;
    expect(all['l2_tagged']).to.deep.equal({ in_app: true, push: true, sound: true });
    const changed = await app.patch(
      path,
      { preferences: { ticket_assigned: { in_app: false } } },
      'agent.sari',
    );
    expect(changed.json.data['preferences']).to.deep.equal({
      ...all,
      ticket_assigned: { in_app: false, push: true, sound: true },
    });
    expect(await kinds('')).to.deep.equal(['l2_tagged']);
    const stream = await listen(app.url, app.person('agent.sari').token);
    const [more = ''] = await app.openTickets('sari', 1);
    await app.post(`/api/admin/ticket/${more}/assign`, { assign_to: app.person('agent.sari').id }, 'tl');
    await app.post(
      `/api/admin/ticket/${more}/internal-message`,
      { content: 'lagi', tagged_agent_id: app.person('agent.sari').id },
      'tl',
    );
    await stream.next(
      'the kind that is wanted',
      ({ event, data }) => event === 'notification' && data['kind'] === 'l2_tagged',
    );
    expect(stream.told.filter(({ data }) => data['kind'] === 'ticket_assigned')).to.deep.equal([]);
    stream.stop();
    expect(await unread()).to.equal(1);
    // It is on record all the same.
    await app.patch(path, { preferences: { ticket_assigned: { in_app: true } } }, 'agent.sari');
    expect(await kinds(`ticket_id=${more}`)).to.have.members(['l2_tagged', 'ticket_assigned']);
    expect((await app.get(path, 'agent.sari')).json.data['preferences']).to.deep.equal(all);
    expect(
      (await app.patch(path, { preferences: { weather: { push: true } } }, 'agent.sari')).status,
    ).to.equal(400);
  });
});
