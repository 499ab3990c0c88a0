/**
 * Follows a customer who registers by WhatsApp (docs/design/field-service.md#registration-by-whatsapp): each of their messages that
 * belongs to it is answered once, on L1, and the sender delivers it.
 */
import {
  conversation,
  type Conversation,
  type ConversationEvent,
} from '../../domain/conversation/conversation.ts';
import type {
  CurrentCustomer,
  Customer,
  CustomerEvent,
  KnownCustomer,
} from '../../domain/customers/customer.ts';
import {
  addressIn,
  answerIn,
  formIn,
  nameIn,
  type Registration,
  type RegistrationEvent,
  registrationText,
  type RegistrationStep,
} from '../../domain/customers/registration.ts';
import type { InboundMessage } from '../../domain/inbound/inbound.ts';
import { ticket } from '../../domain/tickets/ticket.ts';
import type { Ids } from '../../ports.ts';
import type { CommandHandler, EventContext } from '../../engine/commands/command-handler.ts';
import { decideBotSignal } from '../inbound/bot-signal.ts';
import { decideTicketContact } from '../inbound/follow-contact.ts';
import { outsideHours } from '../inbound/open-ticket.ts';
import { onCustomer, onTheirTickets } from './current-customer.ts';

/** An answer is waited for so long, in milliseconds; an older message begins nothing either. */
const VALID_MS = 24 * 60 * 60_000;

interface Caused {
  readonly messageId: string;
  readonly content: string;
  /** Now, ISO 8601. */
  readonly at: string;
}

type Asked = Pick<NonNullable<Registration['open']>, 'step' | 'hinted' | 'name' | 'address'>;

/**
 * What a message means for a registration: no event when it is about something else, or was answered already.
 */
export function decideRegistrationStep(
  state: Customer,
  { messageId, content, at }: Caused,
): RegistrationEvent[] {
  if (state.status !== 'known' || state.registration.last?.messageId === messageId) return [];
  const about = { customerId: state.id, messageId };
  const { open } = state.registration;
  const asked: Asked | null = open !== null && Date.parse(open.expiresAt) > Date.parse(at) ? open : null;
  const expiresAt = new Date(Date.parse(at) + VALID_MS).toISOString();
  const ask = (
    step: RegistrationStep,
    known: { readonly name?: string; readonly address?: string } = {},
    isHint = false,
  ): RegistrationEvent[] => {
    const { name = null, address = null } = known;
    return [{ type: 'RegistrationAsked', data: { ...about, step, isHint, name, address, expiresAt } }];
  };
  const end = (because: 'cancelled' | 'not_understood'): RegistrationEvent[] => [
    { type: 'RegistrationEnded', data: { ...about, because } },
  ];
  /** One hint, then a person. */
  const unclear = (step: RegistrationStep): RegistrationEvent[] =>
    asked?.hinted === true
      ? end('not_understood')
      : ask(
          step,
          {
            ...(asked?.name != null && { name: asked.name }),
            ...(asked?.address != null && { address: asked.address }),
          },
          true,
        );
  const register = (name: string, address: string): RegistrationEvent[] => [
    { type: 'CustomerSelfRegistered', data: { ...about, name, address } },
  ];

  const form = formIn(content);
  if (form === 'start') return ask('name');
  if (form === 'bad') return unclear('form');
  if (form !== null) return register(form.name, form.address);
  if (asked === null || asked.step === 'form') return [];
  const answer = answerIn(content);
  if (answer === 'cancel') return end('cancelled');
  if (asked.step === 'name') {
    const name = nameIn(content);
    return name === null ? unclear('name') : ask('address', { name });
  }
  const { name } = asked;
  if (name === null) return ask('name');
  if (asked.step === 'address') {
    const address = addressIn(content);
    return address === null ? unclear('address') : ask('confirm', { name, address });
  }
  if (answer === 'no') return ask('name');
  return answer === 'yes' && asked.address !== null ? register(name, asked.address) : unclear('confirm');
}

/** Each cause is answered once. */
export function decideRegistrationReply(
  state: Conversation,
  reply: Extract<ConversationEvent, { type: 'RegistrationReplyPosted' }>['data'],
): ConversationEvent[] {
  return state.seen.includes(reply.messageId) ? [] : [{ type: 'RegistrationReplyPosted', data: reply }];
}

/** What is known of somebody at this point of their registration. */
const knownOf = ({ registration: { open }, name, address }: KnownCustomer) =>
  open === null ? { name, address } : { name: open.name, address: open.address };

/**
 * Most messages have nothing to do with it, and cost no look at the customer's stream.
 * @param known the customer as they were found before these messages
 */
export const concernsRegistration = (
  known: CurrentCustomer,
  messages: readonly { readonly content: string; readonly messageId: string }[],
): boolean =>
  (known.status === 'known' &&
    (known.registration.open !== null ||
      messages.some(({ messageId }) => messageId === known.registration.last?.messageId))) ||
  messages.some(({ content }) => formIn(content) !== null);

/**
 * May run any number of times for the same message.
 * @param message as it was written into its ticket @throws Refusal BUSY; StoreUnavailable
 */
export async function followRegistration(
  deps: { readonly handler: CommandHandler; readonly ids: Ids; readonly timezone: string },
  message: InboundMessage,
  of: { readonly customerKey: string; readonly ticketId: string; readonly messageId: string },
  customerContext: EventContext,
): Promise<void> {
  const { handler, ids } = deps;
  const { customerKey, ticketId, messageId } = of;
  const { channel, contentKind, content, sentAt } = message;
  const { at } = customerContext;
  if (channel !== 'whatsapp' || contentKind !== 'text') return;
  if (Date.parse(at) - Date.parse(sentAt) > VALID_MS) return;
  const { state } = await onCustomer(handler, customerKey, customerContext, (now): CustomerEvent[] =>
    decideRegistrationStep(now, { messageId, content, at }),
  );
  if (state.status !== 'known' || state.registration.last?.messageId !== messageId) return;
  const { reply } = state.registration.last;
  const eventContext: EventContext = {
    ...customerContext,
    actor: { kind: 'system', process: 'registration' },
    key: ids.from('registration', messageId),
  };
  if (reply.kind === 'registered')
    await onTheirTickets(handler, state, eventContext, (found) =>
      decideTicketContact(found, state.name, state.phone),
    );
  if (reply.kind === 'not_understood') {
    const isOffHours = await outsideHours(deps, { division: state.division, sentAt: at });
    const handoff = {
      ...message,
      kind: 'handoff' as const,
      reason: 'Pendaftaran lewat WhatsApp belum terbaca',
    };
    await handler.executeCommand(ticket, ticketId, eventContext, (now) =>
      now.status === 'free' ? decideBotSignal(now, handoff, isOffHours, at) : [],
    );
  }
  await handler.executeCommand(conversation, ticketId, eventContext, (now) =>
    decideRegistrationReply(now, {
      ...{ ticketId, division: state.division, messageId: ids.from('registration reply', messageId) },
      ...{ content: registrationText(reply, knownOf(state)), sentAt: at, causedBy: messageId },
    }),
  );
}
