import { expect } from 'chai';
import { login, logout, me, refresh } from '../../../src/http/staff/auth.ts';
import { bearer, type HttpTest, httpOn, PASSWORD, posting, type Reply } from '../../support/http/http.ts';
import { unchecked } from '../../support/stores/unchecked.ts';

const tokensOf = ({ json }: Reply): { token: string; refresh_token: string } =>
  json.data as { token: string; refresh_token: string };

describe('signing in', () => {
  let http: HttpTest;
  const meAs = (token: string): Promise<Reply> => http.ask('/api/auth/me', { headers: bearer(token) });
  const refreshWith = (refresh_token: string): Promise<Reply> =>
    http.ask('/api/auth/refresh', posting({ refresh_token }));
  const codeOf = ({ status, json }: Reply): [number, string] => [status, json.error.code];

  /** E-mail addresses of each test's own: failures count per account. */
  let ani: string;
  let budi: string;
  let test = 0;
  before(async () => {
    http = await httpOn([login, refresh, logout, me]);
  });
  after(() => http.close());
  beforeEach(async () => {
    test += 1;
    ani = `ani${String(test)}@demo.saga`;
    budi = `budi${String(test)}@demo.saga`;
    http.time.now = new Date('2026-11-20T03:00:00Z');
    await http.sql.query(unchecked({ text: 'delete from ops.sessions', values: [] }));
    await http.sql.query(unchecked({ text: 'delete from read.roles', values: [] }));
    http.deps.pubSub.publish('role-changed', null);
  });

  it('gives tokens and the person, with their privileges', async () => {
    const id = await http.member(`A${ani.slice(1)}`);
    const reply = await http.login(` ${ani.replace('ni', 'NI')} `);
    expect(reply.status).to.equal(200);
    expect(reply.json.data.expires_in).to.equal(28_800);
    const user = reply.json.data.user as { privileges: string[] };
    expect(user).to.include({ id, role: 'sales_agent', division: 'sari', status: 'offline' });
    expect(user.privileges).to.include('self_takeover').and.not.include('assign');
    expect((await meAs(tokensOf(reply).token)).json.data).to.deep.equal({ user });
  });

  it('tells a wrong e-mail from a wrong password by nothing, also a deactivated account', async () => {
    await http.member(ani);
    const gone = await http.member(budi);
    await http.change(gone, { type: 'UserDeactivated', data: { userId: gone } });
    const replies = [
      await http.login(ani, 'wrong'),
      await http.login('nobody@demo.saga', 'wrong'),
      await http.login(budi, PASSWORD),
    ];
    for (const reply of replies) expect(codeOf(reply)).to.deep.equal([401, 'INVALID_CREDENTIALS']);
    expect(new Set(replies.map(({ text }) => text)).size).to.equal(1);
  });

  it('takes as long for an unknown e-mail as for a wrong password', async () => {
    await http.member(ani);
    const median = async (email: () => string): Promise<number> => {
      const times: number[] = [];
      for (let n = 0; n < 15; n += 1) {
        const start = performance.now();
        await http.deps.passwords.verify(email() === 'known' ? hash : null, 'wrong');
        times.push(performance.now() - start);
      }
      return times.sort((a, b) => a - b)[7] ?? 0;
    };
    const hash = await http.deps.passwords.hash('right');
    await median(() => 'known');
    const [known, unknown] = [await median(() => 'known'), await median(() => 'unknown')];
    // Without the dummy hash the unknown one is a thousand times quicker.
    expect(unknown / known).to.be.within(0.5, 2);
  });

  it('is throttled per account by failures, and comes back after the window', async () => {
    await http.member(ani);
    const statuses = await Promise.all(
      Array.from({ length: 12 }, () => http.login(ani, 'wrong').then(({ status }) => status)),
    );
    // All at once, and yet not one more than five was looked at.
    expect(statuses.filter((status) => status === 401)).to.have.length(5);
    expect(statuses.filter((status) => status === 429)).to.have.length(7);
    const right = await http.login(ani.toUpperCase());
    expect(codeOf(right)).to.deep.equal([429, 'LOGIN_THROTTLED']);
    expect(Number(right.headers.get('retry-after'))).to.be.within(1, 900);
    await http.member(budi);
    expect((await http.login(budi)).status).to.equal(200);
  });

  it('is not throttled by successes', async () => {
    await http.member(ani);
    for (let n = 0; n < 7; n += 1) expect((await http.login(ani)).status).to.equal(200);
  });

  it('is throttled per address, whatever the forwarded header says', async () => {
    const few = await httpOn([login], { config: { ...http.deps.config, loginLimitPerAddress: 3 } });
    try {
      const statuses: number[] = [];
      for (let n = 0; n < 4; n += 1) {
        const init = posting({ email: `x${String(n)}@demo.saga`, password: 'x' }, undefined, {
          'x-forwarded-for': `203.0.113.${String(n)}`,
        });
        statuses.push((await few.ask('/api/auth/login', init)).status);
      }
      expect(statuses).to.deep.equal([401, 401, 401, 429]);
    } finally {
      await few.close();
    }
  });

  it('goes by the forwarded address of a proxy of ours', async () => {
    const behind = await httpOn([login], {
      config: { ...http.deps.config, loginLimitPerAddress: 1, trustProxy: ['loopback'] },
    });
    try {
      const from = (address: string): Promise<Reply> =>
        behind.ask(
          '/api/auth/login',
          posting({ email: 'x@demo.saga', password: 'x' }, undefined, { 'x-forwarded-for': address }),
        );
      expect((await from('203.0.113.1')).status).to.equal(401);
      expect((await from('203.0.113.2')).status).to.equal(401);
      expect((await from('203.0.113.1')).status).to.equal(429);
    } finally {
      await behind.close();
    }
  });

  it('lasts over a refresh, each refresh token once', async () => {
    await http.member(ani);
    const first = tokensOf(await http.login(ani));
    const second = await refreshWith(first.refresh_token);
    expect(second.status).to.equal(200);
    expect(second.json.data).to.have.all.keys('token', 'refresh_token', 'expires_in');
    expect((await meAs(tokensOf(second).token)).status).to.equal(200);
    expect((await refreshWith(tokensOf(second).refresh_token)).status).to.equal(200);
  });

  it('ends for both when a refresh token comes twice, at once for the access tokens too', async () => {
    await http.member(ani);
    const stolen = tokensOf(await http.login(ani));
    const rightful = tokensOf(await refreshWith(stolen.refresh_token));
    expect((await meAs(rightful.token)).status).to.equal(200);
    expect(codeOf(await refreshWith(stolen.refresh_token))).to.deep.equal([401, 'SESSION_REVOKED']);
    expect(codeOf(await meAs(rightful.token))).to.deep.equal([401, 'SESSION_REVOKED']);
    expect(codeOf(await refreshWith(rightful.refresh_token))).to.deep.equal([401, 'SESSION_REVOKED']);
  });

  it('gives one successor to many who refresh at once, and ends the session', async () => {
    await http.member(ani);
    const { refresh_token } = tokensOf(await http.login(ani));
    const replies = await Promise.all(Array.from({ length: 20 }, () => refreshWith(refresh_token)));
    // The winner's own answer may already say that the session ended.
    expect(replies.filter(({ status }) => status === 200).length).to.be.at.most(1);
    expect(replies.every(({ status }) => status === 200 || status === 401)).to.equal(true);
    const rows = await http.sql.query(
      unchecked<{ n: string }>({
        text: 'select count(*) as n from ops.refresh_tokens',
        values: [],
      }),
    );
    expect(Number(rows[0]?.n)).to.equal(2);
    expect((await refreshWith(refresh_token)).json.error.code).to.equal('SESSION_REVOKED');
  });

  it('knows no token it did not issue, and takes none for the other kind', async () => {
    await http.member(ani);
    const { token, refresh_token } = tokensOf(await http.login(ani));
    expect(codeOf(await refreshWith('x'.repeat(43)))).to.deep.equal([401, 'INVALID_REFRESH_TOKEN']);
    expect(codeOf(await refreshWith(token.slice(0, 400)))).to.deep.equal([401, 'INVALID_REFRESH_TOKEN']);
    expect(codeOf(await meAs(refresh_token))).to.deep.equal([401, 'UNAUTHENTICATED']);
  });

  it('keeps hashes only', async () => {
    await http.member(ani);
    const { refresh_token } = tokensOf(await http.login(ani));
    const rows = await http.sql.query(
      unchecked<{ dump: string }>({
        text: `select t::text || encode(t.token_hash, 'escape') as dump from ops.refresh_tokens t`,
        values: [],
      }),
    );
    expect(rows).to.have.length(1);
    expect(rows[0]?.dump).not.to.include(refresh_token);
    expect(JSON.stringify(http.log.lines)).not.to.include(refresh_token);
  });

  it('ends with the logout, from the next request on, and only this session', async () => {
    await http.member(ani);
    const here = tokensOf(await http.login(ani));
    const elsewhere = tokensOf(await http.login(ani));
    const out = await http.ask('/api/auth/logout', posting({}, here.token));
    expect([out.status, out.text]).to.deep.equal([204, '']);
    expect(codeOf(await meAs(here.token))).to.deep.equal([401, 'SESSION_REVOKED']);
    expect(codeOf(await refreshWith(here.refresh_token))).to.deep.equal([401, 'SESSION_REVOKED']);
    expect((await meAs(elsewhere.token)).status).to.equal(200);
  });

  it('runs out 30 days after the login', async () => {
    await http.member(ani);
    let { refresh_token } = tokensOf(await http.login(ani));
    const day = 86_400_000;
    const start = http.time.now.getTime();
    http.time.now = new Date(start + 29 * day);
    refresh_token = tokensOf(await refreshWith(refresh_token)).refresh_token;
    http.time.now = new Date(start + 30 * day);
    expect(codeOf(await refreshWith(refresh_token))).to.deep.equal([401, 'SESSION_REVOKED']);
    expect(await http.sessions.purge()).to.equal(1);
  });

  it('holds what is true of the person now, not when the token was made', async () => {
    const id = await http.member(ani, 'team_lead');
    let { token } = tokensOf(await http.login(ani));
    await http.change(
      id,
      { type: 'UserRoleChanged', data: { userId: id, role: 'viewer' } },
      { type: 'UserMoved', data: { userId: id, division: 'savi' } },
    );
    http.deps.pubSub.publish('user-changed', id);
    expect(codeOf(await meAs(token))).to.deep.equal([401, 'SESSION_REVOKED']);
    ({ token } = tokensOf(await http.login(ani)));
    const { user } = (await meAs(token)).json.data as { user: { role: string; privileges: string[] } };
    expect(user).to.include({ role: 'viewer', division: 'savi' });
    expect(user.privileges).to.have.members(['inbox_read', 'messages_read']);
    await http.setRole('viewer', ['inbox_read']);
    http.deps.pubSub.publish('role-changed', 'viewer');
    expect(((await meAs(token)).json.data.user as { privileges: string[] }).privileges).to.deep.equal([
      'inbox_read',
    ]);
    await http.change(id, { type: 'UserDeactivated', data: { userId: id } });
    http.deps.pubSub.publish('user-changed', id);
    expect(codeOf(await meAs(token))).to.deep.equal([401, 'UNAUTHENTICATED']);
  });

  it('notices a change within seconds when the message about it got lost', async function () {
    this.timeout(10_000);
    const id = await http.member(ani);
    const { token } = tokensOf(await http.login(ani));
    await http.change(id, { type: 'UserDeactivated', data: { userId: id } });
    const start = performance.now();
    while ((await meAs(token)).status !== 401) {
      expect(performance.now() - start).to.be.below(4000);
      await new Promise((later) => setTimeout(later, 100));
    }
  });

  it('needs a bearer token in the header, in the right form', async () => {
    await http.member(ani);
    const { token } = tokensOf(await http.login(ani));
    for (const authorization of [
      '',
      'Bearer',
      `Basic ${token}`,
      `Bearer  ${token}`,
      `Bearer ${token} x`,
      token,
    ]) {
      const reply = await http.ask('/api/auth/me', { headers: { authorization } });
      expect(codeOf(reply), authorization.slice(0, 10)).to.deep.equal([401, 'UNAUTHENTICATED']);
    }
    const huge = await http.ask('/api/auth/me', { headers: bearer('a'.repeat(64 * 1024)) });
    expect(codeOf(huge)).to.deep.equal([401, 'UNAUTHENTICATED']);
    expect((await http.ask(`/api/auth/me?token=${token}`)).status).to.equal(401);
  });
});
