/** Whom a blast would reach, and in which form: what its preview shows (docs/design/business-rules.md#blast-recipients). */
import { personalise, type PersonalValues } from '../../domain/blasts/personalise.ts';
import { takesFreeText } from '../../domain/blasts/service-window.ts';
import type { Template } from '../../domain/blasts/template.ts';
import { Refusal } from '../../domain/refusals.ts';
import type { Channel } from '../../domain/vocabulary.ts';
import { MAX_RECIPIENTS } from './blast-filter.ts';
import type { RecipientCandidate } from './create-blast.ts';

/** Why somebody gets no message. */
export const LEFT_OUT_BECAUSE = ['never_wrote', 'same_customer', 'opted_out', 'window_closed'] as const;
export type LeftOutBecause = (typeof LEFT_OUT_BECAUSE)[number];

/** A ticket that the creator may see, with what decides whether its customer can be written to now. */
export interface ConsideredTicket extends RecipientCandidate {
  readonly channel: Channel;
  readonly optedOut: boolean;
  /** When the customer wrote last, on whichever ticket; null: never. */
  readonly customerWroteAt: string | null;
}

export type PlannedRecipient =
  | { readonly ticketId: string; readonly form: 'text' | 'template'; readonly reason: null }
  | { readonly ticketId: string; readonly form: null; readonly reason: LeftOutBecause };

/**
 * The same rules as right before each message (docs/design/business-rules.md#blast-sending), by what is known now.
 * @param now milliseconds since 1970
 */
export function planRecipients(
  considered: readonly ConsideredTicket[],
  { whatsappName, contentSid = null }: Pick<Template, 'whatsappName' | 'contentSid'>,
  now: number,
): readonly PlannedRecipient[] {
  const customers = new Set<string>();
  return considered.map(
    ({ ticketId, customerId, channel, optedOut, lastCustomerMessageAt, customerWroteAt }) => {
      const skipped = (reason: LeftOutBecause): PlannedRecipient => ({ ticketId, form: null, reason });
      if (lastCustomerMessageAt === null) return skipped('never_wrote');
      if (customers.has(customerId)) return skipped('same_customer');
      customers.add(customerId);
      if (optedOut) return skipped('opted_out');
      if (channel !== 'whatsapp' || takesFreeText(customerWroteAt, now))
        return { ticketId, form: 'text', reason: null };
      // Which of the two it takes, its line says when it is sent.
      return whatsappName === null && contentSid === null
        ? skipped('window_closed')
        : { ticketId, form: 'template', reason: null };
    },
  );
}

/** What a recipient will read. Outside of the window the approved words go out, and no others. */
export const previewText = (
  form: 'text' | 'template',
  template: Pick<Template, 'body'>,
  message: string,
  values: PersonalValues,
): string => personalise(form === 'template' ? template.body : message, values);

/**
 * Whom a filter chose: those who can be written to.
 * @param isMore more match than were looked up
 * @throws Refusal BLAST_RECIPIENTS_REFUSED where they are none, or too many
 */
export function requireSome<T extends ConsideredTicket>(
  considered: readonly T[],
  planned: readonly PlannedRecipient[],
  isMore: boolean,
): readonly T[] {
  const reached = new Set(planned.flatMap(({ ticketId, reason }) => (reason === null ? [ticketId] : [])));
  const refuse = (message: string): never => {
    throw new Refusal('BLAST_RECIPIENTS_REFUSED', [{ path: 'filter', message }]);
  };
  if (isMore || reached.size > MAX_RECIPIENTS)
    return refuse(`Lebih dari ${MAX_RECIPIENTS.toLocaleString('id')} pelanggan cocok; persempit saringannya`);
  if (reached.size === 0) return refuse('Tidak ada pelanggan yang dapat dikirimi');
  return considered.filter(({ ticketId }) => reached.has(ticketId));
}
