/** A person of ours corrects a customer's number (docs/design/field-service.md#customers-by-hand). */
import { type Customer, type CustomerEvent, identity } from '../../domain/customers/customer.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import type { BlindIndex, Clock, Position } from '../../ports.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import { decideTicketContact } from '../inbound/follow-contact.ts';
import {
  currentCustomer,
  laterOf,
  type MeantCustomer,
  onTheirTickets,
  requireCustomer,
} from './current-customer.ts';
import { onMeantCustomer, whoIsMeant } from './merge.ts';
import { customerExists, customerKeyOfPhone } from './register-customer.ts';

/**
 * Who is reached by WhatsApp is written to there from now on. The number that they have makes no event.
 * @param digits with the country, no sign @param at ISO 8601 @throws Refusal CUSTOMER_NOT_FOUND
 */
export function decideChangePhone(
  state: Customer,
  customerId: string,
  digits: string,
  caller: Pick<Caller, 'role' | 'division'>,
  at: string,
): CustomerEvent[] {
  const known = requireCustomer(state, customerId, caller);
  const phone = `+${digits}`;
  if (known.phone === phone) return [];
  const channelUserId = known.channel === 'whatsapp' ? `wa_${digits}` : known.channelUserId;
  const contact = { channelUserId, phone, name: known.name, saidAt: at };
  return [{ type: 'CustomerContactChanged', data: { customerId: known.id, ...contact } }];
}

/**
 * Another number of the same customer: who reaches them by WhatsApp is written to there from now on, and their messages from
 * there find them. @throws Refusal CUSTOMER_NOT_FOUND, CUSTOMER_EXISTS: somebody else has the number
 */
export const changePhone =
  (deps: { readonly handler: CommandHandler; readonly clock: Clock; readonly blindIndex: BlindIndex }) =>
  async (ctx: CommandContext, who: MeantCustomer, digits: string): Promise<{ position: Position }> => {
    const { handler, clock, blindIndex } = deps;
    const eventContext = eventContextOf(ctx, clock);
    const { customerId } = who;
    const { known, customerKey: ownKey } = await whoIsMeant(deps, who, eventContext);
    const { division: of, channel } = requireCustomer(known, customerId, ctx.caller);
    const newKey = customerKeyOfPhone(blindIndex, of, digits);
    if (channel === 'whatsapp' && newKey !== ownKey) {
      // The link first: from then on nobody else is registered under this name for long.
      const { state } = await handler.executeCommand(
        identity,
        newKey,
        eventContext,
        ({ customerKey: linked }) =>
          linked === null ? [{ type: 'IdentityLinked', data: { customerKey: ownKey } }] : [],
      );
      const other = await currentCustomer(handler, newKey);
      const behind = state.customerKey === null ? other : await currentCustomer(handler, state.customerKey);
      for (const one of [other, behind])
        if (one.known.status === 'known' && one.customerKey !== ownKey) throw customerExists(one.known.id);
    }
    const { state, events, position } = await onMeantCustomer(deps, who, eventContext, (now) =>
      decideChangePhone(now, customerId, digits, ctx.caller, eventContext.at),
    );
    if (events.length === 0 || state.status === 'unknown') return { position };
    const shown = await onTheirTickets(handler, state, eventContext, (found) =>
      decideTicketContact(found, state.name, state.phone),
    );
    return { position: laterOf(position, shown) };
  };
