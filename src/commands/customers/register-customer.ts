/**
 * A person of ours writes down a customer who has not written yet (docs/design/field-service.md#customers-by-hand): on the stream
 * that their number leads to, so that a later WhatsApp message finds them.
 */
import { z } from 'zod';
import { customer, type Customer, type CustomerEvent, identity } from '../../domain/customers/customer.ts';
import { isPhone, phoneDigits } from '../../domain/customers/phone.ts';
import { because } from '../../domain/problems.ts';
import { Refusal } from '../../domain/refusals.ts';
import { type Division, division } from '../../domain/vocabulary.ts';
import type { BlindIndex, Clock, Ids, Position } from '../../ports.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { requireReach } from '../command-scope.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import { mergeIfLinked } from '../inbound/resolve-customer.ts';
import { currentCustomer } from './current-customer.ts';
import { members } from './edit-customer.ts';

/** A number in any of the ways that people write it; kept as its digits with the country. */
export const phone = z
  .string()
  .trim()
  .max(50)
  .overwrite(phoneDigits)
  .refine(
    (digits) => isPhone(digits) && digits.length >= 8,
    because('BAD_FORMAT', 'Nomor telepon tidak sah'),
  );

export const input = z.strictObject({
  ...members,
  division,
  name: members.name.unwrap(),
  phone,
});
export type RegisterInput = z.infer<typeof input>;

/** The stream that a WhatsApp message of this number comes to. @param digits with the country, no sign */
export const customerKeyOfPhone = (blindIndex: BlindIndex, of: Division, digits: string): string =>
  `${of}_${blindIndex('customer', `wa_${digits}`)}`;

/** Who has the number already. */
export const customerExists = (customerId: string): Refusal =>
  new Refusal('CUSTOMER_EXISTS', [
    { path: 'phone', message: 'CUSTOMER_EXISTS', params: { customer_id: customerId } },
  ]);

/** @throws Refusal CUSTOMER_EXISTS with the id of who has this number */
export function decideRegisterCustomer(
  state: Customer,
  { division: of, phone: digits, name, email, address, notes }: RegisterInput,
  made: { readonly customerId: string; readonly customerKey: string; readonly at: string },
): CustomerEvent[] {
  const { customerId, customerKey, at } = made;
  if (state.status === 'merged') throw customerExists(state.into.customerId);
  if (state.status === 'known') throw customerExists(state.id);
  const written = Object.fromEntries(
    Object.entries({ email, address, notes }).filter(([, value]) => typeof value === 'string'),
  );
  return [
    {
      type: 'CustomerRegistered',
      data: {
        ...{ customerId, customerKey, division: of, channel: 'whatsapp', channelUserId: `wa_${digits}` },
        ...{ phone: `+${digits}`, name, saidAt: at },
      },
    },
    // A person typed the name: no channel changes it.
    { type: 'CustomerEdited', data: { customerId, name, ...written } },
  ];
}

export const registerCustomer =
  (deps: {
    readonly handler: CommandHandler;
    readonly clock: Clock;
    readonly ids: Ids;
    readonly blindIndex: BlindIndex;
  }) =>
  async (ctx: CommandContext, wanted: RegisterInput): Promise<{ customerId: string; position: Position }> => {
    const { handler, clock, ids, blindIndex } = deps;
    requireReach(ctx.caller, wanted.division);
    const eventContext = eventContextOf(ctx, clock);
    const customerKey = customerKeyOfPhone(blindIndex, wanted.division, wanted.phone);
    const { customerKey: linked } = await handler.load(identity, customerKey);
    if (linked !== null) {
      const { known } = await currentCustomer(handler, linked);
      if (known.status === 'known') throw customerExists(known.id);
    }
    const made = { customerId: ids.next(), customerKey, at: eventContext.at };
    const { events, position } = await handler.executeCommand(customer, customerKey, eventContext, (state) =>
      decideRegisterCustomer(state, wanted, made),
    );
    // With a repeated key these are the events of the first run, and so is the id.
    const first = events.find((event) => event.type === 'CustomerRegistered');
    await mergeIfLinked(deps, customerKey, eventContext);
    return { customerId: first?.data.customerId ?? made.customerId, position };
  };
