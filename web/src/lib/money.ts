/** Whole rupiah (docs/design/dashboard.md#words-and-numbers). */
const NUMBER = new Intl.NumberFormat('id-ID', { maximumFractionDigits: 0 });

/** `Rp1.250.000` */
export const rupiah = (amount: number): string => `Rp${NUMBER.format(amount)}`;

/** `1.250.000`, as it is typed. */
export const grouped = (amount: number): string => NUMBER.format(amount);

/** What somebody typed as an amount; null where it is none. */
export function amountOf(text: string): number | null {
  const digits = text.replaceAll(/[^\d]/g, '');
  return digits === '' ? null : Number(digits);
}
