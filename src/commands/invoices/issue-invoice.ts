/**
 * An approved invoice gets its number (docs/design/field-service.md#invoice-numbers). Three steps on two streams, each harmless
 * when it is done again: whoever meets one that was left in the middle finishes it.
 */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { invoice, type Invoice, type InvoiceEvent } from '../../domain/invoices/invoice.ts';
import {
  type InvoiceNumberEvent,
  invoiceNumbers,
  type InvoiceNumbers,
  invoiceNumbersId,
  numberOf,
  numberText,
  type TakenNumber,
} from '../../domain/invoices/invoice-numbers.ts';
import { taxesOf, type TaxRate } from '../../domain/invoices/tax.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { dayNumber, dayText } from '../../domain/time/calendar.ts';
import type { EventContext } from '../../engine/commands/command-handler.ts';
import type { BlindIndex } from '../../ports.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import {
  about,
  answerOfInvoice,
  type InvoiceDependencies,
  requireStatus,
  requireVisibleInvoice,
} from './invoice-access.ts';
import type { InvoiceSettings } from './invoice-settings.ts';
import { invoiceJobContext } from './mark-overdue.ts';

/**
 * The token of a customer's link: 128 bits that nobody without the key can make; only its hash is stored.
 * @param id of the invoice, or of the job that is rated
 */
export const linkTokenOf = (
  blindIndex: BlindIndex,
  purpose: 'invoice-link' | 'rating-link',
  id: string,
): string => blindIndex(purpose, id).slice(0, 32);

/** How a token is stored and looked up. */
export const tokenHashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

const ISSUED: ReadonlySet<string> = new Set(['issued', 'sent', 'paid']);

/**
 * From here on nothing but the number follows. One that is issued already stays so.
 * @param now the rates and the day of the issue: a tax that holds no more must be written again
 * @throws Refusal INVOICE_NOT_FOUND, INVOICE_STATE, INVOICE_CHANGED
 */
export function decideStartIssue(
  state: Invoice,
  caller: Caller,
  { rates, day }: { readonly rates: readonly TaxRate[]; readonly day: string },
): InvoiceEvent[] {
  const found = requireVisibleInvoice(state, caller);
  if (found.isIssuing || ISSUED.has(found.status)) return [];
  requireStatus(found, 'approved');
  if (!isDeepStrictEqual(taxesOf(found.content.lines, rates, day), found.content.taxes))
    throw new Refusal('INVOICE_CHANGED');
  return [{ type: 'InvoiceIssueStarted', data: { ...about(found), by: caller.id } }];
}

/** The next number, once for each invoice. */
export const decideTakeNumber = (
  state: InvoiceNumbers,
  wanted: Omit<TakenNumber, 'n'>,
): InvoiceNumberEvent[] =>
  numberOf(state, wanted.invoiceId) === null
    ? [{ type: 'InvoiceNumberTaken', data: { ...wanted, n: (state?.taken.n ?? 0) + 1 } }]
    : [];

/** @param dueDays from the day of the invoice */
export function decideIssueInvoice(
  state: Invoice,
  taken: TakenNumber,
  tokenHash: string,
  dueDays: number,
): InvoiceEvent[] {
  if (state.status === 'absent' || !state.isIssuing) return [];
  const dueOn = dayText(dayNumber(taken.takenOn) + dueDays);
  const data = { ...about(state), number: numberText(taken), issuedOn: taken.takenOn, dueOn, tokenHash };
  return [{ type: 'InvoiceIssued', data }];
}

type Deps = InvoiceDependencies & {
  readonly blindIndex: BlindIndex;
  readonly invoicing: InvoiceSettings;
};

/** Takes the number and issues. @throws Refusal BUSY; StoreUnavailable */
export async function finishIssue(deps: Deps, invoiceId: string, eventContext: EventContext) {
  const { handler, invoicing, blindIndex } = deps;
  const found = await handler.load(invoice, invoiceId);
  if (found.status === 'absent' || !found.isIssuing) return { state: found, position: null };
  const { division } = found.ref;
  const takenOn = invoicing.dayOf(eventContext.at);
  const year = Number(takenOn.slice(0, 4));
  // One that was left in the middle at the turn of the year has its number there.
  const left = numberOf(await handler.load(invoiceNumbers, invoiceNumbersId(division, year - 1)), invoiceId);
  const taken =
    left ??
    numberOf(
      (
        await handler.executeCommand(
          invoiceNumbers,
          invoiceNumbersId(division, year),
          eventContext,
          (numbers) => decideTakeNumber(numbers, { division, year, invoiceId, takenOn }),
        )
      ).state,
      invoiceId,
    );
  if (taken === null) throw new Error(`invoice ${invoiceId} took a number that is not there`);
  const tokenHash = tokenHashOf(linkTokenOf(blindIndex, 'invoice-link', invoiceId));
  return handler.executeCommand(invoice, invoiceId, eventContext, (state) =>
    decideIssueInvoice(state, taken, tokenHash, invoicing.dueDays),
  );
}

/** @throws Refusal as `decideStartIssue`, BUSY */
export const issueInvoice = (deps: Deps) => async (ctx: CommandContext, invoiceId: string) => {
  const { handler, clock, invoicing } = deps;
  // Two commands on one stream: neither may take the answer of the other for its own, and both may be repeated.
  const eventContext = { ...eventContextOf(ctx, clock), key: undefined };
  const now = { rates: invoicing.rates, day: invoicing.dayOf(eventContext.at) };
  const started = await handler.executeCommand(invoice, invoiceId, eventContext, (state) =>
    decideStartIssue(state, ctx.caller, now),
  );
  const { state, position } = await finishIssue(deps, invoiceId, eventContext);
  return { ...answerOfInvoice(state), invoice_id: invoiceId, position: position ?? started.position };
};

/** Of a process that ended in the middle: the number that is bound to this invoice, or the next one. */
export const finishIssueLeft =
  (deps: Deps) =>
  async (invoiceId: string): Promise<void> => {
    await finishIssue(deps, invoiceId, invoiceJobContext(deps, invoiceId));
  };
