import {
  decideIssueInvoice,
  decideStartIssue,
  decideTakeNumber,
  linkTokenOf,
  tokenHashOf,
} from '../../../src/commands/invoices/issue-invoice.ts';
import { expect } from 'chai';
import { invoiceNumbers } from '../../../src/domain/invoices/invoice-numbers.ts';
import { invoice, type Invoice } from '../../../src/domain/invoices/invoice.ts';
import { specOf } from '../../support/scenarios/given.ts';
import {
  approved,
  drafted,
  INVOICE,
  issued,
  issueStarted,
  RATES,
  submitted,
  TAKEN,
  UNPAID,
  voided,
} from '../../support/scenarios/field-service/invoice-events.ts';
import { dian, sena, uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(invoice);
const ready = [drafted(), submitted(), approved()];

describe('issue an invoice', () => {
  const start = (state: Invoice) => decideStartIssue(state, dian, RATES);
  it('begins once, and what is issued stays so', () => {
    given(...ready)
      .when(start)
      .thenOnce(issueStarted);
    given(...UNPAID)
      .when(start)
      .then();
  });
  it('is refused before the approval, of a void one, of another division', () => {
    for (const history of [[drafted()], [drafted(), submitted()], [...ready, voided]])
      given(...history)
        .when(start)
        .thenRefused('INVOICE_STATE');
    given(...ready)
      .when((state) => decideStartIssue(state, sena, RATES))
      .thenRefused('INVOICE_NOT_FOUND');
  });
  it('is refused when the tax is another one on the day of the issue', () =>
    given(...ready)
      .when((state) =>
        decideStartIssue(state, dian, {
          day: '2027-01-01',
          rates: [
            ...RATES.rates,
            { scheme: 'dpp_11_12', from: '2027-01-01', basisPoints: 1_300, numerator: 11, denominator: 12 },
          ],
        }),
      )
      .thenRefused('INVOICE_CHANGED'));
  it('has the number, the day on which it was taken and the day by which it is to be paid', () => {
    const issue = (state: Invoice) => decideIssueInvoice(state, TAKEN, 'hash of the token', 14);
    given(...ready, issueStarted)
      .when(issue)
      .thenOnce(issued);
    given(...ready)
      .when(issue)
      .then();
    given().when(issue).then();
  });
});

describe('the number of an invoice', () => {
  const numbers = specOf(invoiceNumbers);
  const { n, ...wanted } = TAKEN;
  const taken = (at: number, invoiceId = INVOICE) =>
    ({ type: 'InvoiceNumberTaken', data: { ...wanted, n: at, invoiceId } }) as const;
  it('is the next one, once for each invoice', () => {
    numbers()
      .when((state) => decideTakeNumber(state, wanted))
      .thenOnce(taken(1));
    numbers(taken(1, uuidOf(1)), taken(2, uuidOf(2)))
      .when((state) => decideTakeNumber(state, wanted))
      .then(taken(3));
    numbers(taken(1), taken(2, uuidOf(2)))
      .when((state) => decideTakeNumber(state, wanted))
      .then();
    expect(n).to.equal(7);
  });
});

describe('the token of a link', () => {
  it('has 128 bits of the keyed hash, and is stored as a hash of its own', () => {
    const token = linkTokenOf((purpose, value) => `${purpose}${value}`.padEnd(64, '0'), 'invoice-link', 'x');
    expect(token).to.have.length(32);
    expect(tokenHashOf(token))
      .to.match(/^[0-9a-f]{64}$/)
      .and.not.include(token);
  });
});
