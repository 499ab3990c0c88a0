import { expect } from 'chai';
import { DEFAULT_PRIVILEGES } from '../../../src/domain/staff/privileges.ts';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { ask, bearer, posting, type Reply } from '../../support/http/http.ts';

/** In one process and in two: after a change of a person, their next request is judged by it. */
describe('a change of what somebody may', () => {
  let app: TestProgram;
  let secondUrl: string;
  before(async function () {
    this.timeout(60_000);
    app = await startTestProgram();
    secondUrl = await app.another();
  });
  after(() => app.close());

  const change = async (key: string, patch: object): Promise<void> => {
    const reply = await app.patch(`/api/admin/users/${app.person(key).id}`, patch, 'sa');
    expect(reply.status, reply.text).to.equal(200);
  };
  const codeOf = ({ status, json }: Reply): [number, string] => [status, json.error.code];
  const meOf = (key: string): Promise<Reply> => app.get('/api/auth/me', key);

  it('of role and division holds from the next request on', async () => {
    const [ticket = ''] = await app.openTickets('savi', 1);
    const path = `/api/admin/ticket/${ticket}`;
    expect(codeOf(await app.get(path, 'other.sari'))).to.deep.equal([403, 'DIVISION_FORBIDDEN']);
    await change('other.sari', { division: 'savi' });
    expect(codeOf(await app.get(path, 'other.sari'))).to.deep.equal([401, 'SESSION_REVOKED']);
    await app.signInAgain('other.sari');
    expect((await app.get(path, 'other.sari')).status).to.equal(200);
    expect((await app.get(`${path}/audit-log`, 'other.sari')).status).to.equal(403);
    await change('other.sari', { role: 'team_lead' });
    await app.signInAgain('other.sari');
    expect((await app.get(`${path}/audit-log`, 'other.sari')).status).to.equal(200);
    await change('other.sari', { role: 'viewer' });
    await app.signInAgain('other.sari');
    expect(codeOf(await app.post(`${path}/tag`, { action: 'add', tag: 'a' }, 'other.sari'))).to.deep.equal([
      403,
      'FORBIDDEN',
    ]);
  });

  it('of one person’s privileges holds from the next request on', async () => {
    const [ticket = ''] = await app.openTickets('safia', 1);
    const tag = (): Promise<Reply> =>
      app.post(`/api/admin/ticket/${ticket}/tag`, { action: 'add', tag: 'a' }, 'other.safia');
    await change('other.safia', { privileges: { granted: [], revoked: ['tag'] } });
    expect(codeOf(await tag())).to.deep.equal([401, 'SESSION_REVOKED']);
    await app.signInAgain('other.safia');
    expect(codeOf(await tag())).to.deep.equal([403, 'FORBIDDEN']);
    await change('other.safia', { privileges: { granted: [], revoked: [] } });
    await app.signInAgain('other.safia');
    expect((await tag()).status).to.equal(200);
  });

  it('of a role’s privileges holds from the next request on', async () => {
    const set = (privileges: readonly string[]): Promise<Reply> =>
      app.post('/api/admin/privileges/viewer', { privileges }, 'sa');
    expect((await app.get('/api/admin/inbox', 'viewer.sari')).status).to.equal(200);
    expect((await set(['messages_read'])).json.data).to.deep.equal({
      role: 'viewer',
      privileges: ['messages_read'],
    });
    expect(codeOf(await app.get('/api/admin/inbox', 'viewer.sari'))).to.deep.equal([403, 'FORBIDDEN']);
    const got = await app.get('/api/admin/privileges/viewer', 'sa');
    expect(got.json.data.privileges).to.deep.equal(['messages_read']);
    await set(DEFAULT_PRIVILEGES.viewer);
    expect((await app.get('/api/admin/inbox', 'viewer.sari')).status).to.equal(200);
    const refused = await set(['internal_read']);
    expect(codeOf(refused)).to.deep.equal([400, 'PRIVILEGE_NOT_GRANTABLE']);
    // Both are for people to read.
    const sentence = 'Izin ini tidak dapat diberikan kepada peran tersebut.';
    expect(refused.json.error).to.deep.include({
      message: sentence,
      details: [{ path: 'privileges', message: sentence, code: 'PRIVILEGE_NOT_GRANTABLE', params: {} }],
    });
  });

  it('of the password ends every session, and the old password', async () => {
    const { email, token } = app.person('other.savi');
    const refreshToken = (await app.signIn(email)).json.data.refresh_token;
    await change('other.savi', { password: 'kata sandi yang baru' });
    expect(codeOf(await app.call('/api/auth/me', { headers: bearer(token) }))).to.deep.equal([
      401,
      'SESSION_REVOKED',
    ]);
    const refreshed = await app.call('/api/auth/refresh', posting({ refresh_token: refreshToken }));
    expect(codeOf(refreshed)).to.deep.equal([401, 'SESSION_REVOKED']);
    expect((await app.signIn(email, STAFF_PASSWORD)).status).to.equal(401);
    expect((await app.signIn(email, 'kata sandi yang baru')).status).to.equal(200);
  });

  it('to inactive shuts out at once, in another process too, and back', async () => {
    const { token, email } = app.person('viewer.safia');
    const there = (): Promise<Reply> => ask(secondUrl, '/api/auth/me', { headers: bearer(token) });
    expect([(await meOf('viewer.safia')).status, (await there()).status]).to.deep.equal([200, 200]);
    await change('viewer.safia', { is_active: false });
    expect(codeOf(await meOf('viewer.safia'))).to.deep.equal([401, 'UNAUTHENTICATED']);
    expect(codeOf(await there())).to.deep.equal([401, 'UNAUTHENTICATED']);
    expect((await app.signIn(email)).status).to.equal(401);
    await change('viewer.safia', { is_active: true });
    // An old token stays worth nothing.
    expect(codeOf(await meOf('viewer.safia'))).to.deep.equal([401, 'SESSION_REVOKED']);
    expect((await app.signIn(email)).status).to.equal(200);
  });

  it('never leaves the house without a super admin', async () => {
    const { id } = app.person('sa');
    for (const patch of [{ is_active: false }, { role: 'viewer' }]) {
      const reply = await app.patch(`/api/admin/users/${id}`, patch, 'sa');
      expect(codeOf(reply)).to.deep.equal([409, 'LAST_SUPER_ADMIN']);
    }
  });

  it('is seen by who made it, in any process', async () => {
    for (let n = 0; n < 10; n += 1) {
      await change('agent.safia', { name: `Nama ke-${String(n)}` });
      const list = await ask(secondUrl, '/api/admin/users', { headers: bearer(app.person('sa').token) });
      const users = list.json.data.users as { id: string; name: string }[];
      expect(users.find(({ id }) => id === app.person('agent.safia').id)?.name).to.equal(
        `Nama ke-${String(n)}`,
      );
      expect(list.json.meta?.stale).to.equal(undefined);
    }
  });
});
