import { expect } from 'chai';
import { login, logout, me, refresh } from '../../../src/http/staff/auth.ts';
import { changePassword } from '../../../src/http/staff/own-password.ts';
import { endSession, ownSessions } from '../../../src/http/staff/own-sessions.ts';
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

  const later = (seconds: number): void => {
    http.time.now = new Date(http.time.now.getTime() + seconds * 1000);
  };

  /** E-mail addresses of each test's own: failures count per account. */
  let ani: string;
  let budi: string;
  let test = 0;
  before(async () => {
    http = await httpOn([login, refresh, logout, me, changePassword, ownSessions, endSession]);
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

  it('with a password that somebody else chose goes on for its days, and is over then, which only who knows it hears', async () => {
    const id = await http.member(ani);
    const passwordHash = await http.deps.passwords.hash(PASSWORD);
    const temporaryUntil = new Date(http.time.now.getTime() + 7 * 86_400_000).toISOString();
    await http.change(id, {
      type: 'UserPasswordChanged',
      data: { userId: id, passwordHash, temporaryUntil },
    });
    later(7 * 86_400 - 1);
    const reply = await http.login(ani);
    expect(reply.status, reply.text).to.equal(200);
    expect(reply.json.data.user).to.include({ must_change_password: true });
    later(1);
    expect(codeOf(await http.login(ani))).to.deep.equal([403, 'PASSWORD_EXPIRED']);
    expect(codeOf(await http.login(ani, 'wrong'))).to.deep.equal([401, 'INVALID_CREDENTIALS']);
    // No session of before changes it any more.
    const body = { current_password: PASSWORD, new_password: 'kata sandi milik sendiri' };
    const late = await http.ask('/api/auth/password', posting(body, tokensOf(reply).token));
    expect(codeOf(late)).to.deep.equal([403, 'PASSWORD_EXPIRED']);
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
    expect(unknown / known).to.be.within(0.2, 5);
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

  it('is not denied to who was here before, however often somebody else fails', async () => {
    const behind = await httpOn([login], { config: { ...http.deps.config, trustProxy: ['loopback'] } });
    try {
      await behind.member(ani);
      const from = (address: string, password: string): Promise<Reply> =>
        behind.ask(
          '/api/auth/login',
          posting({ email: ani, password }, undefined, { 'x-forwarded-for': address }),
        );
      // A stranger locks nobody out but themselves.
      for (let n = 0; n < 8; n += 1) await from('203.0.113.66', 'wrong');
      expect((await from('203.0.113.66', PASSWORD)).status).to.equal(429);
      expect((await from('203.0.113.1', PASSWORD)).status).to.equal(200);
      // Who was here before is let in after any number of failures, also from this address.
      for (let n = 0; n < 12; n += 1) expect((await from('203.0.113.1', 'wrong')).status).to.equal(401);
      expect((await from('203.0.113.1', PASSWORD)).status).to.equal(200);
      // From ever new addresses it is not guessed on, and still not denied where it was used.
      for (let n = 0; n < 60; n += 1) await from(`198.51.100.${String(n)}`, 'wrong');
      expect((await from('198.51.100.200', PASSWORD)).status).to.equal(429);
      expect((await from('203.0.113.1', PASSWORD)).status).to.equal(200);
    } finally {
      await behind.close();
    }
  });

  it('is not throttled by successes, neither of the account nor of the address', async () => {
    const few = await httpOn([login], { config: { ...http.deps.config, loginLimitPerAddress: 2 } });
    try {
      await few.member(ani);
      for (let n = 0; n < 4; n += 1) expect((await few.login(ani)).status).to.equal(200);
    } finally {
      await few.close();
    }
  });

  it('has a limit of its own for refresh tokens that are not good', async () => {
    const few = await httpOn([login, refresh], {
      config: { ...http.deps.config, refreshLimitPerAddress: 3 },
    });
    try {
      await few.member(ani);
      let { refresh_token } = tokensOf(await few.login(ani));
      const refreshing = (token: string) => few.ask('/api/auth/refresh', posting({ refresh_token: token }));
      for (let n = 0; n < 5; n += 1) ({ refresh_token } = tokensOf(await refreshing(refresh_token)));
      const statuses: number[] = [];
      for (let n = 0; n < 4; n += 1) statuses.push((await refreshing('x'.repeat(43))).status);
      expect(statuses).to.deep.equal([401, 401, 401, 429]);
      expect((await few.login(ani)).status).to.equal(200);
    } finally {
      await few.close();
    }
  });

  it('shows where one is signed in, and ends it elsewhere', async () => {
    await http.member(ani);
    await http.member(budi);
    const phone = tokensOf(await http.login(ani));
    later(60);
    const desktop = tokensOf(await http.login(ani));
    const other = tokensOf(await http.login(budi));
    const list = async (token: string) => {
      const reply = await http.ask('/api/auth/sessions', { headers: bearer(token) });
      return reply.json.data['sessions'] as { id: string; current: boolean; address: string }[];
    };
    const sessions = await list(desktop.token);
    expect(sessions.map(({ current }) => current)).to.deep.equal([true, false]);
    expect(sessions[0]?.address).to.match(/127\.0\.0\.1$/);
    const end = (id: string, token: string) =>
      http.ask(`/api/auth/sessions/${id}`, { method: 'DELETE', headers: bearer(token) });
    const id = sessions[1]?.id ?? '';
    expect(codeOf(await end(id, other.token))).to.deep.equal([404, 'SESSION_NOT_FOUND']);
    expect((await meAs(phone.token)).status).to.equal(200);
    expect((await end(id, desktop.token)).status).to.equal(204);
    expect(codeOf(await meAs(phone.token))).to.deep.equal([401, 'SESSION_REVOKED']);
    expect(codeOf(await refreshWith(phone.refresh_token))).to.deep.equal([401, 'SESSION_REVOKED']);
    expect((await list(desktop.token)).length).to.equal(1);
    expect(codeOf(await end(id, desktop.token))).to.deep.equal([404, 'SESSION_NOT_FOUND']);
  });

  it('is not throttled by successes of one account', async () => {
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

  it('answers a token that was just used with the same successor again', async () => {
    await http.member(ani);
    const { refresh_token } = tokensOf(await http.login(ani));
    const first = tokensOf(await refreshWith(refresh_token));
    later(9.999);
    const again = tokensOf(await refreshWith(refresh_token));
    expect(again.refresh_token).to.equal(first.refresh_token);
    expect((await meAs(again.token)).status).to.equal(200);
    // The chain goes on as if nothing had been.
    later(3600);
    expect((await refreshWith(first.refresh_token)).status).to.equal(200);
  });

  it('ends for both when a used refresh token comes later, at once for the access tokens too', async () => {
    await http.member(ani);
    const stolen = tokensOf(await http.login(ani));
    const rightful = tokensOf(await refreshWith(stolen.refresh_token));
    expect((await meAs(rightful.token)).status).to.equal(200);
    later(10);
    expect(codeOf(await refreshWith(stolen.refresh_token))).to.deep.equal([401, 'SESSION_REVOKED']);
    expect(codeOf(await meAs(rightful.token))).to.deep.equal([401, 'SESSION_REVOKED']);
    expect(codeOf(await refreshWith(rightful.refresh_token))).to.deep.equal([401, 'SESSION_REVOKED']);
  });

  it('answers nothing again of a session that was ended', async () => {
    await http.member(ani);
    const here = tokensOf(await http.login(ani));
    const next = tokensOf(await refreshWith(here.refresh_token));
    await http.ask('/api/auth/logout', posting({}, next.token));
    expect(codeOf(await refreshWith(here.refresh_token))).to.deep.equal([401, 'SESSION_REVOKED']);
  });

  it('gives one successor to many who refresh at once', async () => {
    await http.member(ani);
    const { refresh_token } = tokensOf(await http.login(ani));
    const replies = await Promise.all(Array.from({ length: 20 }, () => refreshWith(refresh_token)));
    expect(replies.map(({ status }) => status)).to.deep.equal(Array(20).fill(200));
    expect(new Set(replies.map((reply) => tokensOf(reply).refresh_token)).size).to.equal(1);
    const rows = await http.sql.query(
      unchecked<{ n: string }>({
        text: 'select count(*) as n from ops.refresh_tokens',
        values: [],
      }),
    );
    expect(Number(rows[0]?.n)).to.equal(2);
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
