/** Days, months and periods of the business (contract.md 7). Days are 'YYYY-MM-DD', months 'YYYY-MM'. */

/** Days of the business, both inclusive. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

export const GRANULARITIES = ['day', 'week', 'month'] as const;
export type Granularity = (typeof GRANULARITIES)[number];
