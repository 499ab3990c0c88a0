import { expect } from 'chai';
import { decideConsent, leaveMessageInput } from '../../../src/commands/chat/leave-message.ts';
import { customer, type CurrentCustomer } from '../../../src/domain/customers/customer.ts';
import { fold } from '../../support/scenarios/given.ts';
import { CUSTOMER } from '../../support/scenarios/ticket-events.ts';

describe('a message that is left', () => {
  it('keeps on record that the visitor agreed, and to which words', () => {
    const known = fold(customer, [
      {
        type: 'CustomerRegistered',
        data: {
          ...{
            customerId: CUSTOMER,
            customerKey: 'sari_web',
            division: 'sari',
            channel: 'web',
            channelUserId: 'web_1',
          },
          ...{ phone: null, name: 'Rina' },
        },
      },
    ]) as CurrentCustomer;
    const [given] = decideConsent(known);
    expect(given?.type).to.equal('ConsentGiven');
    expect(given?.data).to.include({ customerId: CUSTOMER, purpose: 'contact', textVersion: 1 });
    expect((given?.data as { textHash: string }).textHash).to.match(/^[0-9a-f]{64}$/);
    expect(decideConsent({ status: 'unknown', erased: null })).to.deep.equal([]);
  });

  it('needs a way to be reached, and a yes', () => {
    const whole = { name: 'Rina', email: 'rina@contoh.id', topic: 'Motor', message: 'Halo', consent: true };
    const fits = (over: object) => leaveMessageInput.safeParse({ ...whole, ...over }).success;
    expect(fits({})).to.equal(true);
    expect(fits({ email: undefined, whatsapp: '0812 3456 7890' })).to.equal(true);
    expect(fits({ email: undefined })).to.equal(false);
    expect(fits({ whatsapp: 'bukan nomor' })).to.equal(false);
    expect(fits({ consent: false })).to.equal(false);
  });
});
