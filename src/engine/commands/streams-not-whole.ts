/** Streams that are not whole, on record for operators: ops.streams_not_whole (docs/design/reliability.md#whole-streams). */
import { sql } from 'kysely';
import { askedTogether } from './asked-together.ts';
import { type StreamMemory, whyNotWhole } from './whole-stream.ts';
import { type NoRow, statement } from '../sql/statement.ts';
import { tables } from '../sql/tables.ts';
import type { EventStore, Logger, WriteStore } from '../../ports.ts';

export interface NotWhole {
  readonly stream: string;
  /** Names of settings and numbers of events, nothing of what they hold. */
  readonly problem: string;
}

const noteOne = statement(
  'streams_not_whole_note',
  (stream: string, problem: string) =>
    sql<NoRow>`insert into ops.streams_not_whole (stream, problem) values (${stream}, ${problem})
on conflict (stream) do update set problem = excluded.problem`,
);

/** @param problem no value of the events. @throws StoreUnavailable */
export const noteNotWhole = (
  on: Pick<WriteStore, 'query'>,
  stream: string,
  problem: string,
): Promise<unknown> => on.query(noteOne(stream, problem));

const forget = statement(
  null,
  (stream: string) => sql<NoRow>`delete from ops.streams_not_whole where stream = ${stream}`,
);

const noted = statement('streams_not_whole', () =>
  tables
    .selectFrom('ops.streams_not_whole')
    .select(['stream', 'problem'])
    .orderBy('found_at')
    .orderBy('stream'),
);

/** A notice is one person's; more of them at once tell no more. */
const MOST_TOLD = 50;

const shown = statement('streams_not_whole_shown', () =>
  tables
    .selectFrom('ops.streams_not_whole')
    .select(['id', 'stream', 'found_at as foundAt'])
    .orderBy('found_at')
    .orderBy('stream')
    .limit(MOST_TOLD),
);
const untold = statement('streams_not_whole_untold', () =>
  tables
    .selectFrom('ops.streams_not_whole')
    .select(['id', 'stream'])
    .where('told_at', 'is', null)
    .orderBy('found_at')
    .limit(MOST_TOLD),
);
const told = statement(
  null,
  (id: string) =>
    sql<NoRow>`update ops.streams_not_whole set told_at = clock_timestamp() where id = ${id}::uuid`,
);

export interface NotWholeNotice {
  /** Of the notice; another one when the stream was whole in between. */
  readonly id: string;
  readonly stream: string;
}

/** The first 50, for the list of notifications. @throws StoreUnavailable */
export const listNotWholeNotices = (
  on: Pick<WriteStore, 'query'>,
): Promise<readonly (NotWholeNotice & { readonly foundAt: Date })[]> => on.query(shown());

/** Of which nobody's device has rung. @throws StoreUnavailable */
export const listUntoldNotWhole = (on: Pick<WriteStore, 'query'>): Promise<readonly NotWholeNotice[]> =>
  on.query(untold());

/** @throws StoreUnavailable */
export const markTold = (on: Pick<WriteStore, 'query'>, id: string): Promise<unknown> => on.query(told(id));

/** Everything on record, the oldest first. @throws StoreUnavailable */
export const listNotWhole = (on: Pick<WriteStore, 'query'>): Promise<readonly NotWhole[]> =>
  on.query(noted());

/** `views`: how far the furthest view is. */
interface Seen {
  readonly id: string;
  readonly views: string;
}

const FURTHEST = sql.raw('(select max(position) from ops.projections) as views');

const ticketsSeen = statement(
  'streams_seen_tickets',
  (ids: readonly string[]) => sql<Seen>`select asked.id::text as id, ${FURTHEST}
from unnest(${ids}::uuid[]) as asked (id), lateral (select from read.tickets where id = asked.id limit 1) as seen`,
);
const messagesSeen = statement(
  'streams_seen_messages',
  (ids: readonly string[]) => sql<Seen>`select asked.id::text as id, ${FURTHEST}
from unnest(${ids}::uuid[]) as asked (id),
  lateral (select from read.messages_l1 where ticket_id = asked.id limit 1) as seen`,
);
const customersSeen = statement(
  'streams_seen_customers',
  (keys: readonly string[]) => sql<Seen>`select asked.id, ${FURTHEST}
from unnest(${keys}::text[]) as asked (id),
  lateral (select from read.customers where customer_key = asked.id limit 1) as seen`,
);

const SEEN = [
  ['ticket-', ticketsSeen, 'the inbox shows it'],
  ['conversation-', messagesSeen, 'messages of it are shown'],
  ['customer-', customersSeen, 'the customer is known'],
] as const;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * What this database remembers of streams. A store that says itself why a stream is empty (`EventStore.shortened`) needs
 * no views for that: they may be rebuilt, and cost a query for new streams.
 */
export function createStreamMemory(
  on: Pick<WriteStore, 'query'>,
  store: Pick<EventStore, 'head' | 'shortened'>,
  log: Logger,
): StreamMemory {
  const asking = SEEN.map(([prefix, seen, how]) => {
    const viewsOf = askedTogether(
      async (ids) => new Map((await on.query(seen(ids))).map(({ id, views }) => [id, views])),
    );
    return { prefix, viewsOf, how };
  });
  return {
    async formerly(stream) {
      if (store.shortened !== undefined) return null;
      for (const { prefix, viewsOf, how } of asking) {
        if (!stream.startsWith(prefix)) continue;
        const id = stream.slice(prefix.length);
        if (prefix !== 'customer-' && !UUID.test(id)) return null;
        // As Postgres writes it.
        const views = await viewsOf(prefix === 'customer-' ? id : id.toLowerCase());
        // Views that are ahead of the store (it was restored) remember what it rightly no longer has.
        return views !== undefined && views <= (await store.head()) ? `empty, and ${how}` : null;
      }
      return null;
    },
    async note(stream, problem) {
      log.error(
        { stream, because: problem },
        'a stream is not whole: nothing is decided by what is left of it',
      );
      await noteNotWhole(on, stream, problem).catch((err: unknown) => {
        // The command is refused in any case; the next one puts it on record.
        log.warn({ err, stream }, 'a stream that is not whole could not be put on record');
      });
    },
  };
}

/** Looked at in one go: who asks waits for it. */
const MOST_LOOKED_AT = 50;

/**
 * Looks again at the streams on record, and takes those off that are whole again.
 * @returns what is left
 * @throws StoreUnavailable
 */
export async function lookAgain(
  on: Pick<WriteStore, 'query'>,
  store: Pick<EventStore, 'read' | 'shortened'>,
  memory: Pick<StreamMemory, 'formerly'>,
): Promise<readonly NotWhole[]> {
  const all = await listNotWhole(on);
  const left: NotWhole[] = [];
  for (const [index, one] of all.entries()) {
    const problem = index < MOST_LOOKED_AT ? await whyNotWhole(store, memory, one.stream) : one.problem;
    if (problem === null) await on.query(forget(one.stream));
    else left.push({ stream: one.stream, problem });
  }
  return left;
}
