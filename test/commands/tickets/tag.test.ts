import { expect } from 'chai';
import { decideTag, tagName } from '../../../src/commands/tickets/tag.ts';
import { ticket, type Ticket } from '../../../src/domain/tickets/ticket.ts';
import { ERASED } from '../../../src/domain/vocabulary.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, sena } from '../../support/scenarios/people.ts';
import { assigned, opened, tagged, untagged } from '../../support/scenarios/ticket-events.ts';

const given = specOf(ticket);

describe('tag', () => {
  const put = (state: Ticket) => decideTag(state, { action: 'add', tag: 'vip' }, ani);
  const take = (state: Ticket) => decideTag(state, { action: 'remove', tag: 'vip' }, ani);

  it('is put on', () => given(opened()).when(put).then(tagged('vip')));
  it('put on twice makes no event', () => given(opened(), tagged('vip')).when(put).then());
  it('is one tag however it is written', () => {
    given(opened(), tagged('VIP')).when(put).then();
    given(opened(), tagged('VIP'), tagged('Vip')).when(take).thenOnce(untagged('VIP'), untagged('Vip'));
    const cafe = (state: Ticket) => decideTag(state, { action: 'add', tag: 'caf\u00e9' }, ani);
    given(opened(), tagged('CAFE\u0301')).when(cafe).then();
  });
  it('is taken off', () => given(opened(), tagged('vip')).when(take).then(untagged('vip')));
  it('taken off where it is not makes no event', () => given(opened()).when(take).then());
  it('is refused across divisions', () =>
    given(opened())
      .when((state) => decideTag(state, { action: 'add', tag: 'vip' }, sena))
      .thenRefused('DIVISION_FORBIDDEN'));
  it('is open to an agent of another division who has the ticket', () =>
    given(opened(), assigned(sena, 'bot'))
      .when((state) => decideTag(state, { action: 'add', tag: 'vip' }, sena))
      .then(tagged('vip')));
  it('is refused on a ticket that does not exist', () => given().when(put).thenRefused('TICKET_NOT_FOUND'));
  it('of an erased customer is none: it can be put on, and taken off makes no event', () => {
    given(opened(), tagged(ERASED), tagged(ERASED)).when(put).thenOnce(tagged('vip'));
    given(opened(), tagged(ERASED), untagged(ERASED))
      .when((state) => decideTag(state, { action: 'remove', tag: ERASED }, ani))
      .then();
  });
  it('leaves the other tags', () => {
    given(opened(), tagged('urgent'), tagged('vip')).when(take).thenOnce(untagged('vip'));
    given(opened(), tagged('urgent')).when(put).thenOnce(tagged('vip'));
  });
});

describe('the name of a tag', () => {
  it('has 1 to 50 characters, no comma and no control character', () => {
    for (const [name, good] of [
      ['vip', true],
      [' vip ', true],
      ['', false],
      ['x'.repeat(50), true],
      ['x'.repeat(51), false],
      ['a,b', false],
      [ERASED, false],
      ['a\u0007b', false],
    ] as const)
      expect(tagName.safeParse(name).success, name).to.equal(good);
    expect(tagName.parse(' vip ')).to.equal('vip');
    expect(tagName.parse('cafe\u0301')).to.equal('caf\u00e9');
  });
});
