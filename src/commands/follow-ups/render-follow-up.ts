/** A single follow-up as the customer will read it (docs/design/business-rules.md#single-follow-up). */
import type { TemplateForm } from '../../domain/conversation/conversation.ts';
import {
  parametersOf,
  personalise,
  type PersonalValues,
  variablesOf,
} from '../../domain/blasts/personalise.ts';
import { type Template, templateFormOf, templates, TEMPLATES_ID } from '../../domain/blasts/template.ts';
import type { RefusalCode } from '../../domain/refusals.ts';
import type { TemplatesBy } from '../../domain/vocabulary.ts';
import { user } from '../../domain/staff/user.ts';
import type { ExistingTicket } from '../../domain/tickets/ticket.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { currentCustomer } from '../customers/current-customer.ts';
import { requireUsable } from '../blasts/template-catalogue.ts';
import { assigneeOf } from '../tickets/ticket-access.ts';

/** What is written: a template of the catalogue, words of one's own, or both. */
export interface WantedFollowUp {
  readonly template: Template | null;
  /** Null: the words of the template. */
  readonly message: string | null;
  readonly values: PersonalValues;
  readonly optedOut: boolean;
}

export interface RenderedFollowUp {
  /** What the customer will read; of what is refused, what they would. */
  readonly text: string;
  /** Null: as free text. */
  readonly form: TemplateForm | null;
  /** Variables without a value: a neutral word stands in their place. */
  readonly missing: readonly string[];
  readonly windowOpen: boolean;
  readonly optedOut: boolean;
  /** Why it cannot be sent now; null: it can. */
  readonly refusal: RefusalCode | null;
}

/** Blanks and line breaks do not make other words. */
const sameWords = (a: string, b: string): boolean =>
  a.replace(/\s+/g, ' ').trim() === b.replace(/\s+/g, ' ').trim();

/**
 * @param windowOpen whether the channel takes a free text now (docs/design/whatsapp.md#service-window)
 * @param by how the line takes templates; `none`: it only answers, within the same time
 */
export function renderFollowUp(
  { template, message, values, optedOut }: WantedFollowUp,
  windowOpen: boolean,
  by: TemplatesBy,
): RenderedFollowUp {
  const approved = windowOpen || template === null ? null : templateFormOf(template, by);
  const asTemplate = approved !== null;
  const source = (asTemplate ? null : message) ?? template?.body ?? '';
  const text = personalise(source, values);
  const missing = variablesOf(source).names.filter((name) => (values[name] ?? '').trim() === '');
  // Meta sends the approved words and no others: L1 must not show what nobody got.
  const says =
    message !== null && template !== null && [template.body, text].some((one) => sameWords(message, one));
  const refusal = optedOut
    ? 'CUSTOMER_OPTED_OUT'
    : !windowOpen && !asTemplate
      ? by === 'none'
        ? 'LINE_ONLY_ANSWERS'
        : 'SERVICE_WINDOW_CLOSED'
      : asTemplate && message !== null && !says
        ? 'MESSAGE_NOT_SENT_AS_TEMPLATE'
        : null;
  const form = approved && { ...approved, parameters: parametersOf(source, values) };
  return { text, form, missing, windowOpen, optedOut, refusal };
}

/**
 * What a follow-up on this ticket is made of.
 * @throws Refusal TEMPLATE_NOT_FOUND, TEMPLATE_NOT_USABLE; StoreUnavailable
 */
export async function wantedFollowUp(
  handler: Pick<CommandHandler, 'load'>,
  found: ExistingTicket,
  {
    template_id,
    message,
  }: { readonly template_id?: string | undefined; readonly message?: string | undefined },
): Promise<WantedFollowUp> {
  const template =
    template_id === undefined
      ? null
      : requireUsable((await handler.load(templates, TEMPLATES_ID)).byId.get(template_id));
  const agentId = assigneeOf(found);
  const [{ known }, agent] = await Promise.all([
    currentCustomer(handler, found.customerKey),
    agentId === null ? null : handler.load(user, agentId),
  ]);
  const city = (name: 'origin_city' | 'destination_city'): string | null => {
    const value = found.crm.values[name];
    return typeof value === 'string' ? value : null;
  };
  return {
    template,
    message: message ?? null,
    optedOut: known.status === 'known' && known.optedOut,
    values: {
      name: known.status === 'known' ? known.name : null,
      agent_name: agent === null || agent.status === 'absent' ? null : agent.name,
      origin_city: city('origin_city'),
      destination_city: city('destination_city'),
    },
  };
}
