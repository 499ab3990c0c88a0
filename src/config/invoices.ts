/** The variables of invoices, and of the links that customers get (docs/design/field-service.md#invoices). */
import { z } from 'zod';
import { anyText, optional, text, withDefault } from '../channels/settings.ts';
import { DEFAULT_TAX_RATES, taxRate, type TaxRate } from '../domain/invoices/tax.ts';
import { integer } from './values.ts';

const rates = text(
  'must be JSON such as [{"scheme":"dpp_11_12","from":"2025-01-01","basisPoints":1200,"numerator":11,"denominator":12}]',
  (value): readonly TaxRate[] | undefined => {
    try {
      return z.array(taxRate).min(1).max(100).safeParse(JSON.parse(value)).data;
    } catch {
      return undefined;
    }
  },
);
const template = text('must be the name of an approved template, or the sid of a content (HX...)', (value) =>
  /^(?:[a-z0-9_]{1,512}|HX[0-9a-fA-F]{32})$/.test(value) ? value : undefined,
);

export const INVOICE_VARIABLES = {
  TAX_RATES: withDefault(
    rates,
    JSON.stringify(DEFAULT_TAX_RATES),
    'Rates of value added tax with the day from which each holds: basisPoints (hundredths of a percent) of numerator/denominator of the price.',
  ),
  INVOICE_DUE_DAYS: withDefault(
    integer(0, 365),
    '14',
    'An invoice is to be paid within so many days of its issue.',
  ),
  INVOICE_DISCOUNT_LIMIT: withDefault(
    integer(0, 100),
    '20',
    'So many percent of the price of a job may be taken off; more is approved by a super admin only.',
  ),
  INVOICE_TEMPLATE: optional(
    template,
    'Approved template (or content sid) that brings the link to an invoice after 24 hours; its values: name, number, amount, link. Unset: the link goes out within 24 hours only.',
  ),
  RATING_TEMPLATE: optional(
    template,
    'Approved template (or content sid) that asks for a rating after 24 hours; its values: name, link. Unset: it is asked within 24 hours only.',
  ),
  COMPANY_NAME: withDefault(anyText, 'Saga', 'Name of the firm on invoices.'),
  COMPANY_ADDRESS: optional(anyText, 'Address of the firm on invoices.'),
  COMPANY_NPWP: optional(anyText, 'Tax number of the firm on invoices.'),
  COMPANY_BANK: optional(anyText, 'Where customers pay, as it stands on invoices: bank, number, holder.'),
} as const;
