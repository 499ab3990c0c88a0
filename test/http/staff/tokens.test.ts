import { createSign, generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { SignJWT } from 'jose';
import { HttpError } from '../../../src/http/framework/errors.ts';
import { ACCESS_SECONDS, createTokens } from '../../../src/http/staff/tokens.ts';
import { SECRET } from '../../support/http/http.ts';

const USER = '01900000-0000-7000-8000-000000000001';
const SESSION = '01900000-0000-7000-8000-000000000002';
const START = Date.parse('2026-11-20T03:00:00Z');

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = (over: object = {}) => ({
  sub: USER,
  sid: SESSION,
  iss: 'saga-backend',
  aud: 'saga-dashboard',
  iat: START / 1000,
  exp: START / 1000 + 60,
  ...over,
});

describe('access tokens', () => {
  let now: number;
  const clock = { now: () => new Date(now) };
  const tokens = () => createTokens(SECRET, clock);
  const issue = () =>
    tokens().issue({
      userId: USER,
      sessionId: SESSION,
      role: 'viewer',
      division: 'sari',
      privileges: ['inbox_read'],
    });
  const signed = (payload: object, header: object = {}, key: Uint8Array = SECRET): Promise<string> =>
    new SignJWT(payload as Record<string, unknown>)
      .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt', ...header })
      .sign(key);
  const refused = async (token: string): Promise<void> => {
    const error: unknown = await tokens()
      .verify(token)
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(error, token.slice(0, 80)).to.be.instanceOf(HttpError).with.property('code', 'UNAUTHENTICATED');
  };
  beforeEach(() => {
    now = START;
  });

  it('say who and which session, until they expire', async () => {
    const all = tokens();
    const token = await issue();
    expect(await all.verify(token)).to.deep.equal({
      userId: USER,
      sessionId: SESSION,
      expiresAt: START / 1000 + ACCESS_SECONDS,
    });
    now = START + ACCESS_SECONDS * 1000 - 1;
    await all.verify(token);
    now += 1;
    const error: unknown = await all.verify(token).catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'UNAUTHENTICATED');
  });

  it('carry the claims a dashboard reads', async () => {
    const [, payload = ''] = (await issue()).split('.');
    const read = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
    expect(read).to.include({ sub: USER, sid: SESSION, role: 'viewer', division: 'sari' });
    expect(read).to.have.all.keys('sub', 'sid', 'role', 'division', 'privileges', 'iat', 'exp', 'iss', 'aud');
  });

  it('are good as the test makes them, so that each case below fails for its own reason', async () => {
    expect(await tokens().verify(await signed(claims()))).to.include({ userId: USER });
  });

  const forged: Record<string, () => Promise<string> | string> = {
    'no algorithm': () => `${part({ alg: 'none', typ: 'at+jwt' })}.${part(claims())}.`,
    'no algorithm in other letters': () => `${part({ alg: 'nOnE', typ: 'at+jwt' })}.${part(claims())}.`,
    'another key': () =>
      signed(claims(), {}, new TextEncoder().encode('another secret, which is long enough too')),
    'another algorithm of the same key': () => signed(claims(), { alg: 'HS512' }),
    'RS256 where HS256 is expected': () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const text = `${part({ alg: 'RS256', typ: 'at+jwt' })}.${part(claims())}`;
      return `${text}.${createSign('sha256').update(text).sign(privateKey).toString('base64url')}`;
    },
    'a key in its own header': async () => {
      const k = Buffer.from('attacker attacker attacker attacker').toString('base64url');
      return signed(
        claims(),
        { jwk: { kty: 'oct', k }, jku: 'http://127.0.0.1/keys' },
        Buffer.from(k, 'base64url'),
      );
    },
    'an unknown critical header': () =>
      `${part({ alg: 'HS256', typ: 'at+jwt', crit: ['x'], x: 1 })}.${part(claims())}.AAAA`,
    'another type': () => signed(claims(), { typ: 'rt+jwt' }),
    'no type': () => signed(claims(), { typ: undefined }),
    'another issuer': () => signed(claims({ iss: 'somebody' })),
    'another audience': () => signed(claims({ aud: 'somewhere' })),
    'no expiry': () => signed(claims({ exp: undefined })),
    'not valid yet': () => signed(claims({ nbf: START / 1000 + 30 })),
    expired: () => signed(claims({ exp: START / 1000 })),
    'no session': () => signed(claims({ sid: undefined })),
    'a subject that is no user id': () => signed(claims({ sub: '../../etc' })),
    'an edited claim': async () => {
      const [header = '', , signature = ''] = (await issue()).split('.');
      return `${header}.${part(claims({ role: 'super_admin' }))}.${signature}`;
    },
    'cut short': async () => (await issue()).slice(0, -3),
    huge: () => 'a'.repeat(64 * 1024),
    empty: () => '',
  };
  for (const [why, make] of Object.entries(forged)) {
    it(`are refused: ${why}`, async () => {
      await refused(await make());
    });
  }

  it('need a secret of 32 bytes', () => {
    expect(() => createTokens(new Uint8Array(31), clock)).to.throw(RangeError);
  });
});
