/** Which customer is it? One person can have several names on a channel (whatsapp.md 4). */
import { customer, identity } from '../../domain/customer.ts';
import type { Inbound } from '../../domain/inbound.ts';
import type { BlindIndex } from '../../ports.ts';
import type { Around, Handle } from '../handle.ts';

/** The names the channel gave, the usual one first. A lasting id gets the same prefix as the usual name. */
function namesOf({ userId, businessScopedId }: Inbound): readonly string[] {
  if (businessScopedId === null) return [userId];
  const prefix = userId.slice(0, userId.indexOf('_') + 1);
  return [...new Set([userId, prefix + businessScopedId])];
}

/**
 * @returns the key of the customer's stream: the one that is known under any of the names, else a new one
 * made of the first name. Names that do not point there yet are linked to it.
 */
export async function resolveCustomer(
  { handle, blindIndex }: { handle: Handle; blindIndex: BlindIndex },
  inbound: Inbound,
  around: Around,
): Promise<string> {
  const keys = namesOf(inbound).map((name) => `${inbound.division}_${blindIndex('customer', name)}`);
  const [first = ''] = keys;
  let known: string | null = null;
  for (const key of keys) {
    if ((await handle.load(customer, key)).status === 'known') known = key;
    else known = (await handle.load(identity, key)).customerKey;
    if (known !== null) break;
  }
  const customerKey = known ?? first;
  for (const key of keys.filter((other) => other !== customerKey && keys.length > 1)) {
    await handle.handle(identity, key, around, (state) =>
      state.customerKey === null ? [{ type: 'IdentityLinked', data: { customerKey } }] : [],
    );
  }
  return customerKey;
}
