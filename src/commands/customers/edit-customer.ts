/** A person of ours writes down who a customer is (docs/design/api.md#customers). Their name outlasts what channels say. */
import { z } from 'zod';
import { EMPTY } from '../../domain/problems.ts';
import type { Customer, CustomerEvent } from '../../domain/customers/customer.ts';
import type { Caller } from '../../domain/staff/privileges.ts';
import { addressOf } from '../../domain/staff/email.ts';
import { showsSomething } from '../../domain/words.ts';
import type { BlindIndex, Clock, Position } from '../../ports.ts';
import { eventContextOf, type CommandContext } from '../context.ts';
import { decideTicketContact } from '../inbound/follow-contact.ts';
import { laterOf, type MeantCustomer, onTheirTickets, requireCustomer } from './current-customer.ts';
import { onMeantCustomer } from './merge.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

const text = (most: number) => z.string().trim().min(1).max(most).nullable().optional();

export const members = {
  name: z.string().trim().min(1).max(300).refine(showsSomething, EMPTY).optional(),
  email: z.string().overwrite(addressOf).max(254).check(z.email()).nullable().optional(),
  address: text(1_000),
  notes: text(4_000),
};
export const input = z.strictObject(members);
export type EditInput = z.infer<typeof input>;

const FIELDS = ['name', 'email', 'address', 'notes'] as const;

/**
 * What is written already makes no event; a name that only a channel said is the person's from now on, also when it is the same.
 * @throws Refusal CUSTOMER_NOT_FOUND: one of another division is as unknown as none
 */
export function decideEditCustomer(
  state: Customer,
  customerId: string,
  patch: EditInput,
  caller: Pick<Caller, 'role' | 'division'>,
): CustomerEvent[] {
  const known = requireCustomer(state, customerId, caller);
  const changed = Object.fromEntries(
    FIELDS.flatMap((field) => {
      const to = patch[field];
      const isNew = to !== known[field] || (field === 'name' && !known.nameIsOurs);
      return to !== undefined && isNew ? [[field, to]] : [];
    }),
  );
  if (Object.keys(changed).length === 0) return [];
  return [{ type: 'CustomerEdited', data: { customerId: known.id, ...changed } }];
}

export const editCustomer =
  (deps: { readonly handler: CommandHandler; readonly clock: Clock; readonly blindIndex: BlindIndex }) =>
  async (ctx: CommandContext, who: MeantCustomer, patch: EditInput): Promise<{ position: Position }> => {
    const eventContext = eventContextOf(ctx, deps.clock);
    const { events, state, position } = await onMeantCustomer(deps, who, eventContext, (now) =>
      decideEditCustomer(now, who.customerId, patch, ctx.caller),
    );
    const isNamed = events.some(({ type, data }) => type === 'CustomerEdited' && data.name !== undefined);
    if (!isNamed || state.status === 'unknown') return { position };
    const shown = await onTheirTickets(deps.handler, state, eventContext, (found) =>
      decideTicketContact(found, state.name, state.phone),
    );
    return { position: laterOf(position, shown) };
  };
