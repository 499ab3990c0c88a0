/**
 * Tells the channel that the agent of a ticket has read what the customer wrote (docs/design/business-rules.md#read-receipts). As
 * well as it can: nobody waits for it, and what fails is not tried again.
 */
import pLimit from 'p-limit';
import { decode, type Recorded } from '../../domain/codec.ts';
import { conversationStream, saysSomething } from '../../domain/conversation/conversation.ts';
import { ticket } from '../../domain/tickets/ticket.ts';
import type { Channel as ChannelName } from '../../domain/vocabulary.ts';
import { boundedCache } from '../../engine/bounded-cache.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import type { ChannelSender, EventStore, Logger } from '../../ports.ts';

export interface ReadReceipts {
  /** @param upTo our id of the message; null: the newest. Returns at once, never throws */
  tell(ticketId: string, upTo: string | null): void;
  /** Gives up what is under way, and waits for its end. */
  stop(): Promise<void>;
}

/** How far back the last message of the customer is looked for. */
const LOOK_BACK = 256;
const AT_ONCE = 4;
/** So many may wait: a channel that is slow costs receipts, not memory. */
const MOST_WAITING = 200;
const MOST_REMEMBERED = 10_000;

interface Read {
  readonly messageId: string;
  readonly ref: string;
  readonly line: string | null;
}

/** The customer's newest message at or before `upTo`, if its channel knows it. */
export function readUpTo(newestFirst: readonly Recorded[], upTo: string | null): Read | null {
  const at =
    upTo === null
      ? 0
      : newestFirst.findIndex(
          ({ type, data }) => type !== 'DeliveryReported' && 'messageId' in data && data.messageId === upTo,
        );
  if (at < 0) return null;
  for (const event of newestFirst.slice(at)) {
    if (event.type !== 'MessageReceived' || !saysSomething(event.data.kind)) continue;
    const { messageId, channelRef, line = null } = event.data;
    return channelRef === undefined ? null : { messageId, ref: channelRef, line };
  }
  return null;
}

export function createReadReceipts(deps: {
  readonly store: Pick<EventStore, 'read'>;
  readonly handler: Pick<CommandHandler, 'load'>;
  readonly channels: Readonly<Record<ChannelName, ChannelSender>>;
  readonly log: Logger;
}): ReadReceipts {
  const { store, handler, channels, log } = deps;
  const limit = pLimit(AT_ONCE);
  const stopping = new AbortController();
  const told = boundedCache<string, true>(MOST_REMEMBERED);
  const working = new Set<Promise<void>>();

  async function tellOnce(ticketId: string, upTo: string | null): Promise<void> {
    if (stopping.signal.aborted) return;
    const found = await handler.load(ticket, ticketId);
    if (found.status === 'absent') return;
    const sender = channels[found.channel];
    if (!sender.markRead) return;
    const page = await store.read(conversationStream(ticketId), { direction: 'backwards', limit: LOOK_BACK });
    const read = readUpTo(
      page.map((stored) => decode(stored)),
      upTo,
    );
    if (read === null || told.has(read.messageId)) return;
    const line = sender.lineFor({ division: found.division, own: read.line });
    if (line === null) return;
    told.set(read.messageId, true);
    if (!(await sender.markRead(read.ref, line, stopping.signal)))
      log.info({ channel: found.channel, ticketId }, 'a channel did not take a read receipt');
  }

  return {
    tell: (ticketId, upTo) => {
      if (limit.pendingCount >= MOST_WAITING) return;
      const work = limit(() => tellOnce(ticketId, upTo))
        .catch((err: unknown) => {
          log.warn({ err, ticketId }, 'a read receipt could not be sent');
        })
        .finally(() => working.delete(work));
      working.add(work);
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(working);
    },
  };
}
