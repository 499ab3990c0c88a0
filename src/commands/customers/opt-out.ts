/**
 * A customer wants no more blasts (docs/design/business-rules.md#opt-out; docs/design/whatsapp.md#error-codes). Kept
 * on their own stream.
 */
import { customer, type Customer, type CustomerEvent } from '../../domain/customers/customer.ts';
import type { Inbound } from '../../domain/inbound/inbound.ts';
import type { Position } from '../../ports.ts';
import type { EventContext, CommandHandler } from '../../engine/commands/command-handler.ts';

const KEYWORDS = /^["'*_\s]*(stop|berhenti)["'*_.!\s]*$/i;

/** Whether the whole message is the word that ends blasts; 'Jangan berhenti' is not. */
export const asksToStop = (content: string): boolean => content.length <= 40 && KEYWORDS.test(content);

/** The channel's code for 'opted out of marketing messages'. */
export const OPTED_OUT_CODE = '131050';

/** Channels say no at once or in a later report (docs/design/whatsapp.md#error-codes). */
export const reportsOptOut = ({
  status,
  error,
}: Pick<Extract<Inbound, { kind: 'status' }>, 'status' | 'error'>): boolean =>
  status === 'failed' && error?.split(' ')[0] === OPTED_OUT_CODE;

/** A customer who is not known, or has opted out before, makes no event. */
export function decideOptOut(state: Customer, by: 'keyword' | 'channel'): CustomerEvent[] {
  if (state.status === 'unknown' || state.optedOut) return [];
  return [{ type: 'CustomerOptedOut', data: { customerId: state.id, by } }];
}

/** @throws StoreUnavailable */
export async function optOut(
  handler: CommandHandler,
  customerKey: string,
  eventContext: EventContext,
  by: 'keyword' | 'channel',
): Promise<Position> {
  return (
    await handler.executeCommand(customer, customerKey, eventContext, (state) => decideOptOut(state, by))
  ).position;
}
