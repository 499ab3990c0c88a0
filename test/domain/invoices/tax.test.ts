import { expect } from 'chai';
import fc from 'fast-check';
import {
  DEFAULT_TAX_RATES,
  rateOn,
  shareOf,
  taxesOf,
  type TaxRate,
} from '../../../src/domain/invoices/tax.ts';
import { TAX_SCHEMES } from '../../../src/domain/field-jobs/services.ts';

const DAY = '2026-07-03';
const base = fc.integer({ min: 0, max: 10_000_000_000_000 });
const linesOfAny = fc.array(fc.record({ base, taxScheme: fc.constantFrom(...TAX_SCHEMES) }), {
  minLength: 1,
  maxLength: 20,
});
const tax = (amount: number, taxScheme: (typeof TAX_SCHEMES)[number]) =>
  taxesOf([{ base: amount, taxScheme }], DEFAULT_TAX_RATES, DAY)?.[0];

describe('tax', () => {
  it('of ordinary services is 12 % of 11/12 of the price, of freight 1.1 % of the bill, else nothing', () => {
    expect(tax(1_000_000, 'dpp_11_12')).to.deep.equal({
      ...{ scheme: 'dpp_11_12', base: 1_000_000, dpp: 916_667, basisPoints: 1_200, tax: 110_000 },
    });
    expect(tax(1_000_000, 'besaran_1_1')).to.deep.equal({
      ...{ scheme: 'besaran_1_1', base: 1_000_000, dpp: 1_000_000, basisPoints: 110, tax: 11_000 },
    });
    for (const scheme of ['exempt', 'non_pkp'] as const)
      expect(tax(1_000_000, scheme)).to.include({ basisPoints: 0, tax: 0, dpp: 1_000_000 });
  });

  it('is rounded half a rupiah up, once on the sum of a scheme and not line by line', () => {
    expect(shareOf(50, 110, 10_000)).to.equal(1); // 0.55
    expect(shareOf(1, 1, 2)).to.equal(1); // exactly half
    expect(shareOf(49, 1, 100)).to.equal(0);
    // Each line alone would be 0.44 -> 0.
    const lines = [1, 2, 3].map(() => ({ base: 4, taxScheme: 'dpp_11_12' as const }));
    expect(taxesOf(lines, DEFAULT_TAX_RATES, DAY)?.[0]?.tax).to.equal(1); // 1.32
  });

  it('is within half a rupiah of the exact share, for any amount', () => {
    fc.assert(
      fc.property(
        base,
        fc.integer({ min: 0, max: 10_000 }),
        fc.integer({ min: 1, max: 1_000 }),
        (amount, part, of) => {
          // A share is at most the whole.
          const by = Math.min(part, of);
          const rest = 2n * (BigInt(shareOf(amount, by, of)) * BigInt(of) - BigInt(amount) * BigInt(by));
          expect(rest > -BigInt(of) && rest <= BigInt(of)).to.equal(true);
        },
      ),
    );
  });

  it('does not depend on how or in which order the bases are cut into lines', () => {
    fc.assert(
      fc.property(linesOfAny, (lines) => {
        const whole = TAX_SCHEMES.flatMap((taxScheme) => {
          const own = lines.filter((one) => one.taxScheme === taxScheme);
          return own.length === 0 ? [] : [{ taxScheme, base: own.reduce((sum, one) => sum + one.base, 0) }];
        });
        const made = taxesOf(lines, DEFAULT_TAX_RATES, DAY);
        expect(made).to.deep.equal(taxesOf(whole, DEFAULT_TAX_RATES, DAY));
        expect(made).to.deep.equal(taxesOf(lines.toReversed(), DEFAULT_TAX_RATES, DAY));
      }),
    );
  });

  it('has the rate of its day: the newest that holds by then, whatever their order', () => {
    const rate = (from: string, basisPoints: number): TaxRate => ({
      ...{ scheme: 'dpp_11_12', from, basisPoints, numerator: 1, denominator: 1 },
    });
    const rates = [rate('2027-01-01', 1_300), rate('2025-01-01', 1_100), rate('2026-07-03', 1_200)];
    expect(
      ['2026-07-02', '2026-07-03', '2027-01-01'].map((day) => rateOn(rates, 'dpp_11_12', day)?.basisPoints),
    ).to.deep.equal([1_100, 1_200, 1_300]);
    expect(rateOn(rates, 'dpp_11_12', '2024-12-31')).to.equal(null);
    expect(taxesOf([{ base: 1, taxScheme: 'dpp_11_12' }], rates, '2024-12-31')).to.equal(null);
    expect(taxesOf([{ base: 1, taxScheme: 'exempt' }], [], DAY)?.[0]?.tax).to.equal(0);
  });
});
