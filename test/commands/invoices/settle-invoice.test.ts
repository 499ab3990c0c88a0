import {
  decideRecordPayment,
  decideRecordTaxNumber,
  decideVoidInvoice,
  paymentInput,
} from '../../../src/commands/invoices/settle-invoice.ts';
import { expect } from 'chai';
import { invoice, type Invoice } from '../../../src/domain/invoices/invoice.ts';
import { specOf } from '../../support/scenarios/given.ts';
import {
  approved,
  CONTENT,
  drafted,
  issueStarted,
  paid,
  REF,
  settled,
  submitted,
  UNPAID,
  voided,
} from '../../support/scenarios/field-service/invoice-events.ts';
import { dian, uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(invoice);
const { total } = CONTENT;

describe('record a payment', () => {
  const pay =
    (amount: number, withheld = 0) =>
    (state: Invoice) =>
      decideRecordPayment(state, dian, { amount, withheld, at: '2026-07-10' }, uuidOf(0xf4));
  it('adds up with the tax that was withheld, until the sum fits', () => {
    given(...UNPAID)
      .when(pay(500_000))
      .then(paid(500_000));
    given(...UNPAID, paid(500_000))
      .when(pay(total - 520_000, 20_000))
      .then(paid(total - 520_000, 20_000), settled);
  });
  it('beyond the total is refused, withheld tax included', () => {
    given(...UNPAID)
      .when(pay(total + 1))
      .thenRefused('OVERPAID');
    given(...UNPAID, paid(500_000))
      .when(pay(total - 500_000, 1))
      .thenRefused('OVERPAID');
  });
  it('is refused before the issue, of what is paid, and of a void one', () => {
    for (const history of [[drafted()], [...UNPAID, paid(total), settled], [...UNPAID, voided]])
      given(...history)
        .when(pay(1))
        .thenRefused('INVOICE_STATE');
    given().when(pay(1)).thenRefused('INVOICE_NOT_FOUND');
  });
  it('of nothing is no payment', () =>
    expect(paymentInput.safeParse({ amount: 0, at: '2026-07-10' }).success).to.equal(false));
});

describe('void an invoice', () => {
  const cancel = (state: Invoice) => decideVoidInvoice(state, dian, 'Salah alamat');
  it('is done once, and keeps its number', () => {
    given(...UNPAID)
      .when(cancel)
      .thenOnce(voided);
    given(drafted()).when(cancel).thenOnce(voided);
    expect(given(...UNPAID, voided).state).to.deep.include({
      status: 'void',
      issue: { number: 'INV/SARI/2026/000007', issuedOn: '2026-07-03', dueOn: '2026-07-17' },
    });
  });
  it('is refused when money came for it, or while its number is being taken', () => {
    for (const history of [
      [...UNPAID, paid(1)],
      [...UNPAID, paid(total), settled],
      [drafted(), submitted(), approved(), issueStarted],
    ])
      given(...history)
        .when(cancel)
        .thenRefused('INVOICE_STATE');
  });
});

describe('the number of the tax office', () => {
  const NSFP = '04002600012345678';
  const record = (state: Invoice) => decideRecordTaxNumber(state, dian, NSFP);
  it('is recorded of an issued invoice, once', () =>
    given(...UNPAID)
      .when(record)
      .thenOnce({ type: 'TaxNumberRecorded', data: { ...REF, nsfp: NSFP, by: dian.id } }));
  it('is refused before the issue', () => given(drafted()).when(record).thenRefused('INVOICE_STATE'));
});
