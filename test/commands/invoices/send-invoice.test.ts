import { expect } from 'chai';
import { dayWords, decideSendInvoice } from '../../../src/commands/invoices/send-invoice.ts';
import { invoice } from '../../../src/domain/invoices/invoice.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { drafted, REF, UNPAID, voided } from '../../support/scenarios/field-service/invoice-events.ts';
import { dian, sena, uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(invoice);
const send =
  (caller = dian) =>
  (state: Parameters<typeof decideSendInvoice>[0]) =>
    decideSendInvoice(state, caller, uuidOf(0xd1));

describe('send an invoice', () => {
  it('is on record with its message, each time', () =>
    given(...UNPAID)
      .when(send())
      .then({ type: 'InvoiceSent', data: { ...REF, linkMessageId: uuidOf(0xd1), by: dian.id } }));
  it('is refused before the issue, of a void one, and of another division', () => {
    for (const history of [[drafted()], [...UNPAID, voided]])
      given(...history)
        .when(send())
        .thenRefused('INVOICE_STATE');
    given(...UNPAID)
      .when(send(sena))
      .thenRefused('INVOICE_NOT_FOUND');
  });
  it('names the day as people write it', () => expect(dayWords('2026-07-17')).to.equal('17 Juli 2026'));
});
