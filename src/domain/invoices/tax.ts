/**
 * Value added tax of an invoice (docs/design/field-service.md#tax). All amounts are whole rupiah; rates are configuration
 * with the day from which they hold, and stand on the invoice that was made with them.
 */
import { z } from 'zod';
import { TAX_SCHEMES, taxScheme, type TaxScheme } from '../field-jobs/services.ts';

/** One rate: `basisPoints` hundredths of a percent, of `numerator` / `denominator` of the base. */
export const taxRate = z.strictObject({
  scheme: z.enum(['dpp_11_12', 'besaran_1_1']),
  /** First day on which it holds, in the business time zone. */
  from: z.iso.date(),
  basisPoints: z.int().min(0).max(10_000),
  numerator: z.int().min(1).max(1_000),
  denominator: z.int().min(1).max(1_000),
});
export type TaxRate = z.infer<typeof taxRate>;

/** PMK 131/2024: 12 % of 11/12. PMK 71/2022 as changed by PMK 11/2025: 1.1 % of the bill. */
export const DEFAULT_TAX_RATES: readonly TaxRate[] = [
  { scheme: 'dpp_11_12', from: '2025-01-01', basisPoints: 1_200, numerator: 11, denominator: 12 },
  { scheme: 'besaran_1_1', from: '2025-01-01', basisPoints: 110, numerator: 1, denominator: 1 },
];

/** The tax of one scheme on one invoice. */
export const taxLine = z.object({
  scheme: taxScheme,
  /** Sum of the bases of its lines. */
  base: z.int().nonnegative(),
  /** What the rate is taken of (DPP), for the tax form. */
  dpp: z.int().nonnegative(),
  basisPoints: z.int().nonnegative(),
  tax: z.int().nonnegative(),
});
export type TaxLine = z.infer<typeof taxLine>;

/** `amount` x `by` / `of`, half a rupiah up: the one place that rounds money. @param amount not negative */
export function shareOf(amount: number, by: number, of: number): number {
  const [over, under] = [BigInt(amount) * BigInt(by), BigInt(of)];
  return Number((2n * over + under) / (2n * under));
}

/** @returns the rate of a scheme on a day 'YYYY-MM-DD'; null: nothing is raised, or no rate holds yet */
export const rateOn = (rates: readonly TaxRate[], scheme: TaxScheme, day: string): TaxRate | null =>
  rates
    .filter((rate) => rate.scheme === scheme && rate.from <= day)
    .reduce<TaxRate | null>((best, one) => (best === null || one.from >= best.from ? one : best), null);

export const isTaxed = (scheme: TaxScheme): boolean => scheme === 'dpp_11_12' || scheme === 'besaran_1_1';

/**
 * The taxes of an invoice, once for each scheme on the sum of its bases: never line by line.
 * @param lines base in rupiah and scheme of each line
 * @param day of the invoice, in the business time zone
 * @returns one for each scheme that occurs, in the order of `TAX_SCHEMES`; null: a taxed scheme has no rate on that day
 */
export function taxesOf(
  lines: readonly { readonly base: number; readonly taxScheme: TaxScheme }[],
  rates: readonly TaxRate[],
  day: string,
): readonly TaxLine[] | null {
  const all: TaxLine[] = [];
  for (const scheme of TAX_SCHEMES) {
    const own = lines.filter((line) => line.taxScheme === scheme);
    if (own.length === 0) continue;
    const base = own.reduce((sum, line) => sum + line.base, 0);
    const rate = rateOn(rates, scheme, day);
    if (rate === null && isTaxed(scheme)) return null;
    const { basisPoints, numerator, denominator } = rate ?? { basisPoints: 0, numerator: 1, denominator: 1 };
    all.push({
      scheme,
      base,
      dpp: shareOf(base, numerator, denominator),
      basisPoints,
      // Of the base, not of the rounded DPP: rounded once.
      tax: shareOf(base, numerator * basisPoints, denominator * 10_000),
    });
  }
  return all;
}
