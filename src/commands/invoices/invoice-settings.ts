/** What the firm has decided about its invoices: configuration, read once at the start (docs/design/field-service.md#invoices). */
import type { TaxRate, TaxScheme } from '../../domain/invoices/tax.ts';
import { calendarOf, dayText } from '../../domain/time/calendar.ts';
import type { Division } from '../../domain/vocabulary.ts';

/** A service of a division, as far as an invoice needs it. */
export interface BilledService {
  readonly key: string;
  readonly label: string;
  readonly taxScheme: TaxScheme;
}

export interface InvoiceSettings {
  /** TAX_RATES. */
  readonly rates: readonly TaxRate[];
  /** INVOICE_DUE_DAYS: from the day of the invoice. */
  readonly dueDays: number;
  /** INVOICE_DISCOUNT_LIMIT: percent of the base price. */
  readonly discountLimitPct: number;
  /** SERVICES. */
  readonly servicesOf: (division: Division) => readonly BilledService[];
  /** Day of the business of a moment, 'YYYY-MM-DD'. @param at ISO 8601 */
  readonly dayOf: (at: string) => string;
  /** Name of a service; its key where it is gone from the list. */
  readonly labelOf: (division: Division, service: string) => string;
}

export const invoiceSettings = (
  given: Pick<InvoiceSettings, 'rates' | 'dueDays' | 'discountLimitPct' | 'servicesOf'>,
  timezone: string,
): InvoiceSettings => ({
  ...given,
  dayOf: (at) => dayText(calendarOf(timezone).dayOf(Date.parse(at))),
  labelOf: (division, service) =>
    given.servicesOf(division).find(({ key }) => key === service)?.label ?? service,
});

/** @returns the scheme of each service of the division; null of one that it has not */
export const schemeIn =
  ({ servicesOf }: Pick<InvoiceSettings, 'servicesOf'>, division: Division) =>
  (service: string): TaxScheme | null =>
    servicesOf(division).find(({ key }) => key === service)?.taxScheme ?? null;
