import { expect } from 'chai';
import { asksToStop, decideOptOut, reportsOptOut } from '../../../src/commands/customers/opt-out.ts';
import { customer } from '../../../src/domain/customers/customer.ts';
import { optedOut, registered } from '../../support/scenarios/customer-events.ts';
import { specOf } from '../../support/scenarios/given.ts';

const given = specOf(customer);

describe('opting out of blasts', () => {
  it('is remembered once, with where it came from', () => {
    given(registered())
      .when((state) => decideOptOut(state, 'keyword'))
      .thenOnce(optedOut('keyword'));
    given(registered())
      .when((state) => decideOptOut(state, 'channel'))
      .thenOnce(optedOut('channel'));
    given(registered(), optedOut('keyword'))
      .when((state) => decideOptOut(state, 'channel'))
      .then();
  });
  it('of a customer who is not known makes no event', () =>
    given()
      .when((state) => decideOptOut(state, 'channel'))
      .then());
});

describe('a delivery report', () => {
  it('says that they opted out by its code, when the message failed', () => {
    expect(reportsOptOut({ status: 'failed', error: '131050 Stopped' })).to.equal(true);
    expect(reportsOptOut({ status: 'failed', error: '131050' })).to.equal(true);
    expect(reportsOptOut({ status: 'failed', error: '131026 not 131050' })).to.equal(false);
    expect(reportsOptOut({ status: 'failed', error: null })).to.equal(false);
    expect(reportsOptOut({ status: 'delivered', error: '131050 Stopped' })).to.equal(false);
  });
});

describe('a message that ends blasts', () => {
  it('is the word alone, in any case, with punctuation around it', () => {
    for (const text of ['stop', 'STOP', ' Berhenti! ', '"stop"', '*STOP*', '_berhenti_.'])
      expect(asksToStop(text), text).to.equal(true);
    for (const text of ['jangan berhenti', 'stop dulu', 'nonstop', '', 'stopp', 'berhenti ya'])
      expect(asksToStop(text), text).to.equal(false);
  });
  it('is a short one', () => {
    expect(asksToStop(`stop${' '.repeat(36)}`)).to.equal(true);
    expect(asksToStop(`stop${' '.repeat(37)}`)).to.equal(false);
  });
});
