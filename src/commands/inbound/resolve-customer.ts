/**
 * Which customer is it? One person can have several ids on a channel
 * (docs/design/whatsapp.md#business-scoped-user-ids).
 */
import { type CurrentCustomer, customer, identity } from '../../domain/customers/customer.ts';
import type { Inbound } from '../../domain/inbound/inbound.ts';
import type { BlindIndex } from '../../ports.ts';
import { currentCustomer, type ResolvedCustomer } from '../customers/current-customer.ts';
import { finishMergeWhereLeft, mergeCustomers } from '../customers/merge.ts';
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

interface Deps {
  readonly handler: CommandHandler;
  readonly blindIndex: BlindIndex;
}

/** Where a name leads: to who was known by it first, also when that one was merged into another since. */
async function findByKey(
  deps: Deps,
  key: string,
  eventContext: EventContext,
): Promise<ResolvedCustomer & { readonly isLinked: boolean }> {
  const { handler } = deps;
  const own = await handler.load(customer, key);
  if (own.status === 'known') return { customerKey: key, known: own, isLinked: false };
  if (own.status === 'merged') {
    await finishMergeWhereLeft(deps, key, own, eventContext);
    return { ...(await currentCustomer(handler, key)), isLinked: true };
  }
  const { customerKey } = await handler.load(identity, key);
  return customerKey === null
    ? { customerKey: key, known: own, isLinked: false }
    : { ...(await currentCustomer(handler, customerKey)), isLinked: true };
}

const BY_CHANNEL = { because: 'channel', joinTickets: true } as const;
const isKnown = ({ known }: { readonly known: CurrentCustomer }): boolean => known.status === 'known';

/**
 * A name that this message gives along with another belongs to the same person: two customers who were known by one each are
 * merged, and a name that nobody was known by is linked (docs/design/business-rules.md#two-customers-who-are-one).
 * @returns the customer who is known under any of the ids, else a new one under the first
 */
export async function resolveCustomer(
  deps: Deps,
  inbound: Pick<Inbound, 'division' | 'userId' | 'businessScopedId' | 'otherIds'>,
  eventContext: EventContext,
): Promise<ResolvedCustomer> {
  const { handler, blindIndex } = deps;
  const keys = channelUserIdsOf(inbound).map((id) => `${inbound.division}_${blindIndex('customer', id)}`);
  const found = await Promise.all(
    keys.map(async (key) => ({ key, ...(await findByKey(deps, key, eventContext)) })),
  );
  const first = found.find(isKnown) ?? found[0];
  if (first === undefined) throw new Error('a message without a sender');
  let { customerKey } = first;
  const others = found.filter((one) => one.key !== customerKey);
  for (const other of others) {
    const { key } = other;
    let now: ResolvedCustomer = other;
    if (!other.isLinked) {
      await handler.executeCommand(identity, key, eventContext, (state) =>
        state.customerKey === null ? [{ type: 'IdentityLinked', data: { customerKey } }] : [],
      );
      // After the link: who registers under this name in the same moment looks for the link after that.
      now = await findByKey(deps, key, eventContext);
    }
    if (!isKnown(now) || now.customerKey === customerKey) continue;
    const both = [customerKey, now.customerKey] as const;
    ({ customerKey } = await mergeCustomers(deps, both, eventContext, BY_CHANNEL));
  }
  const isSame = customerKey === first.customerKey;
  return isSame ? { customerKey, known: first.known } : currentCustomer(handler, customerKey);
}

/**
 * Somebody was registered under this name just now. Another message may have said in the same moment that it is the name of a
 * customer who was known already: then these two are one.
 */
export async function mergeIfLinked(
  deps: Deps,
  registeredKey: string,
  eventContext: EventContext,
): Promise<void> {
  const { customerKey } = await deps.handler.load(identity, registeredKey);
  if (customerKey === null || customerKey === registeredKey) return;
  await mergeCustomers(deps, [customerKey, registeredKey], eventContext, BY_CHANNEL);
}
