/**
 * Two customers who turned out to be one are found, and changed, under every name that either had
 * (docs/design/business-rules.md#two-customers-who-are-one).
 */
import { type CurrentCustomer, customer, type CustomerEvent } from '../../domain/customers/customer.ts';
import type { CommandHandler, Decided, EventContext } from '../../engine/commands/command-handler.ts';

/** A younger customer is merged into an older one, so a way ends; a longer one than this means something is wrong. */
const MOST_STEPS = 32;

export interface ResolvedCustomer {
  readonly customerKey: string;
  /** Its state when it was looked up. */
  readonly known: CurrentCustomer;
}

/** @returns who is behind this key now. The function throws StoreUnavailable. */
export async function currentCustomer(
  handler: Pick<CommandHandler, 'load'>,
  key: string,
): Promise<ResolvedCustomer> {
  let customerKey = key;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const known = await handler.load(customer, customerKey);
    if (known.status !== 'merged') return { customerKey, known };
    ({ customerKey } = known.into);
  }
  throw new Error(`customer ${key} was merged in a circle`);
}

/** Decides on who is behind this key now, also when they are merged meanwhile. @throws as `executeCommand` */
export async function onCustomer(
  handler: Pick<CommandHandler, 'executeCommand'>,
  key: string,
  eventContext: EventContext,
  decide: (state: CurrentCustomer) => readonly CustomerEvent[],
): Promise<Decided<CurrentCustomer, CustomerEvent> & { readonly customerKey: string }> {
  let customerKey = key;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const { state, ...decided } = await handler.executeCommand(customer, customerKey, eventContext, (now) =>
      now.status === 'merged' ? [] : decide(now),
    );
    if (state.status !== 'merged') return { ...decided, state, customerKey };
    ({ customerKey } = state.into);
  }
  throw new Error(`customer ${key} was merged in a circle`);
}
