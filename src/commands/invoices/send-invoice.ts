/** The customer gets the link to their invoice, over the channel of their talk (docs/design/field-service.md#links). */
import { invoice, type Invoice, type InvoiceEvent } from '../../domain/invoices/invoice.ts';
import { written } from '../../domain/problems.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import type { BlindIndex, Ids } from '../../ports.ts';
import { type CommandContext, eventContextOf } from '../context.ts';
import { type LinkMessage, postLink } from '../outbound/post-link.ts';
import {
  about,
  answerOfInvoice,
  type InvoiceDependencies,
  requireStatus,
  requireVisibleInvoice,
} from './invoice-access.ts';
import { linkTokenOf } from './issue-invoice.ts';

export interface LinkSettings {
  /** Addresses of links begin with it: PUBLIC_URL. */
  readonly base: string;
  /** INVOICE_TEMPLATE, RATING_TEMPLATE: for customers who wrote last over 24 hours ago. */
  readonly invoiceTemplate: string | null;
  readonly ratingTemplate: string | null;
}

/** It may be sent again. @throws Refusal INVOICE_NOT_FOUND, INVOICE_STATE */
export function decideSendInvoice(state: Invoice, caller: Caller, messageId: string): InvoiceEvent[] {
  const found = requireVisibleInvoice(state, caller);
  requireStatus(found, 'issued', 'sent', 'paid');
  return [{ type: 'InvoiceSent', data: { ...about(found), linkMessageId: messageId, by: caller.id } }];
}

type Deps = InvoiceDependencies & {
  readonly ids: Ids;
  readonly blindIndex: BlindIndex;
  readonly links: LinkSettings;
};

/** 'YYYY-MM-DD' as people read it. */
export const dayWords = (day: string): string =>
  new Intl.DateTimeFormat('id-ID', { dateStyle: 'long', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  );

/**
 * @param ticketId the customer's newest talk; null: they have none
 * @throws Refusal INVOICE_NOT_FOUND, INVOICE_STATE, TICKET_NOT_FOUND, SERVICE_WINDOW_CLOSED, LINE_ONLY_ANSWERS
 */
export const sendInvoice =
  (deps: Deps) => async (ctx: CommandContext, invoiceId: string, ticketId: string | null) => {
    const { handler, clock, ids, blindIndex, links } = deps;
    const eventContext = { ...eventContextOf(ctx, clock), key: undefined };
    // The same key makes the same message, so that a repeat after a crash sends no second one.
    const messageId = ctx.key === undefined ? ids.next() : ids.from('invoice-link', invoiceId, ctx.key);
    const state = await handler.load(invoice, invoiceId);
    decideSendInvoice(state, ctx.caller, messageId);
    const found = requireVisibleInvoice(state, ctx.caller);
    const { issue, content } = found;
    const to = ticketId ?? found.talkId;
    if (to === null || issue === null) throw new Refusal('TICKET_NOT_FOUND');
    const link = `${links.base}/i/${linkTokenOf(blindIndex, 'invoice-link', invoiceId)}`;
    const name = content.billTo?.name ?? 'Bapak/Ibu';
    const message: LinkMessage = {
      ...{ messageId, senderId: ctx.caller.id, template: links.invoiceTemplate },
      text:
        `Halo ${name}, tagihan ${issue.number} sebesar Rp${written(content.total)} jatuh tempo ${dayWords(issue.dueOn)}. ` +
        `Lihat dan unduh di sini: ${link}\nUntuk membukanya, isi empat angka terakhir nomor telepon Anda.`,
      parameters: [
        { name: 'name', text: name },
        { name: 'number', text: issue.number },
        { name: 'amount', text: `Rp${written(content.total)}` },
        { name: 'link', text: link },
      ],
    };
    await postLink(handler, to, eventContext, message);
    const sent = await handler.executeCommand(invoice, invoiceId, eventContext, (now) =>
      decideSendInvoice(now, ctx.caller, messageId),
    );
    return {
      ...answerOfInvoice(sent.state),
      invoice_id: invoiceId,
      message_id: messageId,
      position: sent.position,
    };
  };
