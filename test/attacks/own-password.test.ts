/** Changing the password of somebody whose session was stolen (docs/design/reliability.md#passwords). */
import { expect } from 'chai';
import { STAFF_PASSWORD, startTestProgram, type TestProgram } from '../support/http/app.ts';
import { codeAt } from '../support/http/authenticator.ts';
import { routes } from '../../src/http/routes.ts';
import { bearer, posting, type Reply } from '../support/http/http.ts';

const NEW = 'kata sandi yang baru';

describe('attack: a stolen session and the password', function () {
  this.timeout(60_000);
  let app: TestProgram;
  before(async () => {
    app = await startTestProgram();
  });
  after(() => app.close());

  const codeOf = ({ status, json }: Reply) => [status, (json as Reply['json'] | undefined)?.error?.code];
  const change = (token: string, current: string, wanted: string): Promise<Reply> =>
    app.call('/api/auth/password', posting({ current_password: current, new_password: wanted }, token));
  const statusWith = async (token: string): Promise<number> =>
    (await app.call('/api/auth/me', { headers: bearer(token) })).status;

  it('sets no new one without the present one, by no route, also as a super admin', async () => {
    const { id, token, email } = app.person('sa');
    expect(codeOf(await change(token, 'salah sekali saja', NEW))).to.deep.equal([403, 'PASSWORD_WRONG']);
    const patched = await app.patch(`/api/admin/users/${id}`, { password: NEW }, 'sa');
    expect(codeOf(patched)).to.deep.equal([403, 'PASSWORD_OWN']);
    const among = await app.patch(`/api/admin/users/${id}`, { name: 'Lain', password: NEW }, 'sa');
    expect(codeOf(among)).to.deep.equal([403, 'PASSWORD_OWN']);
    expect((await app.signIn(email, NEW)).status).to.equal(401);
    expect((await app.signIn(email)).status).to.equal(200);
    const { json } = await app.get('/api/auth/me', 'sa');
    expect((json.data['user'] as { name: string }).name, 'nothing of it was taken').to.equal('sa');
  });

  it('with the present one it ends where the person is signed in elsewhere, and goes on here, in every process', async () => {
    const { email, token: elsewhere } = app.person('agent.sari');
    const other = await app.another();
    const { token, refresh_token: refresh } = (await app.signIn(email)).json.data as Record<string, string>;
    if (token === undefined) throw new Error('no token');
    const there = await fetch(`${other}/api/auth/me`, { headers: bearer(token) });
    expect(there.status, 'the other process remembers the session').to.equal(200);
    const done = await change(token, STAFF_PASSWORD, NEW);
    expect(done.status, done.text).to.equal(204);
    expect(await statusWith(elsewhere)).to.equal(401);
    expect(await statusWith(token)).to.equal(200);
    expect((await fetch(`${other}/api/auth/me`, { headers: bearer(token) })).status).to.equal(200);
    expect((await fetch(`${other}/api/auth/me`, { headers: bearer(elsewhere) })).status).to.equal(401);
    expect((await app.call('/api/auth/refresh', posting({ refresh_token: refresh }))).status).to.equal(200);
    expect((await app.signIn(email)).status).to.equal(401);
    expect((await app.signIn(email, NEW)).status).to.equal(200);
  });

  it('asks for a code too where there is a second factor, and a code is good once', async () => {
    const { token: before, email } = app.person('other.savi');
    const enrol = await app.call('/api/auth/totp/enrol', posting({ password: STAFF_PASSWORD }, before));
    const { challenge, secret } = enrol.json.data as { challenge: string; secret: string };
    const body = { challenge, code: codeAt(secret, new Date()) };
    const confirmed = await app.call('/api/auth/totp/confirm', posting(body, before));
    expect(confirmed.status, confirmed.text).to.equal(200);
    const { token, recovery_codes: codes } = confirmed.json.data as {
      token: string;
      recovery_codes: string[];
    };
    const withCode = (code: string | undefined, wanted: string): Promise<Reply> =>
      app.call(
        '/api/auth/password',
        posting({ current_password: STAFF_PASSWORD, new_password: wanted, code }, token),
      );
    expect(codeOf(await withCode(undefined, NEW))).to.deep.equal([403, 'CODE_WRONG']);
    expect(codeOf(await withCode('000000', NEW))).to.deep.equal([403, 'CODE_WRONG']);
    // One that is refused for another reason costs no code.
    expect(codeOf(await withCode(codes[0], 'password123'))).to.deep.equal([400, 'PASSWORD_TOO_EASY']);
    const done = await withCode(codes[0], NEW);
    expect(done.status, done.text).to.equal(204);
    expect((await app.signIn(email)).status).to.equal(401);
    const again = { current_password: NEW, new_password: `${NEW} lagi`, code: codes[0] };
    expect(codeOf(await app.call('/api/auth/password', posting(again, token)))).to.deep.equal([
      403,
      'CODE_WRONG',
    ]);
  });

  it('changes no own e-mail address without everything that one signs in with; that of others is administration', async () => {
    const { id, email } = app.person('sa');
    const patch = (body: object) => app.patch(`/api/admin/users/${id}`, body, 'sa');
    const own = { email: 'pencuri@test.saga' };
    expect(codeOf(await patch(own))).to.deep.equal([403, 'PASSWORD_WRONG']);
    expect(codeOf(await patch({ ...own, current_password: 'salah sekali saja' }))).to.deep.equal([
      403,
      'PASSWORD_WRONG',
    ]);
    expect((await app.signIn(email)).status).to.equal(200);
    expect((await patch({ email, name: 'Sama' })).status, 'as it is').to.equal(200);
    expect(codeOf(await patch({ current_password: STAFF_PASSWORD }))).to.deep.equal([
      400,
      'VALIDATION_FAILED',
    ]);
    const done = await patch({ email: 'baru@test.saga', current_password: STAFF_PASSWORD });
    expect(done.status, done.text).to.equal(200);
    expect((await app.signIn('baru@test.saga')).status).to.equal(200);
    const other = await app.patch(
      `/api/admin/users/${app.person('viewer.sari').id}`,
      { email: 'lain@test.saga' },
      'sa',
    );
    expect(other.status, other.text).to.equal(200);
  });

  it('that somebody else chose opens nothing but the way to an own one, and is none for good', async () => {
    const GIVEN = 'kata sandi dari admin';
    const OWN = 'kata sandi milik sendiri';
    const wanted = { name: 'Baru', email: 'orang.baru@test.saga', role: 'super_admin', division: 'all' };
    const temporary = { must_change_password: true };
    const made = await app.post('/api/admin/users', { ...wanted, ...temporary, password: GIVEN }, 'sa');
    const { user_id: id } = made.json.data as { user_id: string };
    const held = async (given: string): Promise<void> => {
      const { json } = await app.signIn(wanted.email, given);
      const { token, refresh_token, user } = json.data as Record<string, string>;
      expect(user).to.include({ must_change_password: true });
      const list = (await app.get('/api/admin/users', 'sa')).json.data['users'] as Record<string, unknown>[];
      expect(list.find((one) => one['id'] === id)).to.include({ must_change_password: true });
      for (const route of routes.filter((one) => one.access !== 'public' && !one.beforeOwnPassword)) {
        const path = route.path.replace(/:\w+/g, id);
        const init = { method: route.method.toUpperCase(), headers: bearer(token) };
        const got = codeOf(await app.call(path, init));
        expect(got, `${route.method} ${path}`).to.deep.equal([403, 'PASSWORD_CHANGE_REQUIRED']);
      }
      expect(routes.filter((route) => route.beforeOwnPassword).map(({ name }) => name)).to.have.members([
        'me',
        'logout',
        'changePassword',
      ]);
      const refreshed = await app.call('/api/auth/refresh', posting({ refresh_token }));
      const { token: next = '' } = refreshed.json.data as Record<string, string>;
      const closed = await app.call('/api/admin/inbox', { headers: bearer(next) });
      expect(codeOf(closed), 'a refresh gives no more').to.deep.equal([403, 'PASSWORD_CHANGE_REQUIRED']);
      for (const same of [given, given.normalize('NFD')])
        expect(codeOf(await change(next, given, same))).to.deep.equal([400, 'PASSWORD_UNCHANGED']);
      expect((await change(next, given, OWN)).status).to.equal(204);
      const open = await app.call('/api/auth/me', { headers: bearer(next) });
      expect(open.json.data['user']).to.include({ must_change_password: false });
      expect((await app.call('/api/admin/inbox', { headers: bearer(next) })).status).to.equal(200);
      expect((await app.signIn(wanted.email, given)).status).to.equal(401);
    };
    await held(GIVEN);
    const reset = await app.post(
      `/api/admin/users/${id}/reset-password`,
      { password: `${GIVEN} lagi` },
      'sa',
    );
    expect(reset.status, reset.text).to.equal(204);
    await held(`${GIVEN} lagi`);
    const patched = await app.patch(
      `/api/admin/users/${id}`,
      { ...temporary, password: `${GIVEN} ketiga` },
      'sa',
    );
    expect(patched.status, patched.text).to.equal(200);
    await held(`${GIVEN} ketiga`);
    await app.patch(`/api/admin/users/${id}`, { password: `${GIVEN} keempat` }, 'sa');
    const handed = (await app.signIn(wanted.email, `${GIVEN} keempat`)).json.data['user'];
    expect(handed, 'handed over as it is').to.include({ must_change_password: false });
  });

  it('is set for nobody by who may not, and for oneself by no one, by the reset either', async () => {
    const reset = (id: string, as: string) =>
      app.post(`/api/admin/users/${id}/reset-password`, { password: 'kata sandi curian' }, as);
    expect(codeOf(await reset(app.person('sa').id, 'sa'))).to.deep.equal([403, 'PASSWORD_OWN']);
    expect(codeOf(await reset(app.person('viewer.savi').id, 'tl'))).to.deep.equal([403, 'FORBIDDEN']);
    const { id } = app.person('tl');
    const granted = { privileges: { granted: ['manage_users'], revoked: [] } };
    await app.patch(`/api/admin/users/${id}`, granted, 'sa');
    await app.signInAgain('tl');
    expect(codeOf(await reset(app.person('sa').id, 'tl'))).to.deep.equal([403, 'SUPER_ADMIN_PROTECTED']);
    expect(codeOf(await reset(app.person('viewer.savi').id, 'tl'))[0]).to.equal(204);
  });

  it('is refused where it is too easy, or the own address', async () => {
    const { token, email } = app.person('agent.savi');
    for (const easy of ['password123', email])
      expect(codeOf(await change(token, STAFF_PASSWORD, easy))).to.deep.equal([400, 'PASSWORD_TOO_EASY']);
  });

  it('is taken over by no one who was faster: rights that changed meanwhile end the session all the same', async () => {
    const { id, token, email } = app.person('agent.safia');
    const [changed, moved] = await Promise.all([
      change(token, STAFF_PASSWORD, NEW),
      app.patch(`/api/admin/users/${id}`, { privileges: { granted: [], revoked: ['reply'] } }, 'sa'),
    ]);
    expect(moved.status, moved.text).to.equal(200);
    expect(changed.status, changed.text).to.be.oneOf([204, 401, 403]);
    expect(await statusWith(token)).to.equal(401);
    expect((await app.signIn(email, changed.status === 204 ? NEW : STAFF_PASSWORD)).status).to.equal(200);
  });
});
