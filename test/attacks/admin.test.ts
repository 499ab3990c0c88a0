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
    const reply = await app.patch(`/api/admin/users/${app.person('lead').id}`, { privileges: granted }, 'sa');
    expect(reply.status, reply.text).to.equal(200);
    await app.signInAgain('lead');
  });
  after(() => app.close());

  const codeOf = ({ status, json }: Reply): [number, string] => [status, json.error.code];
  const patch = async (key: string, changes: object): Promise<[number, string]> =>
    codeOf(await app.patch(`/api/admin/users/${app.person(key).id}`, changes, 'lead'));

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
    expect(codeOf(await app.post('/api/admin/users', wanted, 'lead'))).to.deep.equal([403, 'ROLE_ABOVE_OWN']);
    expect(await patch('lead', { role: 'super_admin' })).to.deep.equal([403, 'ROLE_ABOVE_OWN']);
  });

  it('gives nobody more than they have', async () => {
    const more = { privileges: { granted: ['customer_erase'], revoked: [] } };
    expect(await patch('lead', more)).to.deep.equal([403, 'PRIVILEGE_ABOVE_OWN']);
    expect(await patch('viewer.sari', more)).to.deep.equal([403, 'PRIVILEGE_ABOVE_OWN']);
    const set = await app.post('/api/admin/privileges/viewer', { privileges: ['customer_erase'] }, 'lead');
    expect(codeOf(set)).to.deep.equal([403, 'PRIVILEGE_ABOVE_OWN']);
    const above = await app.post('/api/admin/privileges/super_admin', { privileges: [] }, 'lead');
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
