/** What the firm has decided about its invoices: configuration, read once at the start (docs/design/field-service.md#invoices). */
import { serviceOf, type Services, type TaxScheme } from '../../domain/field-jobs/services.ts';
import type { TaxRate } from '../../domain/invoices/tax.ts';
import { calendarOf, dayText } from '../../domain/time/calendar.ts';
import type { Division } from '../../domain/vocabulary.ts';

export interface InvoiceSettings {
  /** TAX_RATES. */
  readonly rates: readonly TaxRate[];
  /** INVOICE_DUE_DAYS: from the day of the invoice. */
  readonly dueDays: number;
  /** INVOICE_DISCOUNT_LIMIT: percent of the base price. */
  readonly discountLimitPct: number;
  /** SERVICES. */
  readonly services: Services;
  /** Day of the business of a moment, 'YYYY-MM-DD'. @param at ISO 8601 */
  readonly dayOf: (at: string) => string;
  /** Name of a service; its key where it is gone from the list. */
  readonly labelOf: (service: string) => string;
}

export const invoiceSettings = (
  given: Omit<InvoiceSettings, 'dayOf' | 'labelOf'>,
  timezone: string,
): InvoiceSettings => ({
  ...given,
  dayOf: (at) => dayText(calendarOf(timezone).dayOf(Date.parse(at))),
  labelOf: (service) => serviceOf(given.services, service)?.label ?? service,
});

/** @returns the scheme of each service of the division; null of one that it has not */
export const schemeIn =
  ({ services }: Pick<InvoiceSettings, 'services'>, division: Division) =>
  (key: string): TaxScheme | null => {
    const found = serviceOf(services, key);
    return found?.division === division ? found.taxScheme : null;
  };
