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
    program = await startTestProgram({ REFRESH_GRACE_SECONDS: '0' });
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

  it('says of what was refused that it was refused, and never that it was read', async () => {
    const viewer = 'viewer.savi';
    expect((await program.get(`/api/admin/ticket/${elsewhere}/messages`, 'agent.sari')).status).to.equal(403);
    expect((await program.get(`/api/admin/ticket/${elsewhere}/history`, 'agent.sari')).status).to.equal(403);
    const take = `/api/admin/ticket/${elsewhere}/self-takeover`;
    expect((await program.post(take, {}, 'agent.sari')).status).to.equal(403);
    const nowhere = '019a9d1e-7c00-7000-8000-00000000dead';
    expect((await program.get(`/api/admin/ticket/${nowhere}`, 'agent.sari')).status).to.equal(404);
    expect((await program.post(`/api/admin/customer/${nowhere}/erase`, {}, 'sa')).status).to.equal(404);
    expect((await program.get('/api/admin/inbox?division=savi', 'agent.sari')).status).to.equal(403);
    expect((await program.get('/api/admin/users', viewer)).status).to.equal(403);
    expect((await program.get(`/api/admin/ticket/${elsewhere}/messages`, 'agent.savi')).status).to.equal(200);
    await eventuallyReads(`ticket_id=${elsewhere}`, ['messages']);
    const refusals = async (of: string) =>
      (await entries(`user_id=${program.person(of).id}`)).flatMap(({ event, ticket_id, metadata }) =>
        event === 'access_refused'
          ? [
              `${String(metadata['action'])} ${String(metadata['code'])} ${ticket_id ?? String(metadata['subject_id'])}`,
            ]
          : [],
      );
    await eventually('each refusal', async () =>
      (await refusals('agent.sari')).length >= 5 ? true : undefined,
    );
    expect((await refusals('agent.sari')).sort()).to.deep.equal([
      `getHistory FORBIDDEN ${elsewhere}`,
      `getTicket TICKET_NOT_FOUND ${nowhere}`,
      'listInbox DIVISION_FORBIDDEN null',
      `listMessages DIVISION_FORBIDDEN ${elsewhere}`,
      `selfTakeover DIVISION_FORBIDDEN ${elsewhere}`,
    ]);
    await eventually('those of others', async () => (await refusals(viewer)).length === 1 || undefined);
    expect(await refusals(viewer)).to.deep.equal(['listUsers FORBIDDEN null']);
    expect(await refusals('sa')).to.deep.equal([`eraseCustomer CUSTOMER_NOT_FOUND ${nowhere}`]);
  });

  it('tells who read the users, the audit of a ticket, of the administration, and this record', async () => {
    for (const path of ['users', `ticket/${ticket}/audit-log`, 'audit-log', 'audit/access'])
      expect((await program.get(`/api/admin/${path}`, 'sa')).status, path).to.equal(200);
    await eventually('all four', async () => {
      const found = await reads(`user_id=${program.person('sa').id}`);
      return (
        ['users', 'audit_log', 'admin_audit', 'access_log'].every((kind) => found.includes(kind)) || undefined
      );
    });
  });

  it('keeps a number that was looked for next to a name, or behind a mark that no number has', async () => {
    const agent = 'agent.safia';
    const { id } = program.person(agent);
    const asked = [
      'Budi 0813 77776666',
      'Budi 081377776666',
      '6281377776666/',
      'a,6281377776666',
      'Budi Santoso',
    ];
    for (const q of asked)
      expect((await program.get(`/api/admin/inbox?q=${encodeURIComponent(q)}`, agent)).status).to.equal(200);
    const found = await eventually('three searches', async () => {
      // To look for who looked is on record, too.
      const all = (await entries('phone=081377776666')).filter(({ user }) => user?.id === id);
      return all.length >= 3 ? all : undefined;
    });
    expect(found.map(({ user }) => user?.id)).to.deep.equal([id, id, id]);
    const all = await entries(`user_id=${id}`);
    expect(
      all.filter(({ metadata }) => metadata['kind'] === 'inbox' && metadata['searched'] !== null),
    ).to.have.length(4);
  });

  it('keeps every search for a phone number, is searched by the number, and never shows it', async () => {
    const agent = 'other.savi';
    const { id } = program.person(agent);
    for (const q of ['0812-9876-5432', '+62 812 9876 5432', '0812-9876-5432', 'Budi', 'Siti'])
      expect((await program.get(`/api/admin/inbox?q=${encodeURIComponent(q)}`, agent)).status).to.equal(200);
    const searches = await eventually('three searches and one list', async () => {
      const found = await entries(`user_id=${id}`);
      return found.filter(({ metadata }) => metadata['kind'] === 'inbox').length === 4 ? found : undefined;
    });
    expect(JSON.stringify(searches)).to.not.match(/98765432|9876-5432/);
    const asked = `phone=${encodeURIComponent('62 812 98765432')}`;
    const found = await entries(asked);
    expect(found.map(({ user }) => user?.id)).to.deep.equal([id, id, id]);
    expect(found.every(({ metadata }) => typeof metadata['request_id'] === 'string')).to.equal(true);
    expect(new Set(found.map(({ metadata }) => metadata['request_id'])).size).to.equal(3);
    expect(await entries('phone=081200000000')).to.deep.equal([]);
    expect((await program.get('/api/admin/audit/access?phone=budi', 'sa')).status).to.equal(400);
    // Who asks the record for a number searches for it, too.
    await eventually(
      'the auditor',
      async () =>
        (await entries(asked)).some(({ user }) => user?.id === program.person('sa').id) || undefined,
    );
  });

  it('tells that a refresh token was used twice, and by whose session', async () => {
    const { id, email } = program.person('viewer.safia');
    const { refresh_token } = (await program.signIn(email)).json.data as { refresh_token: string };
    const refresh = async (token: string) =>
      program.call('/api/auth/refresh', posting({ refresh_token: token }));
    expect((await refresh(refresh_token)).status).to.equal(200);
    expect((await refresh(refresh_token)).json.error.code).to.equal('SESSION_REVOKED');
    const entry = await eventually('the reuse', async () =>
      (await entries(`user_id=${id}`)).find(({ event }) => event === 'refresh_token_reused'),
    );
    expect(entry.user?.id).to.equal(id);
    expect(entry.metadata['session_id']).to.be.a('string');
    expect(entry.metadata['origin']).to.be.a('string');
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
