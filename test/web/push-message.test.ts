import { expect } from 'chai';
import { addressOf, pushOf, shownAs } from '../../web/src/notifications/push-message.ts';

const TICKET = '01a22d8f-32d2-7425-9f09-9bfe88bcd1d4';
const l1 = {
  id: 'n1',
  kind: 'customer_message',
  layer: 'L1',
  text: 'Pesan baru',
  ticket_id: TICKET,
  badge: 3,
  sound: 'l1',
};

describe('a push on the device', () => {
  it('L1 and L2 look and feel apart, and neither hides the other', () => {
    const customer = shownAs(pushOf(l1), false);
    const note = shownAs(pushOf({ ...l1, layer: 'L2', sound: 'l2' }), false);
    expect(note.title).to.equal('Catatan internal').and.not.to.equal(customer.title);
    for (const member of ['icon', 'tag', 'vibrate'] as const)
      expect(note.options[member], member).not.to.deep.equal(customer.options[member]);
  });

  it('leads to its ticket and layer, and nowhere outside of the app', () => {
    expect(addressOf(pushOf(l1))).to.equal(`/app/t/${TICKET}`);
    expect(addressOf(pushOf({ ...l1, layer: 'L2' }))).to.equal(`/app/t/${TICKET}?layer=L2`);
    expect(addressOf(pushOf({ ...l1, ticket_id: '../../elsewhere' }))).to.equal('/app/notifications');
    expect(addressOf(pushOf({ ...l1, ticket_id: null, blast_id: TICKET }))).to.equal(`/app/blasts/${TICKET}`);
    const ofJob = (kind: string, more: object = {}) =>
      addressOf(pushOf({ ...l1, ticket_id: null, job_id: TICKET, kind, ...more }));
    expect(ofJob('job_no_show')).to.equal(`/app/jobs/${TICKET}`);
    expect(ofJob('job_assigned')).to.equal(`/app/my-jobs/${TICKET}`);
    expect(ofJob('job_taken_back')).to.equal('/app/my-jobs');
    const invoice = '01a22d8f-32d2-7425-9f09-9bfe88bcd1d5';
    expect(ofJob('invoice_overdue', { invoice_id: invoice })).to.equal(`/app/invoices/${invoice}`);
    expect(ofJob('job_no_show', { job_id: '../users' })).to.equal('/app/notifications');
  });

  it('shows something whatever came, and is quiet for who looks at the app or wants no sound', () => {
    expect(shownAs(pushOf('no JSON object'), false).options.body).to.equal('Ada kabar baru untuk Anda');
    expect(shownAs(pushOf(l1), true).options.silent).to.equal(true);
    expect(shownAs(pushOf({ ...l1, sound: null }), false).options.silent).to.equal(true);
    expect(shownAs(pushOf(l1), false).options.silent).to.equal(false);
  });
});
