/**
 * Waits until a customer's file is within the day's quota (docs/design/business-rules.md#customer-files). Nothing is lost: a file
 * that is over it waits for the next day.
 */
import { boundedCache } from '../../engine/bounded-cache.ts';
import { decode } from '../../domain/codec.ts';
import { ticketStream } from '../../domain/tickets/ticket.ts';
import { type Calendar, dayText } from '../../domain/time/calendar.ts';
import type { Clock, EventStore, MediaQuota } from '../../ports.ts';
import { currentCustomer } from '../../commands/customers/current-customer.ts';
import type { CommandHandler } from '../../engine/commands/command-handler.ts';
import { sleep } from '../../engine/jobs/sleep.ts';

export interface QuotaDeps {
  readonly store: Pick<EventStore, 'read'>;
  /** Who somebody turned out to be: the quota is that of the one they were merged into. */
  readonly handler: Pick<CommandHandler, 'load'>;
  readonly quota: MediaQuota;
  /** Of BUSINESS_TIMEZONE: it says when a day ends. */
  readonly calendar: Calendar;
  readonly clock: Clock;
  /** How often a file that waits looks whether the next day has begun, in milliseconds. Default a minute. */
  readonly lookEveryMs?: number;
}

/** A place in the quota. */
export interface QuotaPlace {
  readonly customerId: string;
  readonly day: string;
}

const TICKETS_KEPT = 10_000;

export function createQuotaGate({ store, handler, quota, calendar, clock, lookEveryMs = 60_000 }: QuotaDeps) {
  /** Keys of customers by ticket: who it is may change, the key does not. */
  const keys = boundedCache<string, string>(TICKETS_KEPT);

  async function keyOf(ticketId: string): Promise<string> {
    const known = keys.get(ticketId);
    if (known !== undefined) return known;
    const [first] = await store.read(ticketStream(ticketId), { limit: 1 });
    const opened = first && decode(first);
    if (opened?.type !== 'TicketOpened') throw new Error(`ticket ${ticketId} has no opening`);
    keys.set(ticketId, opened.data.customerKey);
    return opened.data.customerKey;
  }

  async function customerOf(ticketId: string): Promise<string> {
    const { known } = await currentCustomer(handler, await keyOf(ticketId));
    // What a person who was erased left behind is fetched by nobody: the conversation is gone before.
    return known.status === 'unknown' ? (known.erased?.id ?? ticketId) : known.id;
  }

  const today = (): number => calendar.dayOf(clock.now().getTime());

  return {
    /** @returns null: the day's quota is used up. @throws StoreUnavailable, UndecodableEvent */
    async take(ticketId: string): Promise<QuotaPlace | null> {
      const place = { customerId: await customerOf(ticketId), day: dayText(today()) };
      return (await quota.take(place.customerId, place.day)) ? place : null;
    },
    add: ({ customerId, day }: QuotaPlace, bytes: number) => quota.add(customerId, day, bytes),
    /** The day that it is now, for `dayAfter`. */
    today,
    /** Until it is another day than `day`, which was read before the quota was asked; or `signal` aborts. */
    async dayAfter(day: number, signal: AbortSignal): Promise<void> {
      while (!signal.aborted && today() === day) await sleep(lookEveryMs, signal);
    },
  };
}
