import { expect } from 'chai';
import {
  concernsRegistration,
  decideRegistrationStep,
  decideRegistrationReply,
} from '../../../src/commands/customers/follow-registration.ts';
import { conversation } from '../../../src/domain/conversation/conversation.ts';
import { customer, type Customer, type CustomerEvent } from '../../../src/domain/customers/customer.ts';
import { formIn, registrationText } from '../../../src/domain/customers/registration.ts';
import { registered } from '../../support/scenarios/customer-events.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { uuidOf } from '../../support/scenarios/people.ts';
import { CUSTOMER, TICKET } from '../../support/scenarios/ticket-events.ts';

const given = specOf(customer);
const AT = '2026-11-01T02:00:00.000Z';
const TOMORROW = '2026-11-02T02:00:00.000Z';
const M = uuidOf(21);
const says =
  (content: string, at = AT, messageId = M) =>
  (state: Customer) =>
    decideRegistrationStep(state, { messageId, content, at });

type Step = 'form' | 'name' | 'address' | 'confirm';
const asked = (
  step: Step,
  known: { name?: string; address?: string; isHint?: boolean } = {},
  messageId = M,
): CustomerEvent => ({
  type: 'RegistrationAsked',
  data: {
    ...{ customerId: CUSTOMER, messageId, step, isHint: false, name: null, address: null },
    ...known,
    expiresAt: TOMORROW,
  },
});
const before = (step: Step, known: { name?: string; address?: string; isHint?: boolean } = {}) =>
  asked(step, known, uuidOf(20));
const self = (name: string, address: string): CustomerEvent => ({
  type: 'CustomerSelfRegistered',
  data: { customerId: CUSTOMER, messageId: M, name, address },
});
const ended = (because: 'cancelled' | 'not_understood'): CustomerEvent => ({
  type: 'RegistrationEnded',
  data: { customerId: CUSTOMER, messageId: M, because },
});

describe('registering by WhatsApp', () => {
  it('takes the form in one message, in any case and with blanks, once', () => {
    given(registered())
      .when(says('  daftar # Budi  Santoso #Jl. Kenari 5, Batam'))
      .thenOnce(self('Budi Santoso', 'Jl. Kenari 5, Batam'));
    expect(given(registered(), self('Ani', 'Batam Kota')).state).to.include({
      name: 'Ani',
      address: 'Batam Kota',
      nameIsOurs: true,
    });
  });
  it('asks three questions', () => {
    given(registered()).when(says('DAFTAR')).thenOnce(asked('name'));
    given(registered(), before('name'))
      .when(says('Budi Santoso'))
      .thenOnce(asked('address', { name: 'Budi Santoso' }));
    const name = 'Budi Santoso';
    const address = 'Jl. Kenari 5, Batam';
    given(registered(), before('address', { name }))
      .when(says(address))
      .thenOnce(asked('confirm', { name, address }));
    given(registered(), before('confirm', { name, address })).when(says('Ya')).thenOnce(self(name, address));
    given(registered(), before('confirm', { name, address })).when(says('tidak')).thenOnce(asked('name'));
    given(registered(), before('address', { name })).when(says('BATAL')).thenOnce(ended('cancelled'));
  });
  it('gives one hint, then a person', () => {
    given(registered())
      .when(says('DAFTAR#Budi'))
      .thenOnce(asked('form', { isHint: true }));
    given(registered(), before('form', { isHint: true }))
      .when(says('DAFTAR#Budi#1'))
      .thenOnce(ended('not_understood'));
    const name = 'Budi';
    given(registered(), before('address', { name }))
      .when(says('x'))
      .thenOnce(asked('address', { name, isHint: true }));
    given(registered(), before('address', { name, isHint: true }))
      .when(says('x'))
      .thenOnce(ended('not_understood'));
    given(registered(), before('confirm', { name, address: 'Batam Kota' }))
      .when(says('berapa lama?'))
      .thenOnce(asked('confirm', { name, address: 'Batam Kota', isHint: true }));
    given(registered(), before('name'))
      .when(says('12345'))
      .thenOnce(asked('name', { isHint: true }));
  });
  it('is over after 24 hours, and leaves all else alone', () => {
    given(registered(), before('name')).when(says('Budi Santoso', TOMORROW)).then();
    given(registered(), before('form', { isHint: true }))
      .when(says('berapa ongkir?'))
      .then();
    for (const other of ['daftar harga', 'Mau daftar', 'halo', ''])
      expect(formIn(other), other).to.equal(null);
    given(registered()).when(says('halo')).then();
    given().when(says('DAFTAR')).then();
  });
  it('concerns the messages of who has begun, and those that begin', () => {
    const concerns = (events: CustomerEvent[], content: string) => {
      const { state } = given(...events);
      if (state.status === 'merged') throw new TypeError('not merged here');
      return concernsRegistration(state, [{ content, messageId: M }]);
    };
    expect(concerns([], 'DAFTAR')).to.equal(true);
    expect(concerns([registered()], 'halo')).to.equal(false);
    expect(concerns([registered(), before('name')], 'Budi')).to.equal(true);
    expect(concerns([registered(), ended('cancelled')], 'BATAL'), 'received again').to.equal(true);
  });
  it('answers each cause once, in words of its own', () => {
    const data = {
      ...{ ticketId: TICKET, division: 'sari' as const, messageId: uuidOf(31), causedBy: M },
      ...{ content: 'Siapa nama lengkap Anda?', sentAt: AT },
    };
    specOf(conversation)()
      .when((state) => decideRegistrationReply(state, data))
      .thenOnce({ type: 'RegistrationReplyPosted', data });
    const known = { name: 'Budi', address: 'Batam' };
    const replies = [
      ...(['form', 'name', 'address', 'confirm'] as const).flatMap((step) =>
        (['ask', 'hint'] as const).map((kind) => ({ kind, step })),
      ),
      ...(['cancelled', 'not_understood', 'registered'] as const).map((kind) => ({ kind })),
    ];
    for (const reply of replies) expect(registrationText(reply, known)).to.match(/\w{3}/);
    expect(registrationText({ kind: 'ask', step: 'confirm' }, known))
      .to.contain('Budi')
      .and.contain('Batam');
  });
});
