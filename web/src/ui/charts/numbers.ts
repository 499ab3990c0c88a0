/** Figures as people here read them (docs/design/dashboard.md#words-and-numbers). */
import { rupiah } from '../../lib/money.ts';

const ONE_DIGIT = new Intl.NumberFormat('id-ID', { maximumFractionDigits: 1 });
const WHOLE = new Intl.NumberFormat('id-ID', { maximumFractionDigits: 0 });

/** How a figure is written. What cannot be said (nothing to divide by) is a dash. */
export type Write = (value: number | null) => string;

export const NOTHING = '–';
const orNothing =
  (write: (value: number) => string): Write =>
  (value) =>
    value === null ? NOTHING : write(value);

/** `1.250` */
export const asCount = orNothing((value) => WHOLE.format(value));
/** `62,5%` */
export const asPercent = orNothing((value) => `${ONE_DIGIT.format(value)}%`);
/** `Rp1.250.000` */
export const asRupiah = orNothing(rupiah);
/** `3,4 mnt`, `11,9 jam` */
export const asMinutes = orNothing((value) =>
  value < 120 ? `${ONE_DIGIT.format(value)} mnt` : `${ONE_DIGIT.format(value / 60)} jam`,
);
/** `6,3 hari` */
export const asDays = orNothing((value) => `${ONE_DIGIT.format(value)} hari`);

/** `Rp1,3 jt`, where there is little room. */
export const asShortRupiah = orNothing((value) => {
  if (value >= 1e9) return `Rp${ONE_DIGIT.format(value / 1e9)} M`;
  if (value >= 1e6) return `Rp${ONE_DIGIT.format(value / 1e6)} jt`;
  return value >= 1e3 ? `Rp${ONE_DIGIT.format(value / 1e3)} rb` : `Rp${WHOLE.format(value)}`;
});

/** 0-100 with one decimal; null where there is nothing to divide by. */
export const shareOf = (part: number, whole: number): number | null =>
  whole === 0 ? null : Math.round((part / whole) * 1000) / 10;
