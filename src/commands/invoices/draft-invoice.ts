/** An invoice for a completed job is drafted, and changed until it is issued (docs/design/field-service.md#invoices). */
import {
  type BillTo,
  type Invoice,
  invoice,
  type InvoiceContent,
  type InvoiceEvent,
  type InvoiceLine,
  type InvoiceRef,
} from '../../domain/invoices/invoice.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import type { TaxRate } from '../../domain/invoices/tax.ts';
import type { Ids } from '../../ports.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import {
  about,
  answerOfInvoice,
  executeOnInvoice,
  type InvoiceDependencies,
  requireStatus,
  requireVisibleInvoice,
} from './invoice-access.ts';
import { billToOf, contentOf, type DraftInput, linesOf, type ReviseInput } from './invoice-content.ts';
import { type InvoiceSettings, schemeIn } from './invoice-settings.ts';
import { job } from '../../domain/field-jobs/job.ts';
import { requireCompleted } from './billed-job.ts';

/** An earlier invoice of the same job that is not void stands in the way. @throws Refusal INVOICE_EXISTS */
export function decideDraftInvoice(
  state: Invoice,
  ref: InvoiceRef,
  content: InvoiceContent,
  more: { readonly talkId: string | null; readonly replaces: string | null },
): InvoiceEvent[] {
  if (state.status !== 'absent') throw new Refusal('INVOICE_EXISTS');
  return [{ type: 'InvoiceDrafted', data: { ...ref, ...content, ...more } }];
}

export interface Revision {
  /** Which revision the person has read; undefined: whatever it is. */
  readonly known?: number | undefined;
  readonly lines?: InvoiceLine[] | undefined;
  readonly billTo?: BillTo | undefined;
  readonly rates: readonly TaxRate[];
  readonly day: string;
}

/**
 * Also takes back a submission or an approval: what was signed is not what stands here any more.
 * @throws Refusal INVOICE_NOT_FOUND, INVOICE_STATE, INVOICE_CHANGED, VALIDATION_FAILED
 */
export function decideReviseInvoice(state: Invoice, caller: Caller, wish: Revision): InvoiceEvent[] {
  const found = requireVisibleInvoice(state, caller);
  requireStatus(found, 'draft', 'submitted', 'approved');
  const { content } = found;
  if (wish.known !== undefined && wish.known !== content.revision) throw new Refusal('INVOICE_CHANGED');
  const { lines = content.lines, billTo = content.billTo } = wish;
  const next = contentOf(
    { lines, billTo, revision: content.revision + 1, by: caller.id },
    { ...wish, basePrice: content.basePrice },
  );
  if (next.hash === content.hash) return [];
  return [{ type: 'InvoiceRevised', data: { ...about(found), ...next } }];
}

/** More replacements of one job than this mean that something is wrong. */
const MOST_OF_JOB = 50;

/** The invoices of a job, the first one first: each but the last is void. */
export const invoiceIdOf = (ids: Pick<Ids, 'from'>, jobId: string, nth: number): string =>
  ids.from('invoice', jobId, String(nth));

type Deps = InvoiceDependencies & {
  readonly ids: Ids;
  readonly invoicing: InvoiceSettings;
};

/** @throws Refusal JOB_NOT_FOUND, JOB_NOT_COMPLETED, INVOICE_EXISTS, VALIDATION_FAILED */
export const draftInvoice =
  (deps: Deps) =>
  async (
    ctx: CommandContext,
    jobId: string,
    wish: DraftInput,
    /** Who is billed where the wish does not say. */
    known: BillTo | null,
  ) => {
    const { handler, clock, ids, invoicing } = deps;
    const found = requireCompleted(await handler.load(job, jobId), ctx.caller);
    const eventContext = eventContextOf(ctx, clock);
    const facts = {
      ...{ basePrice: found.basePrice, service: found.kind, rates: invoicing.rates },
      schemeOf: schemeIn(invoicing, found.division),
      day: invoicing.dayOf(eventContext.at),
    };
    const wanted = wish.lines ?? [
      {
        description: invoicing.labelOf(found.kind),
        quantity: 1,
        unit_price: found.basePrice,
        discount: 0,
      },
    ];
    const content = contentOf(
      {
        lines: linesOf(wanted, facts),
        billTo: billToOf(wish.bill_to, known),
        revision: 1,
        by: ctx.caller.id,
      },
      facts,
    );
    let replaces: string | null = null;
    for (let nth = 1; nth <= MOST_OF_JOB; nth += 1) {
      const invoiceId = invoiceIdOf(ids, jobId, nth);
      const earlier = await handler.load(invoice, invoiceId);
      if (earlier.status === 'void') {
        replaces = invoiceId;
        continue;
      }
      const ref = { invoiceId, jobId, division: found.division, customerId: found.customerId };
      const before = replaces;
      const { state, position } = await handler.executeCommand(invoice, invoiceId, eventContext, (now) =>
        decideDraftInvoice(now, ref, content, { talkId: found.ticketId, replaces: before }),
      );
      return { ...answerOfInvoice(state), invoice_id: invoiceId, position };
    }
    throw new Refusal('INVOICE_EXISTS');
  };

/** @throws Refusal as `decideReviseInvoice` */
export const reviseInvoice =
  (deps: Deps) => async (ctx: CommandContext, invoiceId: string, wish: ReviseInput) => {
    const { invoicing } = deps;
    return executeOnInvoice(deps, ctx, invoiceId, (state, at) => {
      const { ref, content } = requireVisibleInvoice(state, ctx.caller);
      const day = invoicing.dayOf(at);
      const facts = {
        ...{ basePrice: content.basePrice, rates: invoicing.rates, day },
        service: content.lines[0]?.service ?? '',
        schemeOf: schemeIn(invoicing, ref.division),
      };
      return decideReviseInvoice(state, ctx.caller, {
        known: wish.revision,
        lines: wish.lines && linesOf(wish.lines, facts),
        billTo: wish.bill_to && (billToOf(wish.bill_to, null) ?? undefined),
        ...{ rates: invoicing.rates, day },
      });
    });
  };
