import { expect } from 'chai';
import { STAFF_ID, staff, type StaffEvent } from '../../../src/domain/staff/staff.ts';
import { fold } from '../../support/scenarios/given.ts';

const LISTED_AT = '2026-07-03T10:00:00.000Z';
const listed = (userId: string, superAdmin = false): StaffEvent => ({
  type: 'StaffListed',
  data: { userId, emailKey: `key of ${userId}`, superAdmin, listedAt: LISTED_AT },
});
const after = (...events: StaffEvent[]) => {
  const { byEmail, superAdmins } = fold(staff, events);
  return {
    holders: Object.fromEntries([...byEmail].map(([key, { userId }]) => [key, userId])),
    superAdmins: [...superAdmins],
  };
};

describe('the staff list as its events leave it', () => {
  it('lives on one stream', () => {
    expect(staff.stream(STAFF_ID)).to.equal('staff-list');
    expect(staff.category).to.equal('staff');
  });
  it('knows the holder of each address and every active super admin', () => {
    expect(after(listed('a'), listed('b', true))).to.deep.equal({
      holders: { 'key of a': 'a', 'key of b': 'b' },
      superAdmins: ['b'],
    });
    expect(fold(staff, [listed('a')]).byEmail.get('key of a')).to.deep.equal({
      userId: 'a',
      listedAt: LISTED_AT,
    });
  });
  it('forgets a user who never came to be', () =>
    expect(
      after(listed('a', true), listed('b', true), { type: 'StaffUnlisted', data: { userId: 'a' } }),
    ).to.deep.equal({ holders: { 'key of b': 'b' }, superAdmins: ['b'] }));
  it('moves a user to another address', () => {
    expect(
      after(listed('a'), listed('b'), { type: 'StaffEmailChanged', data: { userId: 'a', emailKey: 'new' } }),
    ).to.deep.equal({ holders: { 'key of b': 'b', new: 'a' }, superAdmins: [] });
    expect(
      after(listed('b'), { type: 'StaffEmailChanged', data: { userId: 'a', emailKey: 'new' } }),
    ).to.deep.equal({ holders: { 'key of b': 'b' }, superAdmins: [] });
  });
  it('follows appointments of super admins', () => {
    const appointed: StaffEvent = { type: 'SuperAdminAppointed', data: { userId: 'a' } };
    expect(after(listed('a'), appointed).superAdmins).to.deep.equal(['a']);
    const down: StaffEvent = { type: 'SuperAdminStoodDown', data: { userId: 'a' } };
    expect(after(listed('a'), appointed, down)).to.deep.equal({
      holders: { 'key of a': 'a' },
      superAdmins: [],
    });
  });
  it('ignores what it does not know', () => {
    const state = fold(staff, [listed('a')]);
    expect(staff.evolve(state, { type: 'SomethingNew', data: {} } as never)).to.equal(state);
  });
});
