import { expect } from 'chai';
import fc from 'fast-check';
import { decideTakeNumber } from '../../../src/commands/invoices/issue-invoice.ts';
import { invoiceNumbers, numberOf, numberText } from '../../../src/domain/invoices/invoice-numbers.ts';
import { uuidOf } from '../../support/scenarios/people.ts';

describe('invoice numbers', () => {
  it('are gapless and each belongs to one invoice, in whatever order and however often invoices ask', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 80 }), (asked) => {
        let state = invoiceNumbers.initial;
        for (const invoice of asked)
          for (const event of decideTakeNumber(state, {
            ...{ division: 'safia', year: 2026, invoiceId: uuidOf(invoice), takenOn: '2026-07-03' },
          }))
            state = invoiceNumbers.evolve(state, event);
        const wanted = [...new Set(asked)];
        expect(wanted.map((invoice) => numberOf(state, uuidOf(invoice))?.n)).to.deep.equal(
          wanted.map((_one, at) => at + 1),
        );
      }),
    );
  });
  it('are written with division, year and six digits', () =>
    expect(numberText({ division: 'safia', year: 2026, n: 123 })).to.equal('INV/SAFIA/2026/000123'));
});
