/** People with a second factor, and what an attacker sends: over HTTP, with a clock that the test moves. */
import { expect } from 'chai';
import { login, logout, me, refresh } from '../../../src/http/staff/auth.ts';
import { ownSessions } from '../../../src/http/staff/own-sessions.ts';
import {
  confirmTotp,
  disableTotp,
  enrolTotp,
  loginTotp,
  resetTotp,
  totpStatus,
} from '../../../src/http/staff/second-factor.ts';
import type { Deps } from '../../../src/http/framework/dependencies.ts';
import { codeAt } from './authenticator.ts';
import { bearer, type HttpTest, httpOn, PASSWORD, posting, type Reply } from './http.ts';

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

export const codeOf = ({ status, json }: Reply): readonly [number, string | undefined] => [
  status,
  (json as Reply['json'] | undefined)?.error?.code,
];

/** @param requiredRoles as TOTP_REQUIRED_ROLES */
export async function secondFactorTest(requiredRoles: readonly string[] = []) {
  const failures: { email: string; reason: string }[] = [];
  const plain = await httpOn([]);
  const { config, access } = plain.deps;
  await plain.close();
  const over: Partial<Deps> = {
    config: { ...config, trustProxy: ['loopback'], totpRequiredRoles: new Set(requiredRoles) },
    access: {
      ...access,
      signInFailed: (email, _userId, reason) => failures.push({ email, reason }),
    },
  };
  const http = await httpOn(ROUTES, over);
  /** Whose e-mail address is used from now on. */
  const who = { email: '' };
  let people = 0;

  const post = (path: string, body: object, token?: unknown, address = '203.0.113.1'): Promise<Reply> =>
    http.ask(
      path,
      posting(body, token === undefined ? undefined : String(token), { 'x-forwarded-for': address }),
    );
  const get = (path: string, token: unknown): Promise<Reply> =>
    http.ask(path, { headers: bearer(String(token)) });
  const signIn = (address?: string): Promise<Reply> =>
    post('/api/auth/login', { email: who.email, password: PASSWORD }, undefined, address);
  const later = (seconds: number): void => {
    http.time.now = new Date(http.time.now.getTime() + seconds * 1000);
  };
  /** A new person, whose address is used from now on. */
  async function member(role: Parameters<HttpTest['member']>[1] = 'sales_agent'): Promise<string> {
    people += 1;
    who.email = `person${String(people)}@demo.saga`;
    return http.member(who.email, role, role === 'super_admin' ? 'all' : 'sari');
  }
  async function begin(token: unknown, more: object = {}): Promise<{ challenge: string; secret: string }> {
    const begun = await post('/api/auth/totp/enrol', { password: PASSWORD, ...more }, token);
    expect(begun.status, begun.text).to.equal(200);
    return begun.json.data as { challenge: string; secret: string };
  }
  const confirm = (token: unknown, challenge: string, code: string): Promise<Reply> =>
    post('/api/auth/totp/confirm', { challenge, code }, token);

  return {
    http,
    who,
    failures,
    post,
    get,
    signIn,
    later,
    member,
    begin,
    confirm,
    codeNow: (secret: string, steps = 0): string => codeAt(secret, http.time.now, steps),
    /** Status of a request with this token. */
    statusWith: async (token: unknown): Promise<number> => (await get('/api/auth/me', token)).status,
    challengeOf: async (address?: string): Promise<string> =>
      (await signIn(address)).json.data['challenge'] as string,
    second: (challenge: unknown, code: string, address?: string): Promise<Reply> =>
      post('/api/auth/login/totp', { challenge, code }, undefined, address),
    /** A new person with a second factor, some time after its enrolment. */
    async enrolled(role: Parameters<HttpTest['member']>[1] = 'sales_agent') {
      const id = await member(role);
      const { token } = (await signIn()).json.data;
      const { challenge, secret } = await begin(token);
      const done = await confirm(token, challenge, codeAt(secret, http.time.now));
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
      return { id, secret, recoveryCodes, token: fresh, refreshToken, email: who.email };
    },
    close: () => http.close(),
  };
}

export type SecondFactorTest = Awaited<ReturnType<typeof secondFactorTest>>;
