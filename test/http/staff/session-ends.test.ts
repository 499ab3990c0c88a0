import { expect } from 'chai';
import { login, logout, me, refresh } from '../../../src/http/staff/auth.ts';
import { ownSessions } from '../../../src/http/staff/own-sessions.ts';
import { unchecked } from '../../support/stores/unchecked.ts';
import { bearer, type HttpTest, httpOn, PASSWORD, posting, type Reply } from '../../support/http/http.ts';

const tokensOf = ({ json }: Reply): { token: string; refresh_token: string } =>
  json.data as { token: string; refresh_token: string };

describe('a session', () => {
  let http: HttpTest;
  const refreshWith = (refresh_token: string): Promise<Reply> =>
    http.ask('/api/auth/refresh', posting({ refresh_token }));
  const codeOf = ({ status, json }: Reply): [number, string] => [status, json.error.code];
  const later = (seconds: number): void => {
    http.time.now = new Date(http.time.now.getTime() + seconds * 1000);
  };
  let ani: string;
  let test = 0;
  before(async () => {
    http = await httpOn([login, refresh, logout, me, ownSessions]);
  });
  after(() => http.close());
  beforeEach(async () => {
    await http.sql.query(unchecked({ text: 'delete from ops.sessions', values: [] }));
    test += 1;
    ani = `ani${String(test)}@demo.saga`;
    http.time.now = new Date('2026-11-20T03:00:00Z');
  });

  it('keeps the refresh token in a cookie where the client wants it, and takes it only with the header of a client', async () => {
    await http.member(ani);
    const given = await http.ask(
      '/api/auth/login',
      posting({ email: ani, password: PASSWORD, transport: 'cookie' }),
    );
    expect(given.json.data).to.have.keys('token', 'expires_in', 'user');
    const cookie = given.headers.get('set-cookie') ?? '';
    expect(cookie).to.match(
      /^__Secure-saga-refresh=[\w-]+; Max-Age=2592000; Path=\/api\/auth; HttpOnly; Secure; SameSite=Strict$/,
    );
    const send = (path: string, held: string, headers: object = {}, token?: string): Promise<Reply> =>
      http.ask(path, posting({}, token, { cookie: `a=b; ${held.split(';')[0] ?? ''}; c=d`, ...headers }));
    const client = { 'x-saga-client': 'dashboard' };
    expect(codeOf(await send('/api/auth/refresh', cookie))).to.deep.equal([403, 'CLIENT_HEADER_MISSING']);
    expect(codeOf(await send('/api/auth/refresh', '', client))).to.deep.equal([401, 'INVALID_REFRESH_TOKEN']);
    const renewed = await send('/api/auth/refresh', cookie, client);
    expect(renewed.status, renewed.text).to.equal(200);
    expect(renewed.json.data).to.have.keys('token', 'expires_in');
    const next = renewed.headers.get('set-cookie') ?? '';
    expect(next)
      .to.match(/^__Secure-saga-refresh=/)
      .and.not.equal(cookie);
    // The cookie alone opens no other route.
    expect((await http.ask('/api/auth/me', { headers: { cookie: next, ...client } })).status).to.equal(401);
    const { token } = renewed.json.data as { token: string };
    const out = await send('/api/auth/logout', next, {}, token);
    expect([out.status, out.headers.get('set-cookie')]).to.deep.equal([
      204,
      '__Secure-saga-refresh=; Max-Age=0; Path=/api/auth; HttpOnly; Secure; SameSite=Strict, ' +
        '__Secure-saga-technician=; Max-Age=0; Path=/r; HttpOnly; Secure; SameSite=Strict',
    ]);
    expect(codeOf(await send('/api/auth/refresh', next, client))).to.deep.equal([401, 'SESSION_REVOKED']);
  });

  it('runs out when it is not used for SESSION_IDLE_HOURS, and is shown no more', async () => {
    await http.member(ani);
    const idle = tokensOf(await http.login(ani));
    later(3600);
    const used = tokensOf(await http.login(ani));
    later(71 * 3600 - 1);
    const next = tokensOf(await refreshWith(used.refresh_token));
    const shown = async () => {
      const { json } = await http.ask('/api/auth/sessions', { headers: bearer(next.token) });
      return json.data['sessions'] as { current: boolean; expires_at: string }[];
    };
    expect(await shown()).to.have.length(2);
    later(1);
    expect(codeOf(await refreshWith(idle.refresh_token))).to.deep.equal([401, 'SESSION_REVOKED']);
    expect((await shown()).map(({ current }) => current)).to.deep.equal([true]);
    const until = new Date(http.time.now.getTime() + 72 * 3_600_000 - 1000).toISOString();
    expect((await shown())[0]?.expires_at).to.equal(until);
    expect((await refreshWith(next.refresh_token)).status).to.equal(200);
  });

  it('runs out 30 days after the login', async () => {
    await http.member(ani);
    let { refresh_token } = tokensOf(await http.login(ani));
    const day = 86_400_000;
    const start = http.time.now.getTime();
    for (let n = 1; n < 30; n += 2) {
      http.time.now = new Date(start + n * day);
      refresh_token = tokensOf(await refreshWith(refresh_token)).refresh_token;
    }
    http.time.now = new Date(start + 30 * day);
    expect(codeOf(await refreshWith(refresh_token))).to.deep.equal([401, 'SESSION_REVOKED']);
    expect(await http.sessions.purge()).to.equal(1);
  });

  it('goes on into the generation of its own change only, and never once it has ended', async () => {
    const id = await http.member('goes-on@demo.saga', 'sales_agent', 'sari');
    const { sessionId } = await http.sessions.start(id, 0);
    const generation = async () => (await http.sessions.find(sessionId))?.generation;
    await http.sessions.goOn(sessionId, 2);
    expect(await generation(), 'somebody else changed something too').to.equal(0);
    await http.sessions.goOn(sessionId, 1);
    expect(await generation()).to.equal(1);
    await http.sessions.endOlderThan(id, 2, 'rights');
    await http.sessions.goOn(sessionId, 2);
    expect(await generation()).to.equal(undefined);
  });
});
