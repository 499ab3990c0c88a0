import { expect } from 'chai';
import { leaveMessageInput } from '../../../src/commands/chat/leave-message.ts';

describe('a message that is left', () => {
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
