import { expect } from 'chai';
import {
  requireDivision,
  decideListing,
  decideRegistration,
  input,
} from '../../../src/commands/staff/create-user.ts';
import { requireMayAppoint } from '../../../src/commands/staff/granting.ts';
import { DEFAULT_PRIVILEGES, type Privilege, PRIVILEGES } from '../../../src/domain/staff/privileges.ts';
import type { Role } from '../../../src/domain/vocabulary.ts';
import { type Staff, staff, type StaffEvent } from '../../../src/domain/staff/staff.ts';
import { user } from '../../../src/domain/staff/user.ts';
import { refusalIn, specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';
import { userRegistered } from '../../support/scenarios/staff-events.ts';

describe('a claim on an e-mail address', () => {
  const given = specOf(staff);
  const LISTED_AT = '2026-07-03T10:00:00.000Z';
  const claim = (userId: string) => ({ userId, emailKey: 'k', superAdmin: false });
  const listed = (userId: string, listedAt = LISTED_AT): StaffEvent => ({
    type: 'StaffListed',
    data: { ...claim(userId), listedAt },
  });
  const list =
    (userId: string, abandoned: string | null, now = LISTED_AT) =>
    (state: Staff) =>
      decideListing(state, claim(userId), abandoned, now);

  it('is on the list, once', () => given().when(list('one', null)).thenOnce(listed('one')));
  it('holds while its user may still be on the way', () =>
    given(listed('one'))
      .when(list('two', 'one', '2026-07-03T10:01:00.000Z'))
      .thenRefused('EMAIL_TAKEN'));
  it('is void a minute after a crash that left no user', () => {
    const now = '2026-07-03T10:01:00.001Z';
    given(listed('one'))
      .when(list('two', 'one', now))
      .thenOnce({ type: 'StaffUnlisted', data: { userId: 'one' } }, listed('two', now));
  });
  it('of a user who exists holds for ever', () => {
    given(listed('one'))
      .when(list('two', null, '2030-01-01T00:00:00.000Z'))
      .thenRefused('EMAIL_TAKEN');
    given(listed('one'))
      .when(list('two', 'other', '2030-01-01T00:00:00.000Z'))
      .thenRefused('EMAIL_TAKEN');
  });
  it('says whether a super admin comes with it', () =>
    given()
      .when((state) => decideListing(state, { ...claim('one'), superAdmin: true }, null, LISTED_AT))
      .then({ type: 'StaffListed', data: { ...claim('one'), superAdmin: true, listedAt: LISTED_AT } }));
});

describe('register a user', () => {
  it('happens once', () => {
    const event = userRegistered();
    specOf(user)()
      .when((state) => decideRegistration(state, event.data))
      .thenOnce(event);
  });
  it('changes nothing of a user who is there', () =>
    specOf(user)(userRegistered(), { type: 'UserDeactivated', data: { userId: uuidOf(3) } })
      .when((state) => decideRegistration(state, userRegistered().data))
      .then());
});

describe('the division of a user', () => {
  it('is one for an agent, and may be all for everybody else', () => {
    const refusal = refusalIn(() => {
      requireDivision('sales_agent', 'all');
    });
    expect(refusal.code).to.equal('DIVISION_REQUIRED');
    expect(refusal.details).to.deep.equal([{ path: 'division', message: 'DIVISION_REQUIRED' }]);
    for (const role of ['super_admin', 'team_lead', 'viewer'] as const) requireDivision(role, 'all');
    requireDivision('sales_agent', 'sari');
  });
});

describe('the input of a user', () => {
  const body = {
    name: 'Ani',
    email: 'ANI@demo.saga',
    password: '1234567890',
    role: 'viewer',
    division: 'all',
  };
  const accepts = (over: object) => input.safeParse({ ...body, ...over }).success;

  it('has an e-mail address in small letters and a password of at least ten characters', () => {
    expect(input.parse(body).email).to.equal('ani@demo.saga');
    expect(accepts({ password: '123456789' })).to.equal(false);
    expect(accepts({ password: 'x'.repeat(128) })).to.equal(true);
    expect(accepts({ password: 'x'.repeat(129) })).to.equal(false);
    expect(accepts({ password: ' '.repeat(12) })).to.equal(false);
    expect(accepts({ name: ' ' })).to.equal(false);
    expect(accepts({ name: 'x'.repeat(101) })).to.equal(false);
    expect(accepts({ email: 'ani' })).to.equal(false);
  });

  it('is what a person sees of it: nothing invisible makes another address, or a name', () => {
    for (const email of [
      ' ani@demo.saga ',
      'Ani@Demo.Saga\t',
      '\u200bani@demo.saga\u00a0',
      'ＡＮＩ@demo.saga',
    ])
      expect(input.parse({ ...body, email }).email, JSON.stringify(email)).to.equal('ani@demo.saga');
    // A Cyrillic letter that looks the same is another one.
    expect(accepts({ email: '\u0430ni@demo.saga' })).to.equal(false);
    for (const name of ['\u200b\u200b', '\u3164', '\u2800', '\ufe0f', '\u202e\u00a0'])
      expect(accepts({ name }), JSON.stringify(name)).to.equal(false);
    expect(accepts({ password: '\u200b'.repeat(12) })).to.equal(false);
    expect(input.parse({ ...body, name: '\u200b Siti “Ñoño” 👩🏽‍💼 ' }).name).to.equal('Siti “Ñoño” 👩🏽‍💼');
  });
});

describe('who may add which user', () => {
  const add =
    (by: Role, role: Role, ...more: Privilege[]) =>
    () => {
      const privileges = new Set([...DEFAULT_PRIVILEGES[by], 'manage_users' as const, ...more]);
      requireMayAppoint({ role: by, privileges }, role, DEFAULT_PRIVILEGES);
    };

  it('is nobody of a role above their own', () => {
    expect(refusalIn(add('team_lead', 'super_admin', ...PRIVILEGES)).code).to.equal('ROLE_ABOVE_OWN');
    expect(refusalIn(add('sales_agent', 'team_lead', ...PRIVILEGES)).code).to.equal('ROLE_ABOVE_OWN');
    add('super_admin', 'super_admin')();
  });
  it('is nobody of a role that may more than they', () => {
    expect(refusalIn(add('team_lead', 'sales_agent')).code).to.equal('PRIVILEGE_ABOVE_OWN');
    add('team_lead', 'sales_agent', 'self_takeover')();
    add('team_lead', 'viewer')();
    add('super_admin', 'sales_agent')();
  });
});
