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

/** `340 KB`, `2,4 MB` */
export const sizeOf = (bytes: number): string =>
  bytes < 1_000_000
    ? `${String(Math.max(1, Math.round(bytes / 1000)))} KB`
    : `${(bytes / 1_000_000).toFixed(1).replace('.', ',')} MB`;
