/** How figures are rounded (contract.md 7). Nothing is divided by nothing. */
import type { Percent } from './figures.ts';

/** 0-100, one decimal. */
export const percent = (part: number, whole: number): Percent =>
  whole === 0 ? null : Math.round((1000 * part) / whole) / 10;

/** Two decimals. */
export const mean = (sum: number, count: number): number | null =>
  count === 0 ? null : Math.round((100 * sum) / count) / 100;

/** Whole, and never more than JSON's integers hold. */
export const rupiah = (amount: number): number => Math.min(Math.round(amount), Number.MAX_SAFE_INTEGER);
