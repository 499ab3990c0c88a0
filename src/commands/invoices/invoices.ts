/** All that is done with invoices, wired once (docs/design/field-service.md#invoices). */
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { BlindIndex, Clock, Ids } from '../../ports.ts';
import { approveInvoice, rejectInvoice, submitInvoice } from './approve-invoice.ts';
import { draftInvoice, reviseInvoice } from './draft-invoice.ts';
import { markOverdue } from './mark-overdue.ts';
import type { InvoiceSettings } from './invoice-settings.ts';
import { finishIssueLeft, issueInvoice } from './issue-invoice.ts';
import { type LinkSettings, sendInvoice } from './send-invoice.ts';
import { recordPayment, recordTaxNumber, voidInvoice } from './settle-invoice.ts';

export const invoiceCommands = (deps: {
  readonly handler: CommandHandler;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly blindIndex: BlindIndex;
  readonly invoicing: InvoiceSettings;
  readonly links: LinkSettings;
}) => ({
  dayOf: deps.invoicing.dayOf,
  labelOf: deps.invoicing.labelOf,
  draft: draftInvoice(deps),
  revise: reviseInvoice(deps),
  submit: submitInvoice(deps),
  approve: approveInvoice(deps),
  reject: rejectInvoice(deps),
  issue: issueInvoice(deps),
  send: sendInvoice(deps),
  pay: recordPayment(deps),
  void: voidInvoice(deps),
  taxNumber: recordTaxNumber(deps),
  markOverdue: markOverdue(deps),
  finishIssue: finishIssueLeft(deps),
});
