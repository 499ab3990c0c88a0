/** Who was given the administration of users tries to become more than that (docs/design/reliability.md#administration). */
import { expect } from 'chai';
import { startTestProgram, type TestProgram } from '../support/http/app.ts';
import type { Reply } from '../support/http/http.ts';

describe('a team lead who may manage users and privileges', function () {
  this.timeout(60_000);
  let app: TestProgram;
  before(async () => {
    app = await startTestProgram({ RUN: 'api' });
    const granted = { granted: ['manage_users', 'manage_privileges'], revoked: [] };
    const reply = await app.patch(`/api/admin/users/${app.person('tl').id}`, { privileges: granted }, 'sa');
    expect(reply.status, reply.text).to.equal(200);
    await app.signInAgain('tl');
  });
  after(() => app.close());

  const codeOf = ({ status, json }: Reply): [number, string] => [status, json.error.code];
  const patch = async (key: string, changes: object): Promise<[number, string]> =>
    codeOf(await app.patch(`/api/admin/users/${app.person(key).id}`, changes, 'tl'));

  it('takes over no super admin', async () => {
    for (const changes of [{ password: 'kata sandi saya' }, { email: 'saya@demo.saga' }, { name: 'X' }])
      expect(await patch('sa', changes)).to.deep.equal([403, 'SUPER_ADMIN_PROTECTED']);
  });

  it('makes no super admin', async () => {
    const wanted = {
      name: 'Baru',
      email: 'baru@demo.saga',
      password: 'kata sandi yang baru',
      role: 'super_admin',
      division: 'all',
    };
    expect(codeOf(await app.post('/api/admin/users', wanted, 'tl'))).to.deep.equal([403, 'ROLE_ABOVE_OWN']);
    expect(await patch('tl', { role: 'super_admin' })).to.deep.equal([403, 'ROLE_ABOVE_OWN']);
  });

  it('gives nobody more than they have', async () => {
    const more = { privileges: { granted: ['customer_erase'], revoked: [] } };
    expect(await patch('tl', more)).to.deep.equal([403, 'PRIVILEGE_ABOVE_OWN']);
    expect(await patch('viewer.sari', more)).to.deep.equal([403, 'PRIVILEGE_ABOVE_OWN']);
    const set = await app.post('/api/admin/privileges/viewer', { privileges: ['customer_erase'] }, 'tl');
    expect(codeOf(set)).to.deep.equal([403, 'PRIVILEGE_ABOVE_OWN']);
    const above = await app.post('/api/admin/privileges/super_admin', { privileges: [] }, 'tl');
    expect(codeOf(above)).to.deep.equal([403, 'ROLE_ABOVE_OWN']);
  });

  it('and the last super admin keeps the administration', async () => {
    for (const revoked of ['manage_users', 'manage_privileges']) {
      const less = { privileges: { granted: [], revoked: [revoked] } };
      const reply = await app.patch(`/api/admin/users/${app.person('sa').id}`, less, 'sa');
      expect(codeOf(reply)).to.deep.equal([409, 'LAST_SUPER_ADMIN']);
    }
  });
});

describe('somebody who asks for file after file', function () {
  this.timeout(60_000);
  let app: TestProgram;
  // No job makes the files: all of them wait.
  before(async () => {
    app = await startTestProgram({ RUN: 'api', EXPORT_WAIT_SECONDS: '0' });
  });
  after(() => app.close());

  const excel = (as: string): Promise<Reply> =>
    app.post(
      '/api/export/excel',
      { division: 'sari', date_range: { start: '2026-07-01', end: '2026-07-31' } },
      as,
    );

  it('has six that are open, however many they ask for at once, and keeps nobody else from theirs', async () => {
    const replies = await Promise.all(Array.from({ length: 15 }, () => excel('tl')));
    const made = replies.filter(({ status }) => status === 201);
    expect(made.length).to.be.within(1, 6);
    while ((await excel('tl')).status === 201) made.push(made[0] as Reply);
    expect(made).to.have.length(6);
    const refused = await excel('tl');
    expect([refused.status, refused.json.error.code]).to.deep.equal([429, 'EXPORT_LIMIT']);
    expect(Number(refused.headers.get('retry-after'))).to.be.above(0);
    expect((await excel('sa')).status).to.equal(201);
  });

  it('has a link until they are deactivated or may not export any more', async () => {
    const grant = { privileges: { granted: ['export'], revoked: [] } };
    for (const [key, less] of [
      ['agent.sari', { is_active: false }],
      ['other.sari', { privileges: { granted: [], revoked: [] } }],
      ['viewer.sari', { division: 'savi' }],
    ] as const) {
      const path = `/api/admin/users/${app.person(key).id}`;
      expect((await app.patch(path, grant, 'sa')).status).to.equal(200);
      await app.signInAgain(key);
      const link = (await excel(key)).json.data['download_url'] as string;
      expect((await app.call(link)).json.error.code).to.equal('EXPORT_NOT_READY');
      expect((await app.patch(path, less, 'sa')).status).to.equal(200);
      const gone = await app.call(link);
      expect([gone.status, gone.json.error.code], key).to.deep.equal([403, 'EXPORT_LINK_INVALID']);
      if (!('is_active' in less)) continue;
      // Called back: the link is of its file and not of a session, so it is as good as the rights are now.
      expect((await app.patch(path, { is_active: true }, 'sa')).status).to.equal(200);
      expect((await app.call(link)).json.error.code).to.equal('EXPORT_NOT_READY');
    }
  });
});
