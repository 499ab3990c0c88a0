import { expect } from 'chai';
import { canAnswer, whyCannotAnswer } from '../../../src/domain/routing/who-can-answer.ts';
import { DEFAULT_PRIVILEGES, type Privilege } from '../../../src/domain/staff/privileges.ts';
import type { Role, UserDivision } from '../../../src/domain/vocabulary.ts';

const person = (
  role: Role,
  over: { active?: boolean; granted?: Privilege[]; revoked?: Privilege[] } = {},
) => ({
  ...{ role, active: true, granted: [] as Privilege[], revoked: [] as Privilege[] },
  ...over,
});
const can = (one: ReturnType<typeof person>, ofRole = DEFAULT_PRIVILEGES[one.role]) => canAnswer(one, ofRole);

describe('who can answer', () => {
  it('is active, no viewer, and may reply', () => {
    expect(can(person('sales_agent'))).to.equal(true);
    expect(can(person('team_lead'))).to.equal(true);
    expect(can(person('super_admin'))).to.equal(true);
    expect(can(person('sales_agent', { active: false }))).to.equal(false);
    expect(can(person('viewer', { granted: ['reply'] }))).to.equal(false);
    expect(can(person('sales_agent', { revoked: ['reply'] }))).to.equal(false);
    expect(can(person('sales_agent'), ['inbox_read'])).to.equal(false);
    expect(can(person('sales_agent', { granted: ['reply'] }), ['inbox_read'])).to.equal(true);
  });
});

describe('why somebody cannot answer a ticket of theirs', () => {
  const why = (
    over: Parameters<typeof person>[1] & { role?: Role; division?: UserDivision },
    agentDivision: UserDivision | null = 'sari',
  ) => {
    const { role = 'sales_agent', division = 'sari', ...rest } = over;
    const ticket = { division: 'sari' as const, agentDivision };
    return whyCannotAnswer({ ...person(role, rest), division }, DEFAULT_PRIVILEGES[role], ticket);
  };
  it('says it', () => {
    expect(why({})).to.equal(null);
    expect(why({ active: false })).to.equal('deactivated');
    expect(why({ revoked: ['reply'] })).to.equal('may_not_reply');
    expect(why({ role: 'viewer' })).to.equal('may_not_reply');
    expect(why({ division: 'savi' })).to.equal('moved');
  });
  it('lets a ticket be that was given across divisions, and one of a lead, who sees them all', () => {
    expect(why({ division: 'savi' }, 'savi')).to.equal(null);
    expect(why({ division: 'savi' }, null)).to.equal(null);
    expect(why({ role: 'team_lead', division: 'savi' })).to.equal(null);
    expect(why({ division: 'sari' }, 'savi')).to.equal(null);
  });
});
