/** Tries a customer's next item of the webhook inbox, or several: what became of them, and when to try again. */
import type { Receive, Received } from '../../commands/inbound/receive.ts';
import type { ReceiveTogether } from '../../commands/inbound/receive-together.ts';
import { StreamNotWhole, UndecodableEvent } from '../../domain/codec.ts';
import { backoffMs } from '../../engine/jobs/backoff.ts';
import { type InboundItem, inboundItem } from '../../domain/inbound/inbound.ts';
import {
  type Evidence,
  EventTooLarge,
  InvalidEvent,
  type ItemOutcome,
  type PendingItem,
  StoreUnavailable,
} from '../../ports.ts';

export interface Receiving {
  readonly receive: Receive;
  readonly receiveTogether?: ReceiveTogether;
}

export type IngestResult =
  | { readonly kind: 'settled'; readonly outcome: ItemOutcome }
  /** Failed unexpectedly; it is tried again before anything else of this customer. */
  | { readonly kind: 'again'; readonly outcome: ItemOutcome; readonly error: unknown }
  /** The store is away: the item goes back as it was. */
  | { readonly kind: 'store_away'; readonly error: unknown };

/**
 * A status can come before its message, a bot's message before the customer's
 * (docs/design/reliability.md#fault-tests, F9); not by hours.
 */
const LATER_UNTIL_MS = 10 * 60_000;
/**
 * Of somebody who never wrote to us: other programs send from the same number, and colleagues write first. Nothing is lost with
 * it, so nobody has to look at it (docs/design/channels.md#said-elsewhere).
 */
const OF_NOBODY: ReadonlySet<InboundItem['kind']> = new Set(['status', 'said_elsewhere']);
const LATER_MS = { firstMs: 500, mostMs: 60_000 };
const MAX_ATTEMPTS = 10;
const AGAIN_MS = { firstMs: 200, mostMs: 5_000 };
/**
 * An event of this customer's ticket cannot be read: what they write waits for a person or for the next version, as long as
 * that takes (docs/design/reliability.md#parked-streams).
 */
const UNREADABLE_MS = { firstMs: 200, mostMs: 15_000 };

/** For operators: the kind of error, never its message, which can quote the customer. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'failed';
  const { code } = error as { code?: unknown };
  return `failed: ${error.name}${typeof code === 'string' && /^[A-Z0-9_]+$/.test(code) ? ` ${code}` : ''}`;
}

function parse(text: string): InboundItem | undefined {
  try {
    return inboundItem.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Never rejects. */
async function attempt(receive: Receive, item: PendingItem): Promise<IngestResult> {
  const { seq, key, receivedAt } = item;
  const settled = (outcome: ItemOutcome): IngestResult => ({ kind: 'settled', outcome });
  const deadLetter = (reason: string): IngestResult => settled({ seq, kind: 'dead', reason });
  const parsed = parse(item.item);
  if (!parsed) return deadLetter('unreadable_item');
  try {
    let evidence: Evidence | undefined;
    const led = (what: Evidence): void => {
      evidence = what;
    };
    const result = await receive(parsed, { key, receivedAt, led });
    switch (result.kind) {
      case 'done':
        return settled({ seq, kind: 'done', evidence });
      case 'refused':
        return deadLetter(result.reason);
      case 'later':
        if (item.waitedMs >= LATER_UNTIL_MS)
          return OF_NOBODY.has(parsed.kind) ? settled({ seq, kind: 'done' }) : deadLetter(result.reason);
        // As long as it has waited already: half a second, one, two, four, ...
        return settled({
          seq,
          kind: 'later',
          reason: result.reason,
          delayMs: Math.min(Math.max(item.waitedMs, LATER_MS.firstMs), LATER_MS.mostMs),
        });
    }
  } catch (error) {
    if (error instanceof StoreUnavailable) return { kind: 'store_away', error };
    // Kept as a dead letter, to be taken in again when the stream is whole: what is left of it decides nothing.
    if (error instanceof StreamNotWhole) return deadLetter('stream_not_whole');
    if (error instanceof UndecodableEvent) {
      const delayMs = backoffMs(item.attempts, UNREADABLE_MS);
      return { kind: 'again', outcome: { seq, kind: 'again', reason: 'needs_attention', delayMs }, error };
    }
    // The same bytes will be too large or invalid tomorrow as well.
    const isFinal = error instanceof EventTooLarge || error instanceof InvalidEvent;
    if (isFinal || item.attempts + 1 >= MAX_ATTEMPTS) return deadLetter(reasonOf(error));
    const delayMs = backoffMs(item.attempts, AGAIN_MS);
    return { kind: 'again', outcome: { seq, kind: 'again', reason: reasonOf(error), delayMs }, error };
  }
}

/**
 * Tries the first of a customer's items, and with it as many as can be received together.
 * @param items not empty
 * @returns what became of the first items, in order; at least one. Never rejects.
 */
export async function attemptNext(
  { receive, receiveTogether }: Receiving,
  items: readonly [PendingItem, ...PendingItem[]],
): Promise<readonly IngestResult[]> {
  const sound: { inbound: InboundItem; received: Received }[] = [];
  const evidence = new Map<string, Evidence>();
  for (const { item, key, receivedAt, attempts } of items) {
    const inbound = attempts === 0 ? parse(item) : undefined;
    if (inbound === undefined) break;
    sound.push({ inbound, received: { key, receivedAt, led: (what) => evidence.set(key, what) } });
  }
  if (receiveTogether && sound.length > 1) {
    try {
      const received = await receiveTogether(sound);
      if (received > 0)
        return items.slice(0, received).map(({ seq, key }) => ({
          kind: 'settled',
          outcome: { seq, kind: 'done', evidence: evidence.get(key) },
        }));
    } catch (error) {
      if (error instanceof StoreUnavailable) return [{ kind: 'store_away', error }];
      // One by one shows which of them it is, and says so: what is stored already is not stored again.
    }
  }
  return [await attempt(receive, items[0])];
}
