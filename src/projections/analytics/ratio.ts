/** How figures are rounded (docs/design/api.md#analytics). A division by zero gives null. */
import type { Percent } from './figures.ts';

/** @returns 0-100, one decimal; null when `whole` is 0 */
export const percentOf = (part: number, whole: number): Percent =>
  whole === 0 ? null : Math.round((1000 * part) / whole) / 10;

/** @returns two decimals; null when `count` is 0 */
export const mean = (sum: number, count: number): number | null =>
  count === 0 ? null : Math.round((100 * sum) / count) / 100;

/** A whole number, at most the largest integer that JSON readers keep exact. */
export const roundedRupiah = (amount: number): number =>
  Math.min(Math.round(amount), Number.MAX_SAFE_INTEGER);
