/**
 * An event store whose customers' personal fields are encrypted, each under the key of the customer it is about.
 * Above it nobody notices: commands, views and jobs see clear values, and of an erased customer what
 * `domain/personal` leaves. Below it nobody can read them: what is chained, stored, backed up is the encrypted form.
 */
import { boundedCache } from '../../engine/bounded-cache.ts';
import { ERASURES_ID, erasuresStream } from '../../domain/erasure/erasures.ts';
import { erasedClear, PERSONAL, type PersonalEvent, separatePersonal } from '../../domain/personal.ts';
import { ticketStream } from '../../domain/tickets/ticket.ts';
import {
  type ErasureLedger,
  type EventStore,
  InvalidEvent,
  type NewEvent,
  StoreUnavailable,
  type StoredEvent,
} from '../../ports.ts';
import { linkOf, linkOfContent, NOTHING_BEFORE, storedHash } from '../hash-chain/link.ts';
import { customerOf, seal, unseal } from './cipher.ts';
import type { Key, KeyRing } from './keys.ts';

/** The field of `data` that holds the encrypted ones. */
const SEALED = '$sealed';
/** Which customer a ticket is of, kept in memory: about 150 bytes each. */
const TICKETS_KEPT = 200_000;
/** What the jobs, the views and the stream of one process read a moment after each other: decrypted once for all. */
const OPENED_KEPT = 1_000;

const PAGE = 1_000;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (data: unknown): data is Fields => typeof data === 'object' && data !== null;
const textOf = (data: unknown, field: string): string | undefined => {
  const value = isFields(data) ? data[field] : undefined;
  return typeof value === 'string' ? value : undefined;
};

const emptyShelf = () => boundedCache<StoredEvent, StoredEvent>(OPENED_KEPT);

