import { expect } from 'chai';
import {
  decideApproveInvoice,
  decideRejectInvoice,
  decideSubmitInvoice,
} from '../../../src/commands/invoices/approve-invoice.ts';
import { invoice, type Invoice, type InvoiceContent } from '../../../src/domain/invoices/invoice.ts';
import { specOf } from '../../support/scenarios/given.ts';
import {
  approved,
  CONTENT,
  content,
  drafted,
  issueStarted,
  line,
  REF,
  revised,
  submitted,
  UNPAID,
  voided,
} from '../../support/scenarios/field-service/invoice-events.ts';
import { ani, budi, dian, rina, sena, tono } from '../../support/scenarios/people.ts';

const given = specOf(invoice);
const LIMIT = 20;
const off = (discount: number) => content({ lines: [line({ discount, base: 1_000_000 - discount })] });

describe('submit an invoice', () => {
  const submit = (state: Invoice) => decideSubmitInvoice(state, dian, [ani.id, dian.id]);
  it('asks those who may approve, and not who submits or wrote it', () => {
    given(drafted())
      .when(submit)
      .thenOnce(submitted([ani.id]));
    given(drafted(), revised({ ...CONTENT, by: ani.id }))
      .when(submit)
      .then(submitted([]));
  });
  it('is refused when it is approved, issued or void', () => {
    for (const history of [[drafted(), submitted(), approved()], UNPAID, [drafted(), voided]])
      given(...history)
        .when(submit)
        .thenRefused('INVOICE_STATE');
  });
  it('of another division is refused as not found', () =>
    given(drafted())
      .when((state) => decideSubmitInvoice(state, sena, []))
      .thenRefused('INVOICE_NOT_FOUND'));
});

describe('approve an invoice', () => {
  const approve =
    (by = ani, { revision, hash }: InvoiceContent = CONTENT) =>
    (state: Invoice) =>
      decideApproveInvoice(state, by, { revision, hash }, LIMIT);
  it('is on record with the revision and the hash that were read', () =>
    given(drafted(), submitted()).when(approve()).thenOnce(approved()));
  it('of what was revised meanwhile is refused, by revision and by hash', () => {
    const next = content({ lines: [line({ base: 999_000, discount: 1_000 })], revision: 2 });
    given(drafted(), submitted(), revised(next), submitted([], next))
      .when(approve())
      .thenRefused('INVOICE_CHANGED');
    given(drafted(), submitted())
      .when(approve(ani, { ...CONTENT, hash: 'f'.repeat(64) }))
      .thenRefused('INVOICE_CHANGED');
  });
  it('by who drafted or revised it is refused, whatever they are', () => {
    given(drafted({ ...CONTENT, by: rina.id }), submitted())
      .when(approve(rina))
      .thenRefused('OWN_APPROVAL');
    given(drafted(), revised({ ...CONTENT, by: ani.id }), submitted())
      .when(approve())
      .thenRefused('OWN_APPROVAL');
  });
  it('takes the limit of discount, and a super admin beyond it', () => {
    const [within, above] = [off(200_000), off(200_001)];
    given(drafted(within), submitted([], within)).when(approve(tono, within)).then(approved(tono.id, within));
    given(drafted(above), submitted([], above)).when(approve(tono, above)).thenRefused('DISCOUNT_LIMIT');
    given(drafted(above), submitted([], above)).when(approve(rina, above)).then(approved(rina.id, above));
  });
  it('is refused before it is submitted, while its number is taken, and afterwards', () => {
    for (const history of [[drafted()], [drafted(), submitted(), approved(), issueStarted], UNPAID])
      given(...history)
        .when(approve())
        .thenRefused('INVOICE_STATE');
    given().when(approve()).thenRefused('INVOICE_NOT_FOUND');
  });
});

describe('reject an invoice', () => {
  const reject = (state: Invoice) =>
    decideRejectInvoice(state, budi, { reason: 'Terlalu murah', proposal: 950_000 });
  it('sends it back with the reason and a proposal, also after an approval', () => {
    const { revision, hash } = CONTENT;
    const rejected = {
      type: 'InvoiceRejected',
      data: {
        ...REF,
        revision,
        hash,
        by: budi.id,
        draftedBy: dian.id,
        reason: 'Terlalu murah',
        proposal: 950_000,
      },
    } as const;
    given(drafted(), submitted()).when(reject).then(rejected);
    given(drafted(), submitted(), approved()).when(reject).then(rejected);
    expect(given(drafted(), submitted(), rejected).state.status).to.equal('draft');
  });
  it('is refused of a draft and of what is issued', () => {
    given(drafted()).when(reject).thenRefused('INVOICE_STATE');
    given(...UNPAID)
      .when(reject)
      .thenRefused('INVOICE_STATE');
  });
});
