/** Taking rights away while nothing is projected: the read tables know nothing of it, and it holds all the same. */
import { expect } from 'chai';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../support/http/app.ts';
import { listen } from '../support/http/event-stream.ts';
import { eventually } from '../support/eventually.ts';
import { ask, bearer, type Reply } from '../support/http/http.ts';

describe('without a projector', function () {
  this.timeout(60_000);
  let app: TestProgram;
  let elsewhere: string;
  before(async () => {
    app = await startTestProgram({ RUN: 'api' });
    elsewhere = await app.another();
  });
  after(() => app.close());

  const change = async (key: string, patch: object): Promise<void> => {
    const reply = await app.patch(`/api/admin/users/${app.person(key).id}`, patch, 'sa');
    expect(reply.status, reply.text).to.equal(200);
  };
  const statusOf = async (answer: Promise<Reply>): Promise<number> => (await answer).status;
  const everywhere = (token: string, path = '/api/admin/inbox'): Promise<number[]> =>
    Promise.all([app.url, elsewhere].map((url) => statusOf(ask(url, path, { headers: bearer(token) }))));

  it('a deactivated person neither reads, nor writes, nor listens, nor signs in', async () => {
    const { token, email } = app.person('other.sari');
    expect(await everywhere(token)).to.deep.equal([200, 200]);
    const streams = await Promise.all([listen(app.url, token), listen(elsewhere, token)]);
    await change('other.sari', { is_active: false });
    expect(await everywhere(token)).to.deep.equal([401, 401]);
    expect(await statusOf(app.post('/api/agent/status', { status: 'online' }, 'other.sari'))).to.equal(401);
    for (const stream of streams) await eventually('the stream is cut', () => stream.closed(), 1_000);
    expect(await statusOf(app.signIn(email))).to.equal(401);
  });

  it('who comes back signs in again: no token of before is good', async () => {
    const { token, email } = app.person('viewer.sari');
    const refreshToken = (await app.signIn(email)).json.data['refresh_token'];
    await change('viewer.sari', { is_active: false });
    await change('viewer.sari', { is_active: true });
    expect(await everywhere(token)).to.deep.equal([401, 401]);
    const refreshed = await app.call('/api/auth/refresh', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ refresh_token: refreshToken }),
    });
    expect(refreshed.status).to.equal(401);
    expect(await statusOf(app.signIn(email))).to.equal(200);
  });

  it('a new password is the only one', async () => {
    const { token, email } = app.person('agent.savi');
    expect(await everywhere(token), 'both processes remember the person').to.deep.equal([200, 200]);
    await change('agent.savi', { password: 'kata sandi yang baru' });
    expect(await everywhere(token)).to.deep.equal([401, 401]);
    expect(await statusOf(app.signIn(email, STAFF_PASSWORD))).to.equal(401);
    expect(await statusOf(app.signIn(email, 'kata sandi yang baru'))).to.equal(200);
  });

  it('a moved agent has the new division, and only that', async () => {
    const { token } = app.person('other.savi');
    expect(await everywhere(token), 'both processes remember the person').to.deep.equal([200, 200]);
    await change('other.savi', { division: 'safia' });
    expect(await everywhere(token)).to.deep.equal([401, 401]);
    await app.signInAgain('other.savi');
    const { user } = (await app.get('/api/auth/me', 'other.savi')).json.data as {
      user: { division: string };
    };
    expect(user.division).to.equal('safia');
    expect(await everywhere(app.person('other.savi').token, '/api/admin/inbox?division=savi')).to.deep.equal([
      403, 403,
    ]);
  });

  it('a revoked privilege is gone, of a person and of a role', async () => {
    const { token: before } = app.person('agent.safia');
    expect(await everywhere(before), 'both processes remember the person').to.deep.equal([200, 200]);
    await change('agent.safia', { privileges: { granted: [], revoked: ['inbox_read'] } });
    expect(await everywhere(before)).to.deep.equal([401, 401]);
    await app.signInAgain('agent.safia');
    expect(await everywhere(app.person('agent.safia').token)).to.deep.equal([403, 403]);

    const { token } = app.person('viewer.savi');
    expect(await everywhere(token)).to.deep.equal([200, 200]);
    const set = await app.post('/api/admin/privileges/viewer', { privileges: ['messages_read'] }, 'sa');
    expect(set.status, set.text).to.equal(200);
    expect(await everywhere(token)).to.deep.equal([403, 403]);
  });
});
