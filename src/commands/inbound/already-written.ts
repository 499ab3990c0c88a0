/**
 * Is a message in any ticket of its customer already, closed ones too? After a restore, and when a channel delivers again
 * what the inbox has forgotten, it must not be written twice (docs/design/reliability.md#the-right-store).
 */
import { conversation } from '../../domain/conversation/conversation.ts';
import type { Customer } from '../../domain/customers/customer.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

/** What a channel delivers at once is new: only the current ticket is asked, when it is written. */
const OLD_MS = 60_000;
/** Of a customer with more tickets, the newest ones are looked at. */
const MOST_TICKETS = 20;

/**
 * @param message its id follows from the line, the sender and the channel's own id
 * @param now milliseconds since 1970
 */
export async function isAlreadyWritten(
  handler: Pick<CommandHandler, 'load'>,
  known: Customer,
  message: { readonly messageId: string; readonly sentAt: string },
  now: number,
): Promise<boolean> {
  if (known.status !== 'known' || now - Date.parse(message.sentAt) < OLD_MS) return false;
  for (const ticketId of known.ticketIds.slice(-MOST_TICKETS).reverse()) {
    if ((await handler.load(conversation, ticketId)).seen.includes(message.messageId)) return true;
  }
  return false;
}
