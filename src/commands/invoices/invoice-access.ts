/** What the commands on an invoice share: who may see it, and how a decision about it is stored. */
import { z } from 'zod';
import {
  type ExistingInvoice,
  invoice,
  type Invoice,
  type InvoiceEvent,
  type InvoiceRef,
  type InvoiceStatus,
} from '../../domain/invoices/invoice.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type Caller, covers } from '../../domain/staff/privileges.ts';
import type { CommandHandler, EventContext } from '../../engine/commands/command-handler.ts';
import type { Clock } from '../../ports.ts';
import { type CommandContext, eventContextOf } from '../context.ts';

/** Submit, issue and send need no more than the id. */
export const noInput = z.strictObject({});

/** Of another division it is not there. @throws Refusal INVOICE_NOT_FOUND */
export function requireVisibleInvoice(state: Invoice, caller: Caller): ExistingInvoice {
  if (state.status === 'absent' || !covers(caller, state.ref.division))
    throw new Refusal('INVOICE_NOT_FOUND');
  return state;
}

/** @throws Refusal INVOICE_STATE: it is not (any more) where this may be done, or its number is being taken */
export function requireStatus(found: ExistingInvoice, ...allowed: readonly InvoiceStatus[]): void {
  if (found.isIssuing || !allowed.includes(found.status)) throw new Refusal('INVOICE_STATE');
}

/** The ids that every event of an invoice has. */
export const about = ({ ref }: ExistingInvoice): InvoiceRef => ref;

export interface InvoiceDependencies {
  readonly handler: CommandHandler;
  readonly clock: Clock;
}

/** Decides about one invoice and appends. @throws Refusal of `decide`, StoreUnavailable */
export async function executeOnInvoice(
  { handler, clock }: InvoiceDependencies,
  ctx: CommandContext,
  invoiceId: string,
  decide: (state: Invoice, at: string) => InvoiceEvent[],
  eventContext: EventContext = eventContextOf(ctx, clock),
) {
  const { state, position } = await handler.executeCommand(invoice, invoiceId, eventContext, (now) =>
    decide(now, eventContext.at),
  );
  return { ...answerOfInvoice(state), invoice_id: invoiceId, position };
}

/** What a change answers with. */
export const answerOfInvoice = (state: Invoice) =>
  state.status === 'absent'
    ? { status: 'draft' as const, revision: 0, hash: '', number: null }
    : {
        status: state.status,
        revision: state.content.revision,
        hash: state.content.hash,
        number: state.issue?.number ?? null,
      };
