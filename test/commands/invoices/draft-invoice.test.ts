import type { ExistingJob } from '../../../src/domain/field-jobs/job.ts';
import { expect } from 'chai';
import { requireCompleted } from '../../../src/commands/invoices/billed-job.ts';
import { decideDraftInvoice, decideReviseInvoice } from '../../../src/commands/invoices/draft-invoice.ts';
import { contentOf, linesOf } from '../../../src/commands/invoices/invoice-content.ts';
import {
  invoice,
  type Invoice,
  invoiceHash,
  type InvoiceLine,
} from '../../../src/domain/invoices/invoice.ts';
import { refusalIn, specOf } from '../../support/scenarios/given.ts';
import {
  approved,
  BILL_TO,
  CONTENT,
  content,
  drafted,
  issueStarted,
  line,
  RATES,
  REF,
  revised,
  submitted,
  UNPAID,
  voided,
} from '../../support/scenarios/field-service/invoice-events.ts';
import { ani, dian, sena } from '../../support/scenarios/people.ts';

const given = specOf(invoice);
const more = { talkId: null, replaces: null };
const cheaper = [line({ discount: 100_000, base: 900_000 })];

describe('draft an invoice', () => {
  const draft = (state: Invoice) => decideDraftInvoice(state, REF, CONTENT, more);
  it('is on record with its content and hash', () => given().when(draft).then(drafted()));
  it('is refused where one is', () => given(drafted()).when(draft).thenRefused('INVOICE_EXISTS'));
  it('needs a completed job of a division that one sees', () => {
    const job: ExistingJob = {
      ...{ status: 'completed', id: REF.jobId, division: 'sari', customerId: REF.customerId, ticketId: null },
      ...{ kind: 'ac_service', point: null, windowFrom: '', windowTo: '', basePrice: 1, radius: 150 },
      ...{ technicianId: null, episode: 0, extendedUntil: null, missedIn: null, arrivedAt: null },
      ...{ arrival: null, finishedAt: null, checkOutMissed: false, documents: [], reportRejected: false },
    };
    expect(requireCompleted(job, dian)).to.equal(job);
    expect(refusalIn(() => requireCompleted({ ...job, status: 'done' }, dian)).code).to.equal(
      'JOB_NOT_COMPLETED',
    );
    for (const nobody of [
      () => requireCompleted({ status: 'absent' }, dian),
      () => requireCompleted(job, sena),
    ])
      expect(refusalIn(nobody).code).to.equal('JOB_NOT_FOUND');
  });
});

describe('revise an invoice', () => {
  const revise =
    (lines: InvoiceLine[] | undefined, over = {}) =>
    (state: Invoice) =>
      decideReviseInvoice(state, ani, { ...RATES, lines, ...over });
  const next = content({ lines: cheaper, revision: 2, by: ani.id });
  it('makes the next revision with a new hash', () =>
    given(drafted()).when(revise(cheaper)).then(revised(next)));
  it('takes a submission or an approval back', () => {
    for (const history of [[submitted()], [submitted(), approved()]])
      expect(given(drafted(), ...history, revised(next)).state.status).to.equal('draft');
    given(drafted(), submitted(), approved()).when(revise(cheaper)).then(revised(next));
  });
  it('without a change makes nothing', () => given(drafted()).when(revise(undefined)).then());
  it('of another revision than was read is refused', () =>
    given(drafted())
      .when(revise(cheaper, { known: 2 }))
      .thenRefused('INVOICE_CHANGED'));
  it('is refused once its number is being taken, it is issued or void', () => {
    for (const history of [[drafted(), submitted(), approved(), issueStarted], UNPAID, [drafted(), voided]])
      given(...history)
        .when(revise(cheaper))
        .thenRefused('INVOICE_STATE');
  });
  it('of another division or of none is refused as not found', () => {
    given().when(revise(cheaper)).thenRefused('INVOICE_NOT_FOUND');
    given(drafted())
      .when((state) => decideReviseInvoice(state, sena, RATES))
      .thenRefused('INVOICE_NOT_FOUND');
  });
});

describe('the content of an invoice', () => {
  const facts = {
    ...RATES,
    basePrice: 1_000_000,
    service: 'ac_service',
    schemeOf: (key: string) => (key === 'ac_service' ? ('dpp_11_12' as const) : null),
  };
  const wanted = { description: 'Servis AC', quantity: 2, unit_price: 500_000, discount: 100_000 };
  it('adds up: bases, discount, taxes, total', () => {
    const lines = linesOf([wanted], facts);
    expect(lines).to.deep.equal([
      line({ quantity: 2, unitPrice: 500_000, discount: 100_000, base: 900_000 }),
    ]);
    expect(contentOf({ lines, billTo: BILL_TO, revision: 1, by: dian.id }, facts)).to.include({
      net: 900_000,
      discount: 100_000,
      total: 999_000,
    });
  });
  it('counts what is missing to the base price as taken off', () => {
    const lines = linesOf([{ ...wanted, quantity: 1, discount: 0 }], facts);
    expect(contentOf({ lines, billTo: null, revision: 1, by: dian.id }, facts).discount).to.equal(500_000);
  });
  it('is refused with a service of nobody, a discount above the price, a tax without a rate, or too large a sum', () => {
    for (const make of [
      () => linesOf([{ ...wanted, service: 'unknown' }], facts),
      () => linesOf([{ ...wanted, discount: 1_000_001 }], facts),
      () => contentOf({ ...CONTENT }, { ...facts, day: '2024-01-01' }),
      () => contentOf({ ...CONTENT, lines: [line({ base: 10_000_000_000_000 })] }, facts),
    ])
      expect(refusalIn(make).code).to.equal('VALIDATION_FAILED');
  });
  it('has a hash of every word and amount, and of nothing else', () => {
    expect(CONTENT.hash).to.match(/^[0-9a-f]{64}$/);
    expect(content({ revision: 9, by: ani.id }).hash).to.equal(CONTENT.hash);
    const others = [
      { billTo: { ...BILL_TO, name: 'x' } },
      { billTo: { ...BILL_TO, address: null } },
      { billTo: { ...BILL_TO, npwp: '012345678901234' } },
      { billTo: null },
      { basePrice: 1 },
      { total: 1 },
      { taxes: [] },
      ...(
        [
          ['description', 'x'],
          ['quantity', 2],
          ['unitPrice', 1],
          ['discount', 1],
          ['service', 'x'],
          ['taxScheme', 'exempt'],
        ] as const
      ).map(([field, value]) => ({ lines: [line({ [field]: value })] })),
    ];
    expect(
      new Set([CONTENT.hash, ...others.map((other) => invoiceHash({ ...CONTENT, ...other }))]).size,
    ).to.equal(others.length + 1);
  });
});
