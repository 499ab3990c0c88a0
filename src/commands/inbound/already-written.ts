/**
 * Is a message in any ticket of its customer already, closed ones too? After a restore, and when a channel delivers again
 * what the inbox has forgotten, it must not be written twice (docs/design/reliability.md#the-right-store).
 */
import { conversation } from '../../domain/conversation/conversation.ts';
import type { CurrentCustomer } from '../../domain/customers/customer.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';

/** What a channel delivers at once is new: only the current ticket is asked, when it is written, unless it may be in another. */
const OLD_MS = 60_000;
/** Of a customer with more tickets, the newest ones are looked at. */
const MOST_TICKETS = 20;

/**
 * @param message its id follows from the line, the sender and the channel's own id
 * @param now milliseconds since 1970
 */
export async function isAlreadyWritten(
  handler: Pick<CommandHandler, 'load'>,
  known: CurrentCustomer,
  message: { readonly messageId: string; readonly sentAt: string },
  now: number,
): Promise<boolean> {
  if (now - Date.parse(message.sentAt) < OLD_MS) return false;
  return isWritten(handler, known, [message.messageId], MOST_TICKETS);
}

/** Those of a customer that somebody had closed, or reopened, within the seconds that a message was under way. */
const JUST_NOW = 3;

/**
 * A process may die between writing a message and saying so. When the next one takes it in, somebody may have closed the ticket it is
 * in, or reopened another: then the current ticket does not know it.
 */
export const isWrittenJustNow = (
  handler: Pick<CommandHandler, 'load'>,
  known: CurrentCustomer,
  messageIds: readonly string[],
): Promise<boolean> => isWritten(handler, known, messageIds, JUST_NOW);

/** Somebody may have reopened another ticket since a message was written, or it came from a customer who is this one now. */
export const hadAnother = (known: CurrentCustomer): boolean =>
  known.status === 'known' && (known.resumed !== null || known.absorbed.length > 0);

async function isWritten(
  handler: Pick<CommandHandler, 'load'>,
  known: CurrentCustomer,
  messageIds: readonly string[],
  newest: number,
): Promise<boolean> {
  if (known.status !== 'known') return false;
  for (const ticketId of known.ticketIds.slice(-newest).reverse()) {
    const { seen } = await handler.load(conversation, ticketId);
    if (messageIds.some((one) => seen.includes(one))) return true;
  }
  return false;
}
