/**
 * What is sent to one recipient now, if anything: the rules at the moment of sending
 * (docs/design/business-rules.md#blast-sending).
 */
import {
  type BlastForm,
  type BlastRecipient,
  type ExistingBlast,
  type SKIPPED_BECAUSE,
} from '../../domain/blasts/blast.ts';
import { takesFreeText } from '../../domain/blasts/service-window.ts';
import { conversation } from '../../domain/conversation/conversation.ts';
import { isKnownAs, type KnownCustomer } from '../../domain/customers/customer.ts';
import { currentCustomer } from '../../commands/customers/current-customer.ts';
import { sameWording, templateFormOf, TEMPLATES_ID, templates } from '../../domain/blasts/template.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { TemplatesBy } from '../../domain/vocabulary.ts';
import type { CustomerAddress } from '../outbound/addresses.ts';

export type Plan =
  | { readonly kind: 'send'; readonly form: BlastForm; readonly answersTo: string | null }
  | { readonly kind: 'skip'; readonly reason: (typeof SKIPPED_BECAUSE)[number] }
  /** Nothing of this blast can be sent until a person acts. */
  | { readonly kind: 'stop'; readonly reason: string };

const indexOf = ({ facts }: ExistingBlast, ticketId: string): number =>
  facts.recipients.findIndex((one) => one.ticketId === ticketId);

/** Two of its recipients turned out to be one person since it was created: the first of them gets it. */
function hasItAlready(blast: ExistingBlast, ticketId: string, current: KnownCustomer): boolean {
  const own = indexOf(blast, ticketId);
  return blast.facts.recipients.some((other, n) => {
    if (n === own || !isKnownAs(current, other.customerId)) return false;
    const status = blast.recipients.get(other.ticketId)?.status ?? 'planned';
    return status !== 'skipped' && (n < own || status !== 'planned');
  });
}

/** @throws StoreUnavailable */
export async function planFor(
  handler: Pick<CommandHandler, 'load'>,
  blast: ExistingBlast,
  ticketId: string,
  recipient: BlastRecipient,
  address: CustomerAddress,
  by: TemplatesBy,
  now: number,
): Promise<Plan> {
  const { known: current } = await currentCustomer(handler, address.customerKey);
  const chosen = blast.facts.recipients[indexOf(blast, ticketId)]?.customerId;
  // An erased person may be back as a new customer, who was not chosen for this blast.
  if (current.status === 'unknown' || chosen === undefined || !isKnownAs(current, chosen))
    return { kind: 'skip', reason: 'no_recipient' };
  if (hasItAlready(blast, ticketId, current)) return { kind: 'skip', reason: 'same_customer' };
  if (current.optedOut) return { kind: 'skip', reason: 'opted_out' };
  // The hard rule of such a line, whatever the blast is and however long ago the customer wrote.
  if (by === 'none') return { kind: 'skip', reason: 'line_only_answers' };
  const answersTo = current.currentTicketId;
  if (address.channel !== 'whatsapp') return { kind: 'send', form: 'text', answersTo };

  const needsTemplate = recipient.status === 'deferred' && recipient.needsTemplate;
  if (!needsTemplate) {
    // The customer may have written on a later ticket.
    for (const id of new Set([ticketId, answersTo ?? ticketId])) {
      const { lastCustomerMessageAt: last } = await handler.load(conversation, id);
      if (takesFreeText(last, now)) return { kind: 'send', form: 'text', answersTo };
    }
  }
  const { template } = blast.facts;
  if (templateFormOf(template, by) === null) return { kind: 'skip', reason: 'window_closed' };
  const currentTemplate = (await handler.load(templates, TEMPLATES_ID)).byId.get(template.id);
  if (currentTemplate?.state !== 'approved')
    return { kind: 'stop', reason: `template_${currentTemplate?.state ?? 'gone'}` };
  // Only the approved text is sent: another text needs another approval.
  if (!sameWording(currentTemplate, template)) return { kind: 'stop', reason: 'template_changed' };
  return { kind: 'send', form: 'template', answersTo };
}