/** @param ledger who was erased according to what no backup of the store can take back */
export function createEncryptedEventStore(
  store: EventStore,
  keys: KeyRing,
  ledger?: Pick<ErasureLedger, 'all'>,
): EventStore {
  const customers = boundedCache<string, string>(TICKETS_KEPT);
  let opened = emptyShelf();

  /** Learns from the events that pass which customer a ticket is of, and who was erased. */
  function notice({ type, data }: Pick<NewEvent, 'type' | 'data'>): void {
    if (type === 'TicketOpened') {
      const [ticketId, customerId] = [textOf(data, 'ticketId'), textOf(data, 'customerId')];
      if (ticketId !== undefined && customerId !== undefined) customers.set(ticketId, customerId);
    } else if (type === 'CustomerErased') {
      const customerId = textOf(data, 'customerId');
      // Decided is decided: what this process still has in memory is not used any more.
      if (customerId === undefined) return;
      keys.bury(customerId);
      opened = emptyShelf();
    }
  }

  let settling: Promise<void> | undefined;
  /**
   * Before the first word is read or written: a customer who was erased stays erased, also when a backup of the key table brought
   * a key back. @throws StoreUnavailable
   */
  function settled(): Promise<void> {
    settling ??= settle().catch((error: unknown) => {
      settling = undefined;
      throw error;
    });
    return settling;
  }

  async function settle(): Promise<void> {
    const erased = (await ledger?.all())?.map(({ customerId }) => customerId) ?? [];
    for (let from = 0n; ; from += BigInt(PAGE)) {
      const page = await store.read(erasuresStream(ERASURES_ID), { from, limit: PAGE });
      erased.push(...page.flatMap(({ data }) => textOf(data, 'customerId') ?? []));
      if (page.length < PAGE) break;
    }
    if (erased.length > 0) await keys.destroy(erased);
  }

  /** Undefined: there is no such ticket. */
  async function customerOfTicket(ticketId: string): Promise<string | undefined> {
    const known = customers.get(ticketId);
    if (known !== undefined) return known;
    const [first] = await store.read(ticketStream(ticketId), { limit: 1 });
    if (first) notice(first);
    return customers.get(ticketId);
  }

  const subjectOf = async ({ subject }: PersonalEvent, data: Fields): Promise<string | undefined> => {
    const id = textOf(data, subject);
    return id === undefined || subject === 'customerId' ? id : customerOfTicket(id);
  };

  async function sealOne(stream: string, event: NewEvent): Promise<NewEvent> {
    const kind = PERSONAL.get(event.type);
    if (!kind || !isFields(event.data)) return event;
    const { personal, rest } = separatePersonal(kind, event.data);
    if (personal === null) return event;
    const customerId = await subjectOf(kind, event.data);
    // Without a customer there is no key to write with, and it must not be written plain.
    if (customerId === undefined) throw new InvalidEvent(`${event.type}: no customer is known of it`);
    await settled();
    const key = keys.known(customerId) ?? (await keys.make(customerId));
    // Of somebody who was erased nothing personal is kept, not even for a moment.
    if (key === 'destroyed') return { ...event, data: rest };
    const place = { stream, id: event.id, type: event.type };
    return { ...event, data: { ...rest, [SEALED]: seal(key, place, JSON.stringify(personal)) } };
  }

  function openOne(event: StoredEvent, sealedText: string, key: Key): StoredEvent {
    const data = event.data as Fields;
    if (key === 'destroyed') {
      const rest = Object.fromEntries(Object.entries(data).filter(([name]) => name !== SEALED));
      const kind = PERSONAL.get(event.type);
      return { ...event, data: kind ? erasedClear(kind, rest) : rest };
    }
    const text = unseal(key, event, sealedText);
    // No schema accepts this: the decoder then names the event, instead of taking it for erased.
    if (text === null) return { ...event, data: { [SEALED]: 'damaged' } };
    // Set to undefined, not deleted: on the way of every event, and no schema knows it.
    return { ...event, data: { ...data, ...(JSON.parse(text) as Fields), [SEALED]: undefined } };
  }

  /**
   * Whether this installation wrote the event at its place: its hash is over the event before it (docs/audit.md). A
   * copy from elsewhere has a hash that does not fit, or none.
   */
  async function isOurs(event: StoredEvent): Promise<boolean> {
    const hash = storedHash(event);
    if (hash === undefined) return false;
    const before = event.revision - 1n;
    const [previous] =
      before < 0n ? [] : await store.read(event.stream, { from: before, direction: 'backwards', limit: 1 });
    return linkOfContent(previous ? linkOf(previous) : NOTHING_BEFORE, event) === hash;
  }

  /**
   * What an older program wrote in clear (tags, cities): where the customer was erased, without it.
   * @returns by event: whose it is, and what it is after an erasure
   */
  async function clearOnes(events: readonly StoredEvent[]) {
    const found = new Map<StoredEvent, { readonly customerId: string; readonly rest: Fields }>();
    for (const event of events) {
      const kind = PERSONAL.get(event.type);
      if (!kind || !isFields(event.data) || SEALED in event.data) continue;
      const rest = erasedClear(kind, event.data);
      const customerId = rest === event.data ? undefined : await subjectOf(kind, event.data);
      if (customerId !== undefined) found.set(event, { customerId, rest });
    }
    return found;
  }

  /** @throws StoreUnavailable also where a key of ours is missing: lost is not destroyed */
  async function open(events: readonly StoredEvent[]): Promise<readonly StoredEvent[]> {
    const wanted = new Set<string>();
    const texts = events.map((event) => {
      notice(event);
      if (!PERSONAL.has(event.type)) return undefined;
      const text = textOf(event.data, SEALED);
      const customerId = text === undefined ? undefined : customerOf(text);
      if (customerId !== undefined) wanted.add(customerId);
      return text;
    });
    const clear = await clearOnes(events);
    for (const { customerId } of clear.values()) wanted.add(customerId);
    if (clear.size === 0 && !texts.some((text) => text !== undefined)) return events;
    await settled();
    const found = await keys.find(wanted);
    const opening = events.map(async (event, index) => {
      const text = texts[index];
      const plain = clear.get(event);
      if (plain && found.get(plain.customerId) === 'destroyed') return { ...event, data: plain.rest };
      if (text === undefined) return event;
      const customerId = customerOf(text);
      if (customerId === undefined) return { ...event, data: { [SEALED]: 'unknown form' } };
      const key = found.get(customerId);
      if (key === undefined) {
        // No schema accepts it: it holds up its own stream, and not those of everybody.
        if (!(await isOurs(event))) return { ...event, data: { [SEALED]: 'of another installation' } };
        throw new StoreUnavailable('events', {
          cause: new Error(
            `the key of customer ${customerId} is missing from ops.personal_keys (docs/erasure.md)`,
          ),
        });
      }
      return openOne(event, text, key);
    });
    return Promise.all(opening);
  }

  /** For subscriptions, which are given the same objects by the store's tail. */
  async function openOnce(events: readonly StoredEvent[]): Promise<readonly StoredEvent[]> {
    // An erasure meanwhile puts an empty one in its place, and what was read before it is kept nowhere.
    const shelf = opened;
    const known = events.map((event) => shelf.get(event));
    const fresh = (await open(events.filter((_, index) => !known[index]))).values();
    return events.map((event, index) => {
      const clear = known[index] ?? fresh.next().value;
      if (!clear) throw new Error('an event was lost on the way');
      if (!known[index]) shelf.set(event, clear);
      return clear;
    });
  }

  return {
    ...store,
    async append(stream, events, options) {
      const ready: NewEvent[] = [];
      for (const event of events) ready.push(await sealOne(stream, event));
      const done = await store.append(stream, ready, options);
      for (const event of events) notice(event);
      return done;
    },
    read: async (stream, options) => open(await store.read(stream, options)),
    async *subscribe(options) {
      for await (const batch of store.subscribe(options)) {
        yield { ...batch, events: await openOnce(batch.events) };
      }
    },
  };
}
