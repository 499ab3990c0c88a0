/**
 * Which customer is it? One person can have several ids on a channel
 * (docs/design/whatsapp.md#business-scoped-user-ids).
 */
import { customer, type Customer, identity } from '../../domain/customers/customer.ts';
import type { Inbound } from '../../domain/inbound/inbound.ts';
import type { BlindIndex } from '../../ports.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';

/** The ids the channel gave, the usual one first. A lasting id gets the same prefix as the usual one. */
export function channelUserIdsOf({
  userId,
  businessScopedId,
  otherIds = [],
}: Pick<Inbound, 'userId' | 'businessScopedId' | 'otherIds'>): readonly string[] {
  const prefix = userId.slice(0, userId.indexOf('_') + 1);
  const scoped = businessScopedId === null ? [] : [prefix + businessScopedId];
  return [...new Set([userId, ...scoped, ...otherIds])];
}

export interface ResolvedCustomer {
  readonly customerKey: string;
  /** Its state when it was looked up. */
  readonly known: Customer;
}

/** The customer who is known under any of these keys, the usual one first. */
async function findCustomer(
  handler: CommandHandler,
  keys: readonly string[],
): Promise<ResolvedCustomer | null> {
  for (const key of keys) {
    const known = await handler.load(customer, key);
    if (known.status === 'known') return { customerKey: key, known };
    const { customerKey } = await handler.load(identity, key);
    if (customerKey !== null) return { customerKey, known: await handler.load(customer, customerKey) };
  }
  return null;
}

/**
 * @returns the customer who is known under any of the ids, else a new one under the first. Ids that do not point
 * there yet are linked to it.
 */
export async function resolveCustomer(
  { handler, blindIndex }: { handler: CommandHandler; blindIndex: BlindIndex },
  inbound: Inbound,
  eventContext: EventContext,
): Promise<ResolvedCustomer> {
  const keys = channelUserIdsOf(inbound).map((id) => `${inbound.division}_${blindIndex('customer', id)}`);
  const resolved = (await findCustomer(handler, keys)) ?? {
    customerKey: keys[0] ?? '',
    known: customer.initial,
  };
  const { customerKey } = resolved;
  for (const key of keys.filter((other) => other !== customerKey && keys.length > 1)) {
    await handler.executeCommand(identity, key, eventContext, (state) =>
      state.customerKey === null ? [{ type: 'IdentityLinked', data: { customerKey } }] : [],
    );
  }
  return resolved;
}
