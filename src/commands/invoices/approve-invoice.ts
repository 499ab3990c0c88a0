/** A second person signs one revision of an invoice, or sends it back (docs/design/field-service.md#approval). */
import { z } from 'zod';
import type { ExistingInvoice, Invoice, InvoiceEvent } from '../../domain/invoices/invoice.ts';
import { EMPTY } from '../../domain/problems.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { showsSomething } from '../../domain/words.ts';
import type { CommandContext } from '../context.ts';
import {
  about,
  executeOnInvoice,
  type InvoiceDependencies,
  requireStatus,
  requireVisibleInvoice,
} from './invoice-access.ts';
import type { InvoiceSettings } from './invoice-settings.ts';

const signed = {
  revision: z.int().positive().meta({ example: 1 }),
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .meta({ description: 'Of the content that was read.' }),
};
export const approveInput = z.strictObject(signed);
export const rejectInput = z.strictObject({
  reason: z.string().trim().min(1).max(500).refine(showsSomething, EMPTY),
  proposal: z.int().min(0).max(10_000_000_000_000).optional().meta({
    description: 'The price before tax, in rupiah, that you would approve.',
    example: 450_000,
  }),
});

const seenOf = (found: ExistingInvoice, by: string) => ({
  ...about(found),
  ...{ revision: found.content.revision, hash: found.content.hash, by },
});

/** Submitting what waits already changes nothing. @throws Refusal INVOICE_NOT_FOUND, INVOICE_STATE */
export function decideSubmitInvoice(
  state: Invoice,
  caller: Caller,
  approvers: readonly string[],
): InvoiceEvent[] {
  const found = requireVisibleInvoice(state, caller);
  if (found.status === 'submitted') return [];
  requireStatus(found, 'draft');
  const others = approvers.filter((one) => one !== caller.id && !found.authors.includes(one));
  return [{ type: 'InvoiceSubmitted', data: { ...seenOf(found, caller.id), approvers: others } }];
}

/** More was taken off than the limit. @param percent of the base price */
export const isAboveLimit = ({ discount, basePrice }: ExistingInvoice['content'], percent: number): boolean =>
  discount * 100 > basePrice * percent;

/**
 * @param limit percent of the base price that others than a super admin may sign
 * @throws Refusal INVOICE_NOT_FOUND, INVOICE_CHANGED, INVOICE_STATE, OWN_APPROVAL, DISCOUNT_LIMIT
 */
export function decideApproveInvoice(
  state: Invoice,
  caller: Caller,
  { revision, hash }: z.infer<typeof approveInput>,
  limit: number,
): InvoiceEvent[] {
  const found = requireVisibleInvoice(state, caller);
  if (found.content.revision !== revision || found.content.hash !== hash)
    throw new Refusal('INVOICE_CHANGED');
  if (found.status === 'approved' && !found.isIssuing) return [];
  requireStatus(found, 'submitted');
  if (found.authors.includes(caller.id)) throw new Refusal('OWN_APPROVAL');
  if (caller.role !== 'super_admin' && isAboveLimit(found.content, limit))
    throw new Refusal('DISCOUNT_LIMIT');
  return [{ type: 'InvoiceApproved', data: { ...seenOf(found, caller.id), draftedBy: found.content.by } }];
}

/** @throws Refusal INVOICE_NOT_FOUND, INVOICE_STATE */
export function decideRejectInvoice(
  state: Invoice,
  caller: Caller,
  { reason, proposal = null }: { readonly reason: string; readonly proposal?: number | null | undefined },
): InvoiceEvent[] {
  const found = requireVisibleInvoice(state, caller);
  requireStatus(found, 'submitted', 'approved');
  return [
    {
      type: 'InvoiceRejected',
      data: { ...seenOf(found, caller.id), draftedBy: found.content.by, reason, proposal },
    },
  ];
}

type Deps = InvoiceDependencies & { readonly invoicing: InvoiceSettings };

export const submitInvoice =
  (deps: Deps) => (ctx: CommandContext, id: string, approvers: readonly string[]) =>
    executeOnInvoice(deps, ctx, id, (state) => decideSubmitInvoice(state, ctx.caller, approvers));

export const approveInvoice =
  (deps: Deps) => (ctx: CommandContext, id: string, wish: z.infer<typeof approveInput>) =>
    executeOnInvoice(deps, ctx, id, (state) =>
      decideApproveInvoice(state, ctx.caller, wish, deps.invoicing.discountLimitPct),
    );

export const rejectInvoice =
  (deps: Deps) => (ctx: CommandContext, id: string, wish: z.infer<typeof rejectInput>) =>
    executeOnInvoice(deps, ctx, id, (state) => decideRejectInvoice(state, ctx.caller, wish));
