/** Invoices as they are on the wire (docs/design/api.md#invoices). */
import { z } from 'zod';
import { JOB_STATUSES } from '../../domain/field-jobs/job.ts';
import { taxScheme } from '../../domain/field-jobs/services.ts';
import { INVOICE_STATUSES } from '../../domain/invoices/invoice.ts';
import { division } from '../../domain/vocabulary.ts';
import { EXAMPLE_IDS } from '../framework/openapi/example-values.ts';
import { id, person, time } from '../framework/schemas.ts';

const rupiah = z.int().min(0);
export const invoiceStatus = z.enum(INVOICE_STATUSES);

const shape = {
  id,
  division,
  job_id: id,
  customer_id: id,
  status: invoiceStatus,
  revision: z.int().meta({ example: 1 }),
  hash: z.string().meta({ description: 'Of the content: what an approval is given to.', example: '3b7f…' }),
  number: z.string().nullable().meta({ example: 'INV/SARI/2026/000123' }),
  issued_on: z.iso.date().nullable().meta({ example: '2026-07-03' }),
  due_on: z.iso.date().nullable().meta({ example: '2026-07-17' }),
  bill_to: z
    .strictObject({ name: z.string(), address: z.string().nullable(), npwp: z.string().nullable() })
    .nullable()
    .meta({
      description: 'Null: the customer was erased.',
      example: { name: 'PT Maju Jaya', address: 'Jl. Merdeka 1, Bandung', npwp: null },
    }),
  base_price: rupiah.meta({ example: 1_000_000 }),
  discount: rupiah.meta({ description: 'How far the price is below the base price.', example: 100_000 }),
  net: rupiah.meta({ description: 'Before tax.', example: 900_000 }),
  taxes: z.array(
    z
      .strictObject({
        scheme: taxScheme,
        base: rupiah.meta({ example: 900_000 }),
        dpp: rupiah.meta({ description: 'What the rate is taken of.', example: 825_000 }),
        basis_points: z.int().meta({ description: 'Hundredths of a percent.', example: 1_200 }),
        tax: rupiah.meta({ example: 99_000 }),
      })
      .meta({ id: 'InvoiceTax' }),
  ),
  total: rupiah.meta({ example: 999_000 }),
  received: rupiah.meta({ example: 500_000 }),
  withheld: rupiah.meta({ description: 'Tax that the customer kept back.', example: 20_000 }),
  outstanding: rupiah.meta({ example: 479_000 }),
  payments: z.array(
    z
      .strictObject({
        amount: rupiah.meta({ example: 500_000 }),
        withheld: rupiah.meta({ example: 20_000 }),
        at: z.iso.date().meta({ example: '2026-07-10' }),
        proof: z.string().nullable().meta({ example: 'BP-2026-118' }),
      })
      .meta({ id: 'InvoicePayment' }),
  ),
  paid_on: z.iso.date().nullable().meta({ example: null }),
  nsfp: z.string().nullable().meta({ example: '04002600012345678' }),
  drafted_by: person,
  drafted_at: time,
  submitted_at: time.nullable(),
  approved_by: person.nullable(),
  approved_at: time.nullable(),
  rejection: z
    .strictObject({
      reason: z.string().meta({ example: 'Terlalu murah' }),
      proposal: rupiah.nullable().meta({ example: 950_000 }),
      by: person,
      at: time,
    })
    .nullable()
    .meta({ description: 'The last one, until it is submitted again.', example: null }),
  sent_at: time.nullable(),
  void: z
    .strictObject({ reason: z.string().meta({ example: 'Salah alamat' }), at: time })
    .nullable()
    .meta({ example: null }),
  replaces: id.nullable().meta({ description: 'The void invoice that it stands for.', example: null }),
};
const memberExamples = { id: EXAMPLE_IDS.other, job_id: EXAMPLE_IDS.message, status: 'sent' };

export const invoiceObject = z.strictObject(shape).meta({ id: 'Invoice', memberExamples });

export const invoiceLineObject = z
  .strictObject({
    service: z.string().meta({ example: 'antar_kargo' }),
    description: z.string().meta({ example: 'Pengantaran kargo, dua koli' }),
    quantity: z.int().meta({ example: 2 }),
    unit_price: rupiah.meta({ example: 500_000 }),
    discount: rupiah.meta({ example: 100_000 }),
    tax_scheme: taxScheme,
    base: rupiah.meta({ example: 900_000 }),
  })
  .meta({ id: 'InvoiceLine' });

export const wholeInvoice = z
  .strictObject({ ...shape, lines: z.array(invoiceLineObject) })
  .meta({ id: 'WholeInvoice', memberExamples });

/** All that who approves an invoice reads of its job. */
export const jobSummary = z
  .strictObject({
    id,
    kind: z.string().meta({ example: 'antar_kargo' }),
    label: z.string().meta({ example: 'Pengantaran kargo' }),
    status: z.enum(JOB_STATUSES),
    window_from: time,
    window_to: time,
    technician: person.nullable(),
    base_price: rupiah.meta({ example: 1_000_000 }),
  })
  .meta({ id: 'JobSummary', memberExamples: { id: EXAMPLE_IDS.message, status: 'completed' } });
