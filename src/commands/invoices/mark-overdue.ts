/** Those who settle invoices are told once of each that is not paid in time (docs/design/field-service.md#overdue). */
import type { Invoice, InvoiceEvent } from '../../domain/invoices/invoice.ts';
import type { CommandHandler, EventContext } from '../../engine/commands/command-handler.ts';
import { invoice } from '../../domain/invoices/invoice.ts';
import type { Clock } from '../../ports.ts';
import { about } from './invoice-access.ts';
import type { InvoiceSettings } from './invoice-settings.ts';

/** @param today of the business, 'YYYY-MM-DD' */
export function decideMarkOverdue(
  state: Invoice,
  today: string,
  recipients: readonly string[],
): InvoiceEvent[] {
  if (state.status !== 'issued' && state.status !== 'sent') return [];
  if (state.wasOverdue || state.issue === null || state.issue.dueOn >= today) return [];
  return [
    {
      type: 'InvoiceOverdueFound',
      data: { ...about(state), dueOn: state.issue.dueOn, recipients: [...recipients] },
    },
  ];
}

/** What the program does with an invoice by itself. */
export const invoiceJobContext = ({ clock }: { readonly clock: Clock }, invoiceId: string): EventContext => ({
  actor: { kind: 'system', process: 'invoices' },
  ...{ correlationId: invoiceId, causationId: invoiceId, requestId: invoiceId },
  at: clock.now().toISOString(),
});

export const markOverdue =
  (deps: { readonly handler: CommandHandler; readonly clock: Clock; readonly invoicing: InvoiceSettings }) =>
  async (invoiceId: string, recipients: readonly string[]): Promise<void> => {
    const context = invoiceJobContext(deps, invoiceId);
    const today = deps.invoicing.dayOf(context.at);
    await deps.handler.executeCommand(invoice, invoiceId, context, (state) =>
      decideMarkOverdue(state, today, recipients),
    );
  };
