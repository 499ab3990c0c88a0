import { expect } from 'chai';
import { commandsOn, contextOf } from '../../support/scenarios/commands.ts';
import { eventContextOf } from '../../../src/commands/context.ts';
import { PRIVILEGES } from '../../../src/domain/staff/privileges.ts';
import { user } from '../../../src/domain/staff/user.ts';
import { rina, tono } from '../../support/scenarios/people.ts';
import { refusalOf } from '../../support/rejection.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

describe('staff, on a real store', () => {
  let its: TestStore;
  beforeEach(async () => {
    its = await testStore();
  });
  afterEach(() => its.close());

  const person = (email: string, role: 'super_admin' | 'sales_agent' | 'viewer' = 'sales_agent') => ({
    name: 'Nama',
    email,
    password: 'a long password',
    role,
    division: role === 'super_admin' ? ('all' as const) : ('sari' as const),
  });
  const as = contextOf;

  it('an address belongs to one of them, also when two processes ask at once', async () => {
    const processes = [commandsOn(its.store), commandsOn(await its.another())];
    const outcomes = await Promise.all(
      Array.from({ length: 6 }, (_, n) =>
        refusalOf(processes[n % 2]!.commands.createUser(as(rina), person('a@demo.saga'))),
      ),
    );
    expect(outcomes.filter((one) => one === 'done')).to.have.length(1);
    expect(outcomes.filter((one) => one === 'EMAIL_TAKEN')).to.have.length(5);
  });

  it('a released address can be taken, the new one is held', async () => {
    const { commands } = commandsOn(its.store);
    const { user_id } = await commands.createUser(as(rina), person('a@demo.saga'));
    await commands.patchUser(as(rina), user_id, { email: 'b@demo.saga' });
    expect(await refusalOf(commands.createUser(as(rina), person('a@demo.saga')))).to.equal('done');
    expect(await refusalOf(commands.createUser(as(rina), person('b@demo.saga')))).to.equal('EMAIL_TAKEN');
  });

  it('the last active super admin stays, also when two ask each other to go at once', async () => {
    const processes = [commandsOn(its.store), commandsOn(await its.another())];
    const { commands } = processes[0]!;
    const ids = [];
    for (const email of ['a@demo.saga', 'b@demo.saga']) {
      ids.push((await commands.createUser(as(rina), person(email, 'super_admin'))).user_id);
    }
    const outcomes = await Promise.all(
      ids.map((id, n) =>
        refusalOf(
          processes[n]!.commands.patchUser(as(rina), id, n ? { is_active: false } : { role: 'viewer' }),
        ),
      ),
    );
    expect(outcomes.sort()).to.deep.equal(['LAST_SUPER_ADMIN', 'done']);
  });

  it('a deactivated super admin who comes back counts again', async () => {
    const { commands } = commandsOn(its.store);
    const one = (await commands.createUser(as(rina), person('a@demo.saga', 'super_admin'))).user_id;
    const two = (await commands.createUser(as(rina), person('b@demo.saga', 'super_admin'))).user_id;
    await commands.patchUser(as(rina), one, { is_active: false });
    expect(await refusalOf(commands.patchUser(as(rina), two, { is_active: false }))).to.equal(
      'LAST_SUPER_ADMIN',
    );
    await commands.patchUser(as(rina), one, { is_active: true });
    expect(await refusalOf(commands.patchUser(as(rina), two, { is_active: false }))).to.equal('done');
  });

  it('the last who can manage users and privileges keeps both, also where a super admin exists who cannot', async () => {
    const { commands } = commandsOn(its.store);
    const one = (await commands.createUser(as(rina), person('a@demo.saga', 'super_admin'))).user_id;
    const two = (await commands.createUser(as(rina), person('b@demo.saga', 'super_admin'))).user_id;
    for (const lost of ['manage_users', 'manage_privileges'] as const) {
      const less = { privileges: { granted: [], revoked: [lost] } };
      await commands.patchUser(as(rina), one, less);
      expect(await refusalOf(commands.patchUser(as(rina), two, less))).to.equal('LAST_SUPER_ADMIN');
      expect(await refusalOf(commands.patchUser(as(rina), two, { is_active: false }))).to.equal(
        'LAST_SUPER_ADMIN',
      );
    }
    await commands.patchUser(as(rina), one, { privileges: { granted: [], revoked: ['tag'] } });
    expect(await refusalOf(commands.patchUser(as(rina), two, { role: 'viewer' }))).to.equal('done');
  });

  it('a super admin on an old list who can manage nothing does not count', async () => {
    const { commands } = commandsOn(its.store);
    const one = (await commands.createUser(as(rina), person('a@demo.saga', 'super_admin'))).user_id;
    const two = (await commands.createUser(as(rina), person('b@demo.saga', 'super_admin'))).user_id;
    // As 0.2.0 did it: the privileges changed, the list did not.
    await commands.handler.executeCommand(
      user,
      one,
      eventContextOf(as(rina), { now: () => new Date() }),
      () => [
        { type: 'UserPrivilegesChanged', data: { userId: one, granted: [], revoked: ['manage_users'] } },
      ],
    );
    expect(await refusalOf(commands.patchUser(as(rina), two, { is_active: false }))).to.equal(
      'LAST_SUPER_ADMIN',
    );
  });

  it('who is no super admin neither makes nor changes one', async () => {
    const { commands } = commandsOn(its.store);
    const manager = { ...tono, privileges: new Set(PRIVILEGES) };
    const root = (await commands.createUser(as(rina), person('a@demo.saga', 'super_admin'))).user_id;
    expect(await refusalOf(commands.createUser(as(manager), person('b@demo.saga', 'super_admin')))).to.equal(
      'ROLE_ABOVE_OWN',
    );
    expect(await refusalOf(commands.patchUser(as(manager), root, { password: 'another word' }))).to.equal(
      'SUPER_ADMIN_PROTECTED',
    );
    expect(await its.store.read(`user-${root}`)).to.have.length(1);
    // The address is not taken either by what was refused.
    expect(await refusalOf(commands.createUser(as(rina), person('b@demo.saga')))).to.equal('done');
    expect(await refusalOf(commands.patchUser(as(manager), root, { email: 'c@demo.saga' }))).to.equal(
      'SUPER_ADMIN_PROTECTED',
    );
    expect(await refusalOf(commands.createUser(as(rina), person('c@demo.saga')))).to.equal('done');
  });

  it('a password that everybody tries, or the own address, is refused before anything is written', async () => {
    const { commands } = commandsOn(its.store);
    const easy = { ...person('a@demo.saga'), password: 'password123' };
    expect(await refusalOf(commands.createUser(as(rina), easy))).to.equal('PASSWORD_TOO_EASY');
    const { user_id } = await commands.createUser(as(rina), person('a@demo.saga'));
    for (const changes of [
      { password: 'bismillah123' },
      { password: 'a@demo.saga' },
      { password: 'baru@demo.saga', email: 'baru@demo.saga' },
    ])
      expect(await refusalOf(commands.patchUser(as(rina), user_id, changes))).to.equal('PASSWORD_TOO_EASY');
  });

  it('a password that somebody else chose is temporary where they say so, and else handed over as it is', async () => {
    const { commands } = commandsOn(its.store);
    const until = async (userId: string): Promise<string | null> => {
      const found = await commands.handler.load(user, userId);
      return found.status === 'absent' ? null : found.temporaryPasswordUntil;
    };
    const temporary = { must_change_password: true };
    const { user_id: hired } = await commands.createUser(as(rina), {
      ...person('a@demo.saga'),
      ...temporary,
    });
    const [registered] = await its.store.read(`user-${hired}`);
    const { at } = registered?.metadata as { at: string };
    expect(Date.parse((await until(hired)) ?? '') - Date.parse(at)).to.equal(7 * 86_400_000);
    const { user_id: other } = await commands.createUser(as(rina), person('b@demo.saga'));
    expect(await until(other)).to.equal(null);
    await commands.patchUser(as(rina), other, { name: 'Nama Baru', ...temporary });
    expect(await until(other), 'something else was changed').to.equal(null);
    await commands.patchUser(as(rina), other, { password: 'kata sandi sementara', ...temporary });
    expect(await until(other)).to.be.a('string');
    await commands.patchUser(as(rina), other, { password: 'kata sandi yang lain' });
    expect(await until(other)).to.equal(null);
  });

  it('a patch makes one event per thing that differs, and none the second time', async () => {
    const { commands } = commandsOn(its.store);
    const { user_id } = await commands.createUser(as(rina), person('a@demo.saga'));
    const patch = { name: 'Nama Baru', role: 'viewer' as const, is_active: false };
    await commands.patchUser(as(rina), user_id, patch);
    await commands.patchUser(as(rina), user_id, patch);
    const types = (await its.store.read(`user-${user_id}`)).map(({ type }) => type);
    expect(types).to.deep.equal(['UserRegistered', 'UserRenamed', 'UserRoleChanged', 'UserDeactivated']);
  });

  it('an agent belongs to one division; a viewer can never be given L2', async () => {
    const { commands } = commandsOn(its.store);
    const nowhere = { ...person('a@demo.saga'), division: 'all' as const };
    expect(await refusalOf(commands.createUser(as(rina), nowhere))).to.equal('DIVISION_REQUIRED');
    const { user_id } = await commands.createUser(as(rina), person('b@demo.saga', 'viewer'));
    const l2 = { privileges: { granted: ['internal_read' as const], revoked: [] } };
    expect(await refusalOf(commands.patchUser(as(rina), user_id, l2))).to.equal('PRIVILEGE_NOT_GRANTABLE');
  });

  it('a repeated idempotency key names the same user', async () => {
    const { commands } = commandsOn(its.store);
    const first = await commands.createUser(as(rina, 'key'), person('a@demo.saga'));
    const second = await commands.createUser(as(rina, 'key'), person('a@demo.saga'));
    expect(second.user_id).to.equal(first.user_id);
    expect(await its.store.read(`user-${first.user_id}`)).to.have.length(1);
  });
});
