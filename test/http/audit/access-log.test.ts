import { expect } from 'chai';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { eventually } from '../../support/eventually.ts';
import { bearer, posting } from '../../support/http/http.ts';

interface Entry {
  readonly event: string;
  readonly user: { readonly id: string; readonly name: string } | null;
  readonly ticket_id: string | null;
  readonly timestamp: string;
  readonly metadata: Record<string, unknown>;
}

describe('the access log', () => {
  let program: TestProgram;
  let ticket: string;
  let elsewhere: string;
  before(async function () {
    this.timeout(60_000);
    program = await startTestProgram();
    [ticket = ''] = await program.openTickets('sari', 1);
    [elsewhere = ''] = await program.openTickets('savi', 1);
  });
  after(() => program.close());

  async function entries(query: string): Promise<Entry[]> {
    const reply = await program.get(`/api/admin/audit/access?${query}`, 'sa');
    expect(reply.status, reply.text).to.equal(200);
    return reply.json.data['events'] as Entry[];
  }
  const reads = async (query: string): Promise<string[]> =>
    (await entries(query)).flatMap(({ event, metadata }) =>
      event === 'personal_data_read' ? [String(metadata['kind'])] : [],
    );
  const eventuallyReads = (query: string, wanted: readonly string[]): Promise<unknown> =>
    eventually(`${query} shows ${wanted.join()}`, async () => {
      const found = await reads(query);
      return found.toSorted().join() === wanted.toSorted().join() || undefined;
    });

  it('tells who read what of a ticket, once however often they looked', async () => {
    const of = `/api/admin/ticket/${ticket}`;
    for (let time = 0; time < 3; time += 1) {
      expect((await program.get(`${of}/messages`, 'agent.sari')).status).to.equal(200);
      expect((await program.get(of, 'agent.sari')).status).to.equal(200);
    }
    expect((await program.get(`${of}/internal-messages`, 'tl')).status).to.equal(200);
    expect((await program.get(`${of}/history`, 'tl')).status).to.equal(200);
    await eventuallyReads(`ticket_id=${ticket}`, ['messages', 'ticket', 'internal_messages', 'history']);
    const agent = program.person('agent.sari').id;
    const found = await entries(`ticket_id=${ticket}&user_id=${agent}`);
    expect(found.map(({ user }) => user?.name)).to.deep.equal(['agent.sari', 'agent.sari']);
    expect(await entries(`ticket_id=${ticket}&from=2126-01-01T00:00:00Z`)).to.deep.equal([]);
    expect(await entries(`ticket_id=${ticket}&to=2026-01-01T00:00:00Z`)).to.deep.equal([]);
  });

  it('says nothing of what was refused', async () => {
    expect((await program.get(`/api/admin/ticket/${elsewhere}/messages`, 'agent.sari')).status).to.equal(403);
    expect((await program.get(`/api/admin/ticket/${elsewhere}/history`, 'agent.sari')).status).to.equal(403);
    expect((await program.get(`/api/admin/ticket/${elsewhere}/messages`, 'agent.savi')).status).to.equal(200);
    await eventuallyReads(`ticket_id=${elsewhere}`, ['messages']);
  });

  it('names the filters of a list and never what was looked for', async () => {
    const path = '/api/admin/inbox?q=Rahasia&status=new&limit=10';
    expect((await program.get(path, 'viewer.sari')).status).to.equal(200);
    const viewer = program.person('viewer.sari').id;
    await eventuallyReads(`user_id=${viewer}`, ['inbox']);
    const [entry] = await entries(`user_id=${viewer}`);
    expect(entry?.metadata['filters']).to.have.members(['q', 'status']);
    expect(JSON.stringify(entry)).to.not.include('Rahasia');
  });

  it('tells sign-ins, sign-outs and failures, of accounts that are there and of others', async () => {
    const { id, email } = program.person('other.safia');
    const { token } = (await program.signIn(email)).json.data as { token: string };
    const out = await program.call('/api/auth/logout', {
      ...posting({}),
      headers: { 'content-type': 'application/json', ...bearer(token) },
    });
    expect(out.status).to.equal(204);
    expect((await program.signIn(email, 'bukan ini')).status).to.equal(401);
    expect((await program.signIn('tidak-ada@test.saga', 'bukan ini')).status).to.equal(401);
    const found = await eventually('all four', async () => {
      const all = await entries(`user_id=${id}`);
      return all.length === 4 ? all : undefined;
    });
    // The first one is the sign-in of the setup.
    expect(found.map(({ event }) => event)).to.deep.equal([
      'sign_in_failed',
      'signed_out',
      'signed_in',
      'signed_in',
    ]);
    expect(found[0]?.metadata['reason']).to.equal('wrong_password');
    expect(found[0]?.metadata['origin']).to.equal(found[2]?.metadata['origin']);
    const unknown = await eventually('the unknown account', async () =>
      (await entries('limit=200')).find(({ metadata }) => metadata['reason'] === 'unknown_account'),
    );
    expect(unknown.user).to.equal(null);
    expect(JSON.stringify(await entries('limit=200'))).to.not.include('tidak-ada');
  });

  it('is read in pages', async () => {
    const all = await entries('limit=200');
    const paged: Entry[] = [];
    let cursor = '';
    do {
      const reply = await program.get(`/api/admin/audit/access?limit=3${cursor}`, 'tl');
      paged.push(...(reply.json.data['events'] as Entry[]));
      const next = reply.json.meta?.['next_cursor'] as string | undefined;
      cursor = next === undefined ? '' : `&cursor=${next}`;
    } while (cursor !== '');
    expect(paged).to.deep.equal(all);
  });
});
