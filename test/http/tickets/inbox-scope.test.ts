import { expect } from 'chai';
import { routes } from '../../../src/http/routes.ts';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { expectDocumented } from '../../support/http/contract.ts';
import { eventually } from '../../support/eventually.ts';
import type { Reply } from '../../support/http/http.ts';

const routeNamed = (name: string) => {
  const found = routes.find((one) => one.name === name);
  if (!found) throw new Error(`no route ${name}`);
  return found;
};
const ticketsOf = ({ json }: Reply) =>
  json.data.tickets as { id: string; division: string; customer_name: string }[];

describe('the inbox over HTTP', () => {
  let app: TestProgram;
  let sari: string[];
  let savi: string[];
  before(async function () {
    this.timeout(60_000);
    app = await startTestProgram();
    sari = await app.openTickets('sari', 7);
    savi = await app.openTickets('savi', 5);
  });
  after(() => app.close());

  const inbox = async (query: string, as: string): Promise<Reply> => {
    const reply = await app.get(`/api/admin/inbox?${query}`, as);
    expectDocumented(routeNamed('listInbox'), reply);
    return reply;
  };

  it('shows an agent no row, count or search hit of another division', async () => {
    const all = await inbox('', 'agent.sari');
    expect(ticketsOf(all).map(({ id }) => id)).to.have.members(sari);
    expect(all.json.meta?.total).to.equal(sari.length);
    const customer_name = ticketsOf(await inbox('division=savi', 'sa'))[0]?.customer_name ?? '';
    for (const query of [`q=${customer_name}`, 'q=Pelanggan']) {
      const hits = await inbox(query, 'agent.sari');
      expect(ticketsOf(hits).every(({ division }) => division === 'sari')).to.equal(true);
      expect(hits.json.meta?.total).to.equal(query === 'q=Pelanggan' ? sari.length : 0);
    }
    expect((await inbox('division=savi', 'agent.sari')).json.error.code).to.equal('DIVISION_FORBIDDEN');
    expect((await inbox('division=all', 'agent.sari')).json.error.code).to.equal('DIVISION_FORBIDDEN');
    const free = await app.get('/api/admin/inbox/free', 'agent.sari');
    expect(ticketsOf(free).map(({ id }) => id)).to.have.members(sari);
  });

  it('shows leads all divisions, or the one they ask for', async () => {
    for (const as of ['sa', 'tl']) {
      expect((await inbox('', as)).json.meta?.total).to.equal(12);
      expect((await inbox('division=all', as)).json.meta?.total).to.equal(12);
      expect((await inbox('division=savi', as)).json.meta?.total).to.equal(5);
    }
  });

  it('pages by cursor through everything once, and by offset', async () => {
    const seen: string[] = [];
    let cursor = '';
    do {
      const page = await inbox(`limit=5${cursor}`, 'sa');
      seen.push(...ticketsOf(page).map(({ id }) => id));
      const next = page.json.meta?.next_cursor as string | undefined;
      cursor = next === undefined ? '' : `&cursor=${next}`;
    } while (cursor !== '');
    expect(seen)
      .to.have.members([...sari, ...savi])
      .and.have.length(12);
    const offset = await inbox('limit=5&offset=5', 'sa');
    expect(ticketsOf(offset).map(({ id }) => id)).to.deep.equal(seen.slice(5, 10));
    expect(offset.json.meta).to.include({ total: 12, limit: 5, offset: 5 });
  });

  it('takes a cursor of nobody, of another list, or edited for what it is', async () => {
    for (const cursor of ['x', 'bnVsbA', Buffer.from('["audit","1"]').toString('base64url')]) {
      const reply = await inbox(`cursor=${cursor}`, 'sa');
      expect([reply.status, reply.json.error.details?.[0]?.path]).to.deep.equal([400, 'cursor']);
    }
  });

  it('reads tags in every form, and all must match', async () => {
    const [ticket = '', other = ''] = sari;
    for (const tag of ['mendesak', 'b2b']) {
      await app.post(`/api/admin/ticket/${ticket}/tag`, { action: 'add', tag }, 'agent.sari');
    }
    await app.post(`/api/admin/ticket/${other}/tag`, { action: 'add', tag: 'b2b' }, 'agent.sari');
    for (const query of ['tags=mendesak,b2b', 'tags=mendesak&tags=b2b', 'tags[]=mendesak&tags[]=b2b']) {
      expect(
        ticketsOf(await inbox(query, 'agent.sari')).map(({ id }) => id),
        query,
      ).to.deep.equal([ticket]);
    }
    expect((await inbox('tags=b2b', 'agent.sari')).json.meta?.total).to.equal(2);
  });

  it('shows an agent of another division exactly the ticket they were given', async () => {
    const [given = '', kept = ''] = savi;
    const { id } = app.person('other.sari');
    expect((await app.post(`/api/admin/ticket/${given}/assign`, { assign_to: id }, 'tl')).status).to.equal(
      200,
    );
    const path = `/api/admin/ticket/${given}`;
    // The lead's own reads show it at once; other people's a moment later.
    await eventually('the grant', async () => (await app.get(path, 'other.sari')).status === 200);
    for (const of of ['', '/messages', '/internal-messages']) {
      expect((await app.get(path + of, 'other.sari')).status, of).to.equal(200);
    }
    expect((await app.get(`/api/admin/ticket/${kept}`, 'other.sari')).status).to.equal(403);
    expect((await app.post(`${path}/reply`, { message: 'Siap, Kak' }, 'other.sari')).status).to.equal(201);
    for (const tag of ['lintas', 'mobil']) {
      expect((await app.post(`${path}/tag`, { action: 'add', tag }, 'other.sari')).status, tag).to.equal(200);
    }
    // The ticket is found among the others by every filter, and left out by every filter it does not match.
    const name = ticketsOf(await inbox('assigned_to=me', 'other.sari'))[0]?.customer_name ?? '';
    const matching = [
      '',
      'tags=lintas',
      'tags=lintas,mobil',
      `tags=mobil&q=${name}`,
      'tags=lintas&status=awaiting_response',
    ];
    for (const query of matching) {
      const found = await inbox(`assigned_to=me&${query}`, 'other.sari');
      expect(
        ticketsOf(found).map((one) => one.id),
        query,
      ).to.deep.equal([given]);
      expect(found.json.meta?.total, query).to.equal(1);
    }
    for (const query of [
      'tags=b2b',
      'tags=lintas,b2b',
      'tags=lintas&q=tidakada',
      'tags=lintas&status=closed',
    ]) {
      const found = await inbox(`assigned_to=me&${query}`, 'other.sari');
      expect([ticketsOf(found), found.json.meta?.total], query).to.deep.equal([[], 0]);
    }
    // The next read of the same person shows what they wrote.
    const messages = await app.get(`${path}/messages`, 'other.sari');
    expectDocumented(routeNamed('listMessages'), messages);
    const said = messages.json.data.messages as { content: string; delivery_status?: string }[];
    expect(said.at(-1)).to.include({ content: 'Siap, Kak', delivery_status: 'queued' });
  });

  it('takes an id in capitals for the same one, in reads and in commands alike', async () => {
    const ticket = sari[2] ?? '';
    const path = `/api/admin/ticket/${ticket.toUpperCase()}`;
    const [agent, other] = [app.person('agent.sari').id, app.person('other.sari').id];
    expect((await app.get(path, 'tl')).json.data.ticket).to.include({ id: ticket });
    expect((await app.post(`${path}/self-takeover`, {}, 'agent.sari')).json.data['ticket_id']).to.equal(
      ticket,
    );
    const mine = await inbox(`assigned_to=${agent.toUpperCase()}`, 'agent.sari');
    expect(mine.json.meta?.total).to.equal(1);
    const move = { from_agent: agent.toUpperCase(), to_agent: other.toUpperCase() };
    expect((await app.post(`${path}/reassign`, move, 'tl')).status).to.equal(200);
    const back = await app.post(`${path}/assign`, { assign_to: agent.toUpperCase() }, 'tl');
    expect(back.json.data).to.include({ from: other, to: agent });
    const note = { content: 'Tolong dilihat', tagged_agent_id: agent.toUpperCase() };
    expect((await app.post(`${path}/internal-message`, note, 'tl')).status).to.equal(201);
    expect((await app.get(`${path}/internal-messages`, 'tl')).status).to.equal(200);
    expect((await app.get(`${path}/history`, 'tl')).status).to.equal(200);
    const desk = `/api/agent/${agent.toUpperCase()}/status`;
    expect((await app.post(desk, { status: 'offline' }, 'tl')).status).to.equal(200);
  });

  it('tells who won, in the audit log, after many tried at once', async () => {
    const ticket = sari.at(-1) ?? '';
    const replies = await Promise.all(
      Array.from({ length: 30 }, (_, n) =>
        app.post(`/api/admin/ticket/${ticket}/self-takeover`, {}, n % 2 === 0 ? 'agent.sari' : 'other.sari'),
      ),
    );
    const won = replies.filter(({ status }) => status === 200);
    expect(won).to.have.length(1);
    expect(replies.filter(({ json }) => json.error?.code === 'TICKET_ALREADY_TAKEN')).to.have.length(29);
    // Read by a lead, who wrote none of it: it shows a moment later.
    const takeovers = await eventually('the entry', async () => {
      const audit = await app.get(`/api/admin/ticket/${ticket}/audit-log`, 'tl');
      expectDocumented(routeNamed('listAudit'), audit);
      const events = audit.json.data.events as { event: string; actor: { id: string } | null }[];
      const found = events.filter(({ event }) => event === 'self_takeover');
      return found.length > 0 ? found : undefined;
    });
    expect(takeovers.map(({ actor }) => actor)).to.deep.equal([won[0]?.json.data['assigned_to']]);
  });
});
