import { expect } from 'chai';
import { decideConsent, decideModelConsent } from '../../../src/commands/chat/consent.ts';
import { CONSENT_TEXT, MODEL_CONSENT_TEXT } from '../../../src/domain/chat/consent.ts';
import {
  customer,
  type CurrentCustomer,
  type CustomerEvent,
} from '../../../src/domain/customers/customer.ts';
import { fold } from '../../support/scenarios/given.ts';
import { CUSTOMER } from '../../support/scenarios/ticket-events.ts';

const registered: CustomerEvent = {
  type: 'CustomerRegistered',
  data: {
    ...{ customerId: CUSTOMER, customerKey: 'sari_web', division: 'sari', channel: 'web' },
    ...{ channelUserId: 'web_1', phone: null, name: 'Rina' },
  },
};
const knownAfter = (...events: CustomerEvent[]) => fold(customer, [registered, ...events]) as CurrentCustomer;
const nobody: CurrentCustomer = { status: 'unknown', erased: null };

describe('the consent of a visitor', () => {
  it('is on record each time, with the words that they saw', () => {
    const [given] = decideConsent(knownAfter(), 'contact', CONSENT_TEXT);
    expect(given?.type).to.equal('ConsentGiven');
    expect(given?.data).to.include({ customerId: CUSTOMER, purpose: 'contact', textVersion: 1 });
    expect((given?.data as { textHash: string }).textHash).to.match(/^[0-9a-f]{64}$/);
    expect(decideConsent(knownAfter(), 'language_model', MODEL_CONSENT_TEXT)[0]).to.not.deep.equal(given);
    expect(decideConsent(nobody, 'contact', CONSENT_TEXT)).to.deep.equal([]);
  });

  it('to a language model is written down when it changes, and holds until it is withdrawn', () => {
    const yes = decideModelConsent(knownAfter(), true);
    expect(yes).to.have.length(1);
    expect(yes[0]?.data).to.include({ purpose: 'language_model' });
    expect(decideModelConsent(knownAfter(...yes), true)).to.deep.equal([]);
    const no = decideModelConsent(knownAfter(...yes), false);
    expect(no).to.deep.equal([
      { type: 'ConsentWithdrawn', data: { customerId: CUSTOMER, purpose: 'language_model' } },
    ]);
    expect(decideModelConsent(knownAfter(...yes, ...no), false)).to.deep.equal([]);
    expect(decideModelConsent(knownAfter(), false)).to.deep.equal([]);
    expect(decideModelConsent(nobody, true)).to.deep.equal([]);
  });

  it('to be reached says nothing about a language model', () => {
    const contact = decideConsent(knownAfter(), 'contact', CONSENT_TEXT);
    expect(knownAfter(...contact)).to.include({ letsModelRead: false });
  });
});
