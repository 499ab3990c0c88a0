/** Setting up, removing and resetting the second factor of somebody else (docs/design/reliability.md#second-factor). */
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { PASSWORD, posting, type Reply } from '../support/http/http.ts';
import { codeOf, secondFactorTest, type SecondFactorTest } from '../support/http/second-factor.ts';
import { unchecked } from '../support/stores/unchecked.ts';

describe('attack: changing the second factor of somebody else', () => {
  let t: SecondFactorTest;
  before(async () => {
    t = await secondFactorTest();
  });
  after(() => t.close());
  beforeEach(() => {
    t.failures.length = 0;
    t.http.time.now = new Date('2026-11-20T03:00:05Z');
  });

  it('a stolen session enrols, replaces and removes nothing without the password, and guesses it no better', async () => {
    const { token, secret } = await t.enrolled();
    const code = t.codeNow(secret);
    for (const [path, body] of [
      ['enrol', { password: 'salah', code }],
      ['disable', { password: 'salah', code }],
    ] as const)
      expect(codeOf(await t.post(`/api/auth/totp/${path}`, body, token, '198.51.100.9'))).to.deep.equal([
        403,
        'PASSWORD_WRONG',
      ]);
    for (let n = 0; n < 5; n += 1)
      await t.post('/api/auth/totp/disable', { password: `salah ${String(n)}`, code }, token, '198.51.100.9');
    const right = await t.post('/api/auth/totp/disable', { password: PASSWORD, code }, token, '198.51.100.9');
    expect(codeOf(right)).to.deep.equal([429, 'LOGIN_THROTTLED']);
    expect(await t.statusWith(token), 'the session goes on').to.equal(200);
  });

  it('with the password and no code nothing is replaced or removed', async () => {
    const { token } = await t.enrolled();
    for (const [path, body] of [
      ['enrol', { password: PASSWORD }],
      ['enrol', { password: PASSWORD, code: '000000' }],
      ['disable', { password: PASSWORD, code: '000000' }],
    ] as const)
      expect(codeOf(await t.post(`/api/auth/totp/${path}`, body, token))).to.deep.equal([403, 'CODE_WRONG']);
    const { json } = await t.get('/api/auth/totp', token);
    expect(json.data['enrolled']).to.equal(true);
  });

  it('an enrolment is finished by the session that began it, once, with the right code', async () => {
    await t.member();
    const [one, two] = [(await t.signIn()).json.data, (await t.signIn()).json.data];
    const begun = await t.begin(one['token']);
    const confirm = (token: unknown, code: string): Promise<Reply> => t.confirm(token, begun.challenge, code);
    expect(codeOf(await confirm(two['token'], t.codeNow(begun.secret)))[1]).to.equal('CHALLENGE_OVER');
    expect(codeOf(await confirm(one['token'], t.codeNow(begun.secret, 5)))[1]).to.equal('CODE_WRONG');
    expect(codeOf(await t.second(begun.challenge, t.codeNow(begun.secret)))[1]).to.equal('CHALLENGE_OVER');
    const done = await confirm(one['token'], t.codeNow(begun.secret));
    expect(done.status, done.text).to.equal(200);
    const again = await confirm(done.json.data['token'], t.codeNow(begun.secret, 1));
    expect(codeOf(again)[1]).to.equal('CHALLENGE_OVER');
  });

  it('a replaced secret and its recovery codes are worth nothing', async () => {
    const old = await t.enrolled();
    const code = t.codeNow(old.secret);
    const begun = await t.begin(old.token, { code });
    const confirmed = await t.confirm(old.token, begun.challenge, t.codeNow(begun.secret));
    expect(confirmed.status, confirmed.text).to.equal(200);
    t.later(30);
    for (const worthless of [t.codeNow(old.secret), old.recoveryCodes[0] ?? ''])
      expect(codeOf(await t.second(await t.challengeOf(), worthless))[1]).to.equal('CODE_WRONG');
    expect((await t.second(await t.challengeOf(), t.codeNow(begun.secret))).status).to.equal(200);
  });

  it('disabling needs both, ends the other sessions, and then the password is enough again', async () => {
    const { token, secret } = await t.enrolled();
    const done = await t.post(
      '/api/auth/totp/disable',
      { password: PASSWORD, code: t.codeNow(secret) },
      token,
    );
    expect(done.status, done.text).to.equal(200);
    expect(await t.statusWith(token)).to.equal(401);
    expect(await t.statusWith(done.json.data['token'])).to.equal(200);
    expect((await t.signIn()).json.data['token']).to.be.a('string');
    const twice = await t.post(
      '/api/auth/totp/disable',
      { password: PASSWORD, code: t.codeNow(secret) },
      String(done.json.data['token']),
    );
    expect(codeOf(twice)).to.deep.equal([409, 'SECOND_FACTOR_MISSING']);
  });

  it('a user manager resets it, and every session of the person ends; no one resets their own', async () => {
    const agent = await t.enrolled();
    const boss = await t.enrolled('super_admin');
    const resetting = (id: string, token: string): Promise<Reply> =>
      t.post(`/api/admin/users/${id}/reset-totp`, {}, token);
    expect(codeOf(await resetting(boss.id, agent.token))).to.deep.equal([403, 'FORBIDDEN']);
    expect(codeOf(await resetting(boss.id, boss.token))).to.deep.equal([403, 'SECOND_FACTOR_OWN']);
    expect((await resetting(agent.id, boss.token)).status).to.equal(204);
    expect(await t.statusWith(agent.token)).to.equal(401);
    expect((await t.post('/api/auth/refresh', { refresh_token: agent.refreshToken })).status).to.equal(401);
    expect(codeOf(await resetting(agent.id, boss.token))).to.deep.equal([409, 'SECOND_FACTOR_MISSING']);
    t.who.email = agent.email;
    expect((await t.signIn()).json.data['token']).to.be.a('string');
  });

  it('who manages users and is no super admin resets no super admin, and no one who may more', async () => {
    const boss = await t.enrolled('super_admin');
    const manager = await t.member();
    await t.http.change(manager, {
      type: 'UserPrivilegesChanged',
      data: { userId: manager, granted: ['manage_users'], revoked: ['reply'] },
    });
    const { token } = (await t.signIn()).json.data;
    const peer = await t.enrolled();
    const resetting = (id: string): Promise<Reply> =>
      t.post(`/api/admin/users/${id}/reset-totp`, {}, String(token));
    expect(codeOf(await resetting(boss.id))[1]).to.equal('DIVISION_FORBIDDEN');
    expect(codeOf(await resetting(peer.id))[1]).to.equal('PRIVILEGE_ABOVE_OWN');
    expect(codeOf(await resetting(randomUUID()))[1]).to.equal('USER_NOT_FOUND');
  });

  it('where the role must have one, who has none may set it up and nothing else; a refresh does not help', async () => {
    const strict = await secondFactorTest(['super_admin']);
    try {
      await strict.member();
      const calm = (await strict.signIn()).json.data['token'];
      expect((await strict.get('/api/auth/sessions', calm)).status).to.equal(200);
      await strict.member('super_admin');
      const reply = (await strict.signIn()).json.data;
      const closed = [403, 'SECOND_FACTOR_NOT_SET_UP'];
      expect(codeOf(await strict.get('/api/auth/sessions', reply['token']))).to.deep.equal(closed);
      const refreshed = await strict.post('/api/auth/refresh', { refresh_token: reply['refresh_token'] });
      expect(refreshed.status).to.equal(200);
      const { token } = refreshed.json.data;
      expect(codeOf(await strict.get('/api/auth/sessions', token))).to.deep.equal(closed);
      expect(await strict.statusWith(token)).to.equal(200);
      const status = await strict.get('/api/auth/totp', token);
      expect(status.json.data).to.deep.equal({ enrolled: false, required: true, recovery_codes_left: 0 });
      const { challenge, secret } = await strict.begin(token);
      const done = await strict.confirm(token, challenge, strict.codeNow(secret));
      const free = done.json.data['token'];
      expect((await strict.get('/api/auth/sessions', free)).status).to.equal(200);
      const body = { password: PASSWORD, code: strict.codeNow(secret, 1) };
      expect(codeOf(await strict.post('/api/auth/totp/disable', body, free))).to.deep.equal([
        403,
        'SECOND_FACTOR_REQUIRED',
      ]);
    } finally {
      await strict.close();
    }
  });

  it('keeps neither the secret nor a recovery code in clear, in the database or the log, nor under an Idempotency-Key', async () => {
    await t.member();
    const { token } = (await t.signIn()).json.data;
    const keyed = { 'idempotency-key': 'enrol-1' };
    const enrolling = posting({ password: PASSWORD }, String(token), keyed);
    const first = (await t.http.ask('/api/auth/totp/enrol', enrolling)).json.data as Record<string, string>;
    const begun = (await t.http.ask('/api/auth/totp/enrol', enrolling)).json.data as Record<string, string>;
    expect(begun['secret'], 'no kept answer').not.to.equal(first['secret']);
    const code = t.codeNow(begun['secret'] ?? '');
    const confirmed = await t.http.ask(
      '/api/auth/totp/confirm',
      posting({ challenge: begun['challenge'], code }, String(token), { 'idempotency-key': 'confirm-1' }),
    );
    const codes = confirmed.json.data['recovery_codes'] as string[];
    const names = await t.http.sql.query(
      unchecked<{ name: string }>({
        text: "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('es', 'ops', 'read')",
        values: [],
      }),
    );
    let kept = JSON.stringify(t.http.log);
    for (const { name } of names) {
      const rows = await t.http.sql.query(
        unchecked<{ row: string }>({ text: `select t::text as row from ${name} t`, values: [] }),
      );
      kept += rows.map(({ row }) => row).join('\n');
    }
    expect(kept).to.include('TotpEnrolled');
    const tokens = [begun['challenge'], first['challenge'], confirmed.json.data['refresh_token'] as string];
    for (const secret of [begun['secret'], first['secret'], ...tokens, ...codes])
      expect(kept.includes(String(secret)), 'a secret is kept in clear').to.equal(false);
    for (const secret of codes) expect(kept).not.to.include(secret.replaceAll('-', ''));
    // Nor in base64 or hex, as a column of bytes would show it.
    expect(kept).not.to.include(Buffer.from(String(begun['secret'])).toString('hex'));
    expect(kept).not.to.include(Buffer.from(String(begun['secret'])).toString('base64'));
  });

  it('is sealed for its person: in the events of another account it opens nothing', async () => {
    const one = await t.enrolled();
    const [event] = await t.http.sql.query(
      unchecked<{ secret: string }>({
        text: "select data->>'secret' as secret from es.events where type = 'TotpEnrolled' and stream = $1",
        values: [`user-${one.id}`],
      }),
    );
    const thief = await t.member();
    await t.http.change(thief, {
      type: 'TotpEnrolled',
      data: { userId: thief, secret: event?.secret ?? '', recoveryCodes: [], step: 0 },
    });
    const reply = await t.second(await t.challengeOf(), t.codeNow(one.secret));
    expect(reply.status).to.equal(500);
  });
});
