/** Signing in without the second factor: guessing, replaying, going around (docs/design/reliability.md#second-factor). */
import { expect } from 'chai';
import { codeOf, secondFactorTest, type SecondFactorTest } from '../support/http/second-factor.ts';

describe('attack: signing in without the second factor', () => {
  let t: SecondFactorTest;
  before(async () => {
    t = await secondFactorTest();
  });
  after(() => t.close());
  beforeEach(() => {
    t.failures.length = 0;
    t.http.time.now = new Date('2026-11-20T03:00:05Z');
  });

  it('the password alone gives a challenge, and no token; the code lets in', async () => {
    const { secret } = await t.enrolled();
    const first = await t.signIn();
    expect(Object.keys(first.json.data).sort()).to.deep.equal(['challenge', 'expires_in', 'mfa_required']);
    expect(await t.statusWith(first.json.data['challenge']), 'the challenge is no access token').to.equal(
      401,
    );
    const done = await t.second(first.json.data['challenge'], t.codeNow(secret));
    expect(done.status, done.text).to.equal(200);
    expect(await t.statusWith(done.json.data['token'])).to.equal(200);
    expect((done.json.data['user'] as { email: string }).email).to.equal(t.who.email);
  });

  it('enrolling ends every other session, its tokens and its refresh tokens', async () => {
    await t.member();
    const other = (await t.signIn()).json.data;
    const { token } = (await t.signIn()).json.data;
    const begun = await t.begin(token);
    const done = await t.confirm(token, begun.challenge, t.codeNow(begun.secret));
    expect(await t.statusWith(other['token'])).to.equal(401);
    expect(await t.statusWith(token)).to.equal(401);
    expect(await t.statusWith(done.json.data['token'])).to.equal(200);
    const refreshed = await t.post('/api/auth/refresh', { refresh_token: other['refresh_token'] });
    expect(refreshed.status).to.equal(401);
  });

  it('a code that was used is worth nothing, also in another sign-in at the same moment', async () => {
    const { secret } = await t.enrolled();
    const code = t.codeNow(secret);
    const challenges = [await t.challengeOf(), await t.challengeOf(), await t.challengeOf()];
    const replies = await Promise.all(challenges.map((one) => t.second(one, code)));
    expect(replies.map(({ status }) => status).sort()).to.deep.equal([200, 403, 403]);
    expect(codeOf(await t.second(await t.challengeOf(), code))).to.deep.equal([403, 'CODE_WRONG']);
    // One of an earlier step neither.
    expect(codeOf(await t.second(await t.challengeOf(), t.codeNow(secret, -1)))).to.deep.equal([
      403,
      'CODE_WRONG',
    ]);
    t.later(30);
    expect((await t.second(await t.challengeOf(), t.codeNow(secret))).status).to.equal(200);
  });

  it('the code that confirmed the enrolment does not sign in', async () => {
    await t.member();
    const { token } = (await t.signIn()).json.data;
    const begun = await t.begin(token);
    const code = t.codeNow(begun.secret);
    await t.confirm(token, begun.challenge, code);
    expect(codeOf(await t.second(await t.challengeOf(), code))).to.deep.equal([403, 'CODE_WRONG']);
  });

  it('a challenge is good for one sign-in and five minutes, and for its own account', async () => {
    const { secret } = await t.enrolled();
    const used = await t.challengeOf();
    expect((await t.second(used, t.codeNow(secret))).status).to.equal(200);
    t.later(30);
    expect(codeOf(await t.second(used, t.codeNow(secret)))).to.deep.equal([403, 'CHALLENGE_OVER']);
    const old = await t.challengeOf();
    t.later(301);
    expect(codeOf(await t.second(old, t.codeNow(secret)))).to.deep.equal([403, 'CHALLENGE_OVER']);
    const whose = await t.challengeOf();
    const { secret: another } = await t.enrolled();
    expect(codeOf(await t.second(whose, t.codeNow(another)))).to.deep.equal([403, 'CODE_WRONG']);
    for (const made of ['x', 'x'.repeat(43)])
      expect(codeOf(await t.second(made, '123456'))).to.deep.equal([403, 'CHALLENGE_OVER']);
  });

  it('two codes with one challenge at once open one session', async () => {
    const { secret, recoveryCodes } = await t.enrolled();
    const challenge = await t.challengeOf();
    const replies = await Promise.all([
      t.second(challenge, t.codeNow(secret)),
      t.second(challenge, recoveryCodes[0] ?? ''),
    ]);
    expect(replies.filter(({ status }) => status === 200)).to.have.length(1);
  });

  it('a challenge is void once the account has changed: the password, the rights, its activity', async () => {
    const { id, secret } = await t.enrolled();
    const challenge = await t.challengeOf();
    await t.http.change(id, { type: 'UserPasswordChanged', data: { userId: id, passwordHash: 'another' } });
    expect(codeOf(await t.second(challenge, t.codeNow(secret)))).to.deep.equal([403, 'CHALLENGE_OVER']);
    const gone = await t.enrolled();
    const theirs = await t.challengeOf();
    await t.http.change(gone.id, { type: 'UserDeactivated', data: { userId: gone.id } });
    expect(codeOf(await t.second(theirs, t.codeNow(gone.secret)))).to.deep.equal([403, 'CHALLENGE_OVER']);
  });

  it('is not guessed: five tries of a challenge, five failures of an address, and then not even the right code', async () => {
    const { secret } = await t.enrolled();
    const wrong = (n: number): string => {
      const right = [-1, 0, 1].map((step) => t.codeNow(secret, step));
      return right.includes(String(n).padStart(6, '0')) ? '999999' : String(n).padStart(6, '0');
    };
    const challenge = await t.challengeOf('198.51.100.7');
    const tries = await Promise.all(
      Array.from({ length: 20 }, (_, n) => t.second(challenge, wrong(n), '198.51.100.7')),
    );
    expect(tries.filter((reply) => codeOf(reply)[1] === 'CODE_WRONG')).to.have.length(5);
    expect(tries.filter(({ status }) => status === 200)).to.have.length(0);
    expect(
      t.failures.filter((one) => one.reason === 'wrong_code' && one.email === t.who.email),
    ).to.have.length(5);
    const again = await t.challengeOf('198.51.100.7');
    const right = await t.second(again, t.codeNow(secret), '198.51.100.7');
    expect(codeOf(right)).to.deep.equal([429, 'LOGIN_THROTTLED']);
    expect(Number(right.headers.get('retry-after'))).to.be.within(1, 900);
    // The owner, where they were before, and everybody else at the address of the attacker.
    expect((await t.second(await t.challengeOf(), t.codeNow(secret))).status).to.equal(200);
    const neighbour = await t.enrolled();
    const theirs = await t.second(
      await t.challengeOf('198.51.100.7'),
      t.codeNow(neighbour.secret),
      '198.51.100.7',
    );
    expect(theirs.status).to.equal(200);
  });

  it('is not guessed from ever new addresses; where the account was used before it is not denied', async () => {
    const { secret } = await t.enrolled();
    let looked = 0;
    for (let n = 0; n < 25; n += 1) {
      const address = `198.51.100.${String(n)}`;
      const reply = await t.second(await t.challengeOf(address), '000000', address);
      if (codeOf(reply)[1] === 'CODE_WRONG') looked += 1;
    }
    expect(looked).to.equal(15);
    expect((await t.second(await t.challengeOf(), t.codeNow(secret))).status).to.equal(200);
  });

  it('a recovery code lets in once, however it is typed; ten are made, and none is another', async () => {
    const { recoveryCodes, token } = await t.enrolled();
    expect(new Set(recoveryCodes).size).to.equal(10);
    const [one = '', two = ''] = recoveryCodes;
    expect((await t.second(await t.challengeOf(), one.toLowerCase().replaceAll('-', ' '))).status).to.equal(
      200,
    );
    expect(codeOf(await t.second(await t.challengeOf(), one))).to.deep.equal([403, 'CODE_WRONG']);
    expect((await t.second(await t.challengeOf(), two)).status).to.equal(200);
    const { json } = await t.get('/api/auth/totp', token);
    expect(json.data).to.deep.equal({ enrolled: true, required: false, recovery_codes_left: 8 });
  });

  it('a password that was reset does not go around it', async () => {
    const { id, secret } = await t.enrolled();
    const passwordHash = await t.http.deps.passwords.hash('kata sandi yang baru');
    await t.http.change(id, { type: 'UserPasswordChanged', data: { userId: id, passwordHash } });
    const body = { email: t.who.email, password: 'kata sandi yang baru' };
    const { data } = (await t.post('/api/auth/login', body)).json;
    expect([data['mfa_required'], data['token']]).to.deep.equal([true, undefined]);
    expect((await t.second(data['challenge'], t.codeNow(secret))).status).to.equal(200);
  });
});
