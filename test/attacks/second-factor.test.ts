/** Getting past the second factor: guessing, replaying, going around (docs/design/reliability.md#second-factor). */
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { login, logout, me, refresh } from '../../src/http/staff/auth.ts';
import { ownSessions } from '../../src/http/staff/own-sessions.ts';
import {
  confirmTotp,
  disableTotp,
  enrolTotp,
  loginTotp,
  resetTotp,
  totpStatus,
} from '../../src/http/staff/second-factor.ts';
import { codeAt } from '../support/http/authenticator.ts';
import { bearer, type HttpTest, httpOn, PASSWORD, posting, type Reply } from '../support/http/http.ts';
import { unchecked } from '../support/stores/unchecked.ts';

const ROUTES = [
  login,
  loginTotp,
  refresh,
  logout,
  me,
  ownSessions,
  totpStatus,
  enrolTotp,
  confirmTotp,
  disableTotp,
  resetTotp,
];

describe('attack: the second factor', () => {
  let http: HttpTest;
  let email: string;
  let test = 0;
  const failures: { email: string; reason: string }[] = [];
  before(async () => {
    const over = await httpOn([]);
    http = await httpOn(ROUTES, {
      config: { ...over.deps.config, trustProxy: ['loopback'] },
      access: {
        ...over.deps.access,
        signInFailed: (address, _userId, reason) => failures.push({ email: address, reason }),
      },
    });
    await over.close();
  });
  after(() => http.close());
  beforeEach(() => {
    test += 1;
    email = `ani${String(test)}@demo.saga`;
    failures.length = 0;
    http.time.now = new Date('2026-11-20T03:00:05Z');
  });

  const from = (address: string) => ({ 'x-forwarded-for': address });
  const post = (path: string, body: object, token?: string, address = '203.0.113.1'): Promise<Reply> =>
    http.ask(path, posting(body, token, from(address)));
  const signIn = (address?: string, word = PASSWORD): Promise<Reply> =>
    post('/api/auth/login', { email, password: word }, undefined, address);
  const second = (challenge: unknown, code: string, address?: string): Promise<Reply> =>
    post('/api/auth/login/totp', { challenge, code }, undefined, address);
  const codeOf = ({ status, json }: Reply): readonly [number, string | undefined] => [
    status,
    (json as Reply['json'] | undefined)?.error?.code,
  ];
  const later = (seconds: number): void => {
    http.time.now = new Date(http.time.now.getTime() + seconds * 1000);
  };
  const is = (token: unknown): Promise<number> =>
    http.ask('/api/auth/me', { headers: bearer(String(token)) }).then(({ status }) => status);

  /** A person with a second factor, and what is needed to sign in as them. */
  async function enrolled(role: Parameters<HttpTest['member']>[1] = 'sales_agent') {
    const id = await http.member(email, role, role === 'super_admin' ? 'all' : 'sari');
    const { token } = (await signIn()).json.data;
    const begun = await post('/api/auth/totp/enrol', { password: PASSWORD }, String(token));
    expect(begun.status, begun.text).to.equal(200);
    const { challenge, secret } = begun.json.data as { challenge: string; secret: string };
    const done = await post(
      '/api/auth/totp/confirm',
      { challenge, code: codeAt(secret, http.time.now) },
      String(token),
    );
    expect(done.status, done.text).to.equal(200);
    const {
      recovery_codes: recoveryCodes,
      token: fresh,
      refresh_token: refreshToken,
    } = done.json.data as {
      recovery_codes: string[];
      token: string;
      refresh_token: string;
    };
    later(60);
    return { id, secret, recoveryCodes, before: String(token), token: fresh, refreshToken };
  }
  const challengeOf = async (address?: string): Promise<string> =>
    (await signIn(address)).json.data['challenge'] as string;

  it('the password alone gives a challenge, and no token; the code lets in', async () => {
    const { secret } = await enrolled();
    const first = await signIn();
    expect(Object.keys(first.json.data).sort()).to.deep.equal(['challenge', 'expires_in', 'mfa_required']);
    expect(await is(first.json.data['challenge']), 'the challenge is no access token').to.equal(401);
    const done = await second(first.json.data['challenge'], codeAt(secret, http.time.now));
    expect(done.status, done.text).to.equal(200);
    expect(await is(done.json.data['token'])).to.equal(200);
    expect((done.json.data['user'] as { email: string }).email).to.equal(email);
  });

  it('enrolling ends every other session, its tokens and its refresh tokens', async () => {
    await http.member(email);
    const other = (await signIn()).json.data;
    const { token } = (await signIn()).json.data;
    const begun = (await post('/api/auth/totp/enrol', { password: PASSWORD }, String(token))).json.data as {
      challenge: string;
      secret: string;
    };
    const done = await post(
      '/api/auth/totp/confirm',
      { challenge: begun.challenge, code: codeAt(begun.secret, http.time.now) },
      String(token),
    );
    expect(await is(other['token'])).to.equal(401);
    expect(await is(token)).to.equal(401);
    expect(await is(done.json.data['token'])).to.equal(200);
    const refreshed = await post('/api/auth/refresh', { refresh_token: other['refresh_token'] });
    expect(refreshed.status).to.equal(401);
  });

  it('a code that was used is worth nothing, also in another sign-in at the same moment', async () => {
    const { secret } = await enrolled();
    const code = codeAt(secret, http.time.now);
    const challenges = [await challengeOf(), await challengeOf(), await challengeOf()];
    const replies = await Promise.all(challenges.map((one) => second(one, code)));
    expect(replies.map(({ status }) => status).sort()).to.deep.equal([200, 403, 403]);
    expect(codeOf(await second(await challengeOf(), code))).to.deep.equal([403, 'CODE_WRONG']);
    // One of an earlier step neither.
    expect(codeOf(await second(await challengeOf(), codeAt(secret, http.time.now, -1)))).to.deep.equal([
      403,
      'CODE_WRONG',
    ]);
    later(30);
    expect((await second(await challengeOf(), codeAt(secret, http.time.now))).status).to.equal(200);
  });

  it('the code that confirmed the enrolment does not sign in', async () => {
    await http.member(email);
    const { token } = (await signIn()).json.data;
    const begun = (await post('/api/auth/totp/enrol', { password: PASSWORD }, String(token))).json.data as {
      challenge: string;
      secret: string;
    };
    const code = codeAt(begun.secret, http.time.now);
    await post('/api/auth/totp/confirm', { challenge: begun.challenge, code }, String(token));
    expect(codeOf(await second(await challengeOf(), code))).to.deep.equal([403, 'CODE_WRONG']);
  });

  it('a challenge is good for one sign-in and five minutes, and for its own account', async () => {
    const { secret } = await enrolled();
    const used = await challengeOf();
    expect((await second(used, codeAt(secret, http.time.now))).status).to.equal(200);
    later(30);
    expect(codeOf(await second(used, codeAt(secret, http.time.now)))).to.deep.equal([403, 'CHALLENGE_OVER']);
    const old = await challengeOf();
    later(301);
    expect(codeOf(await second(old, codeAt(secret, http.time.now)))).to.deep.equal([403, 'CHALLENGE_OVER']);
    const whose = await challengeOf();
    email = `other-${email}`;
    const { secret: another } = await enrolled();
    expect(codeOf(await second(whose, codeAt(another, http.time.now)))).to.deep.equal([403, 'CODE_WRONG']);
    for (const made of ['x', 'x'.repeat(43)])
      expect(codeOf(await second(made, '123456'))).to.deep.equal([403, 'CHALLENGE_OVER']);
  });

  it('two codes with one challenge at once open one session', async () => {
    const { secret, recoveryCodes } = await enrolled();
    const challenge = await challengeOf();
    const replies = await Promise.all([
      second(challenge, codeAt(secret, http.time.now)),
      second(challenge, recoveryCodes[0] ?? ''),
    ]);
    expect(replies.filter(({ status }) => status === 200)).to.have.length(1);
  });

  it('a challenge is void once the account has changed: the password, the rights, its activity', async () => {
    const { id, secret } = await enrolled();
    const challenge = await challengeOf();
    await http.change(id, { type: 'UserPasswordChanged', data: { userId: id, passwordHash: 'another' } });
    expect(codeOf(await second(challenge, codeAt(secret, http.time.now)))).to.deep.equal([
      403,
      'CHALLENGE_OVER',
    ]);
    email = `second-${email}`;
    const gone = await enrolled();
    const theirs = await challengeOf();
    await http.change(gone.id, { type: 'UserDeactivated', data: { userId: gone.id } });
    expect(codeOf(await second(theirs, codeAt(gone.secret, http.time.now)))).to.deep.equal([
      403,
      'CHALLENGE_OVER',
    ]);
  });

  it('is not guessed: five tries of a challenge, five failures of an address, and then not even the right code', async () => {
    const { secret } = await enrolled();
    const wrong = (n: number): string => {
      const right = [-1, 0, 1].map((step) => codeAt(secret, http.time.now, step));
      return right.includes(String(n).padStart(6, '0')) ? '999999' : String(n).padStart(6, '0');
    };
    const challenge = await challengeOf('198.51.100.7');
    const tries = await Promise.all(
      Array.from({ length: 20 }, (_, n) => second(challenge, wrong(n), '198.51.100.7')),
    );
    expect(tries.filter((reply) => codeOf(reply)[1] === 'CODE_WRONG')).to.have.length(5);
    expect(tries.filter(({ status }) => status === 200)).to.have.length(0);
    expect(failures.filter((one) => one.reason === 'wrong_code' && one.email === email)).to.have.length(5);
    const again = await challengeOf('198.51.100.7');
    const right = await second(again, codeAt(secret, http.time.now), '198.51.100.7');
    expect(codeOf(right)).to.deep.equal([429, 'LOGIN_THROTTLED']);
    expect(Number(right.headers.get('retry-after'))).to.be.within(1, 900);
    // The owner, where they were before, and everybody else at the address of the attacker.
    expect((await second(await challengeOf(), codeAt(secret, http.time.now))).status).to.equal(200);
    email = `neighbour-${email}`;
    const neighbour = await enrolled();
    const theirs = await second(
      await challengeOf('198.51.100.7'),
      codeAt(neighbour.secret, http.time.now),
      '198.51.100.7',
    );
    expect(theirs.status).to.equal(200);
  });

  it('is not guessed from ever new addresses; where the account was used before it is not denied', async () => {
    const { secret } = await enrolled();
    let looked = 0;
    for (let n = 0; n < 25; n += 1) {
      const address = `198.51.100.${String(n)}`;
      const reply = await second(await challengeOf(address), '000000', address);
      if (codeOf(reply)[1] === 'CODE_WRONG') looked += 1;
    }
    expect(looked).to.equal(15);
    expect((await second(await challengeOf(), codeAt(secret, http.time.now))).status).to.equal(200);
  });

  it('a recovery code lets in once, however it is typed; ten are made, and none is another', async () => {
    const { recoveryCodes, token } = await enrolled();
    expect(new Set(recoveryCodes).size).to.equal(10);
    const [one = '', two = ''] = recoveryCodes;
    expect((await second(await challengeOf(), one.toLowerCase().replaceAll('-', ' '))).status).to.equal(200);
    expect(codeOf(await second(await challengeOf(), one))).to.deep.equal([403, 'CODE_WRONG']);
    expect((await second(await challengeOf(), two)).status).to.equal(200);
    const { json } = await http.ask('/api/auth/totp', { headers: bearer(token) });
    expect(json.data).to.deep.equal({ enrolled: true, required: false, recovery_codes_left: 8 });
  });

  it('a stolen session enrols, replaces and removes nothing without the password, and guesses it no better', async () => {
    const { token, secret } = await enrolled();
    const code = codeAt(secret, http.time.now);
    for (const [path, body] of [
      ['enrol', { password: 'salah', code }],
      ['disable', { password: 'salah', code }],
    ] as const)
      expect(codeOf(await post(`/api/auth/totp/${path}`, body, token, '198.51.100.9'))).to.deep.equal([
        403,
        'PASSWORD_WRONG',
      ]);
    for (let n = 0; n < 5; n += 1)
      await post('/api/auth/totp/disable', { password: `salah ${String(n)}`, code }, token, '198.51.100.9');
    const right = await post('/api/auth/totp/disable', { password: PASSWORD, code }, token, '198.51.100.9');
    expect(codeOf(right)).to.deep.equal([429, 'LOGIN_THROTTLED']);
    expect(await is(token), 'the session goes on').to.equal(200);
  });

  it('with the password and no code nothing is replaced or removed', async () => {
    const { token } = await enrolled();
    for (const [path, body] of [
      ['enrol', { password: PASSWORD }],
      ['enrol', { password: PASSWORD, code: '000000' }],
      ['disable', { password: PASSWORD, code: '000000' }],
    ] as const)
      expect(codeOf(await post(`/api/auth/totp/${path}`, body, token))).to.deep.equal([403, 'CODE_WRONG']);
    const { json } = await http.ask('/api/auth/totp', { headers: bearer(token) });
    expect(json.data['enrolled']).to.equal(true);
  });

  it('an enrolment is finished by the session that began it, once, with the right code', async () => {
    await http.member(email);
    const [one, two] = [(await signIn()).json.data, (await signIn()).json.data];
    const begun = (await post('/api/auth/totp/enrol', { password: PASSWORD }, String(one['token']))).json
      .data as {
      challenge: string;
      secret: string;
    };
    const confirm = (token: unknown, code: string): Promise<Reply> =>
      post('/api/auth/totp/confirm', { challenge: begun.challenge, code }, String(token));
    expect(codeOf(await confirm(two['token'], codeAt(begun.secret, http.time.now)))[1]).to.equal(
      'CHALLENGE_OVER',
    );
    expect(codeOf(await confirm(one['token'], codeAt(begun.secret, http.time.now, 5)))[1]).to.equal(
      'CODE_WRONG',
    );
    expect(codeOf(await second(begun.challenge, codeAt(begun.secret, http.time.now)))[1]).to.equal(
      'CHALLENGE_OVER',
    );
    const done = await confirm(one['token'], codeAt(begun.secret, http.time.now));
    expect(done.status, done.text).to.equal(200);
    const again = await confirm(done.json.data['token'], codeAt(begun.secret, http.time.now, 1));
    expect(codeOf(again)[1]).to.equal('CHALLENGE_OVER');
  });

  it('a replaced secret and its recovery codes are worth nothing', async () => {
    const old = await enrolled();
    const code = codeAt(old.secret, http.time.now);
    const begun = (await post('/api/auth/totp/enrol', { password: PASSWORD, code }, old.token)).json.data as {
      challenge: string;
      secret: string;
    };
    const confirmed = await post(
      '/api/auth/totp/confirm',
      { challenge: begun.challenge, code: codeAt(begun.secret, http.time.now) },
      old.token,
    );
    expect(confirmed.status, confirmed.text).to.equal(200);
    later(30);
    for (const worthless of [codeAt(old.secret, http.time.now), old.recoveryCodes[0] ?? ''])
      expect(codeOf(await second(await challengeOf(), worthless))[1]).to.equal('CODE_WRONG');
    expect((await second(await challengeOf(), codeAt(begun.secret, http.time.now))).status).to.equal(200);
  });

  it('disabling needs both, ends the other sessions, and then the password is enough again', async () => {
    const { token, secret } = await enrolled();
    const done = await post(
      '/api/auth/totp/disable',
      { password: PASSWORD, code: codeAt(secret, http.time.now) },
      token,
    );
    expect(done.status, done.text).to.equal(200);
    expect(await is(token)).to.equal(401);
    expect(await is(done.json.data['token'])).to.equal(200);
    expect((await signIn()).json.data['token']).to.be.a('string');
    const twice = await post(
      '/api/auth/totp/disable',
      { password: PASSWORD, code: codeAt(secret, http.time.now) },
      String(done.json.data['token']),
    );
    expect(codeOf(twice)).to.deep.equal([409, 'SECOND_FACTOR_MISSING']);
  });

  it('a user manager resets it, and every session of the person ends; nobody resets their own', async () => {
    const agent = await enrolled();
    const theirs = email;
    email = `boss-${email}`;
    const boss = await enrolled('super_admin');
    const resetting = (id: string, token: string): Promise<Reply> =>
      post(`/api/admin/users/${id}/reset-totp`, {}, token);
    expect(codeOf(await resetting(boss.id, agent.token))).to.deep.equal([403, 'FORBIDDEN']);
    expect(codeOf(await resetting(boss.id, boss.token))).to.deep.equal([403, 'SECOND_FACTOR_OWN']);
    expect((await resetting(agent.id, boss.token)).status).to.equal(204);
    expect(await is(agent.token)).to.equal(401);
    expect((await post('/api/auth/refresh', { refresh_token: agent.refreshToken })).status).to.equal(401);
    expect(codeOf(await resetting(agent.id, boss.token))).to.deep.equal([409, 'SECOND_FACTOR_MISSING']);
    email = theirs;
    expect((await signIn()).json.data['token']).to.be.a('string');
  });

  it('who manages users and is no super admin resets no super admin, and nobody who may more', async () => {
    const boss = await enrolled('super_admin');
    email = `agent-${email}`;
    const manager = await http.member(email);
    await http.change(manager, {
      type: 'UserPrivilegesChanged',
      data: { userId: manager, granted: ['manage_users'], revoked: ['reply'] },
    });
    const { token } = (await signIn()).json.data;
    email = `peer-${email}`;
    const peer = await enrolled();
    const resetting = (id: string): Promise<Reply> =>
      post(`/api/admin/users/${id}/reset-totp`, {}, String(token));
    expect(codeOf(await resetting(boss.id))[1]).to.equal('DIVISION_FORBIDDEN');
    expect(codeOf(await resetting(peer.id))[1]).to.equal('PRIVILEGE_ABOVE_OWN');
    expect(codeOf(await resetting(randomUUID()))[1]).to.equal('USER_NOT_FOUND');
  });

  it('where the role must have one, who has none may set it up and nothing else; a refresh does not help', async () => {
    const strict = await httpOn(ROUTES, {
      config: { ...http.deps.config, totpRequiredRoles: new Set(['super_admin']) },
    });
    try {
      await strict.member('boss@demo.saga', 'super_admin', 'all');
      await strict.member('agent@demo.saga');
      const calm = (await strict.login('agent@demo.saga')).json.data['token'] as string;
      expect((await strict.ask('/api/auth/sessions', { headers: bearer(calm) })).status).to.equal(200);
      const reply = (await strict.login('boss@demo.saga')).json.data as {
        token: string;
        refresh_token: string;
      };
      const sessions = (token: string): Promise<Reply> =>
        strict.ask('/api/auth/sessions', { headers: bearer(token) });
      expect(codeOf(await sessions(reply.token))).to.deep.equal([403, 'SECOND_FACTOR_NOT_SET_UP']);
      const refreshed = await strict.ask(
        '/api/auth/refresh',
        posting({ refresh_token: reply.refresh_token }),
      );
      expect(refreshed.status).to.equal(200);
      const token = refreshed.json.data['token'] as string;
      expect(codeOf(await sessions(token))[1]).to.equal('SECOND_FACTOR_NOT_SET_UP');
      expect((await strict.ask('/api/auth/me', { headers: bearer(token) })).status).to.equal(200);
      const status = await strict.ask('/api/auth/totp', { headers: bearer(token) });
      expect(status.json.data).to.deep.equal({ enrolled: false, required: true, recovery_codes_left: 0 });
      const begun = (await strict.ask('/api/auth/totp/enrol', posting({ password: PASSWORD }, token))).json
        .data as { challenge: string; secret: string };
      const code = codeAt(begun.secret, strict.time.now);
      const done = await strict.ask(
        '/api/auth/totp/confirm',
        posting({ challenge: begun.challenge, code }, token),
      );
      const free = done.json.data['token'] as string;
      expect((await sessions(free)).status).to.equal(200);
      const next = codeAt(begun.secret, strict.time.now, 1);
      const off = await strict.ask(
        '/api/auth/totp/disable',
        posting({ password: PASSWORD, code: next }, free),
      );
      expect(codeOf(off)).to.deep.equal([403, 'SECOND_FACTOR_REQUIRED']);
    } finally {
      await strict.close();
    }
  });

  it('keeps neither the secret nor a recovery code in clear, in the database or the log, nor under an Idempotency-Key', async () => {
    await http.member(email);
    const { token } = (await signIn()).json.data;
    const keyed = { 'idempotency-key': 'enrol-1' };
    const enrolling = posting({ password: PASSWORD }, String(token), keyed);
    const first = (await http.ask('/api/auth/totp/enrol', enrolling)).json.data as Record<string, string>;
    const begun = (await http.ask('/api/auth/totp/enrol', enrolling)).json.data as Record<string, string>;
    expect(begun['secret'], 'no kept answer').not.to.equal(first['secret']);
    const code = codeAt(begun['secret'] ?? '', http.time.now);
    const confirmed = await http.ask(
      '/api/auth/totp/confirm',
      posting({ challenge: begun['challenge'], code }, String(token), { 'idempotency-key': 'confirm-1' }),
    );
    const codes = confirmed.json.data['recovery_codes'] as string[];
    const names = await http.sql.query(
      unchecked<{ name: string }>({
        text: "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('es', 'ops', 'read')",
        values: [],
      }),
    );
    let kept = JSON.stringify(http.log);
    for (const { name } of names) {
      const rows = await http.sql.query(
        unchecked<{ row: string }>({ text: `select t::text as row from ${name} t`, values: [] }),
      );
      kept += rows.map(({ row }) => row).join('\n');
    }
    expect(kept).to.include('TotpEnrolled');
    const tokens = [begun['challenge'], first['challenge'], confirmed.json.data['refresh_token'] as string];
    for (const secret of [begun['secret'], first['secret'], code, ...tokens, ...codes])
      expect(kept.includes(String(secret)), 'a secret is kept in clear').to.equal(false);
    for (const secret of codes) expect(kept).not.to.include(secret.replaceAll('-', ''));
    // Nor in base64 or hex, as a column of bytes would show it.
    expect(kept).not.to.include(Buffer.from(String(begun['secret'])).toString('hex'));
    expect(kept).not.to.include(Buffer.from(String(begun['secret'])).toString('base64'));
  });

  it('is sealed for its person: in the events of another account it opens nothing', async () => {
    const one = await enrolled();
    const [event] = await http.sql.query(
      unchecked<{ secret: string }>({
        text: "select data->>'secret' as secret from es.events where type = 'TotpEnrolled' and stream = $1",
        values: [`user-${one.id}`],
      }),
    );
    email = `thief-${email}`;
    const thief = await http.member(email);
    await http.change(thief, {
      type: 'TotpEnrolled',
      data: { userId: thief, secret: event?.secret ?? '', recoveryCodes: [], step: 0 },
    });
    const reply = await second(await challengeOf(), codeAt(one.secret, http.time.now));
    expect(reply.status).to.equal(500);
  });
});
