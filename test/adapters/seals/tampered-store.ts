/**
 * A store that somebody with every right changes, and who leaves no trace: positions without holes, a head that fits,
 * hashes that hold.
 */
import pg from 'pg';
import { createEventStoreDb } from '../../../src/adapters/eventstoredb/index.ts';
import { bare, linkOfContent, NOTHING_BEFORE } from '../../../src/adapters/hash-chain/link.ts';
import { counterOf } from '../../../src/adapters/postgres-event-store/rows.ts';
import type { EventStore, Position, StoredEvent } from '../../../src/ports.ts';
import { startEsdbServer } from '../../support/esdb-server/index.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { testStore } from '../../support/stores/store.ts';

/** An event as it is kept, in the order of the store. */
export interface Kept {
  readonly id: string;
  readonly stream: string;
  readonly revision: bigint;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: unknown;
}

export interface TamperedStore {
  /** As the program, or an auditor's process, opens it: with nothing in memory. */
  open(): Promise<EventStore>;
  all(): Promise<readonly Kept[]>;
  /** Puts these in the place of all events. */
  replace(events: readonly Kept[]): Promise<void>;
  /** What else `audit` can check of this store. */
  readonly numberOf?: (position: Position) => bigint;
  close(): Promise<void>;
}

export async function tamperedPostgres(): Promise<TamperedStore> {
  const home = await testStore();
  const owner = new pg.Client({ connectionString: home.superuserUrl });
  await owner.connect();
  return {
    open: () => home.another(),
    numberOf: counterOf,
    async all() {
      const { rows } = await owner.query<Omit<Kept, 'revision'> & { revision: string }>(
        'select event_id as id, stream, revision::text, type, data, metadata from es.events order by position',
      );
      return rows.map((row) => ({ ...row, revision: BigInt(row.revision) }));
    },
    async replace(events) {
      await owner.query('begin');
      await owner.query('alter table es.events disable trigger user');
      await owner.query('delete from es.events');
      await owner.query(
        `insert into es.events (position, stream, revision, event_id, type, data, metadata)
         select (v->>0)::bigint, v->>1, (v->>2)::bigint, (v->>3)::uuid, v->>4, (v->>5)::json, (v->>6)::json
           from json_array_elements($1::json) v`,
        [
          JSON.stringify(
            events.map(({ stream, revision, id, type, data, metadata }, index) => [
              ...[index + 1, stream, String(revision), id, type],
              ...[JSON.stringify(data), JSON.stringify(metadata)],
            ]),
          ),
        ],
      );
      await owner.query('update es.store set head = $1', [events.length]);
      await owner.query('alter table es.events enable trigger user');
      await owner.query('commit');
    },
    async close() {
      await owner.end();
      await home.close();
    },
  };
}

export async function tamperedEventStoreDb(): Promise<TamperedStore> {
  const server = await startEsdbServer();
  const opened: EventStore[] = [];
  const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
  const parsed = (value: Uint8Array): unknown => JSON.parse(Buffer.from(value).toString());
  const ours = () => server.log.events.filter(({ stream }) => stream.startsWith('ticket-'));
  return {
    open: () => {
      const store = createEventStoreDb({ connectionString: server.url, logger: silentLogger() });
      opened.push(store);
      return Promise.resolve(store);
    },
    all: () =>
      Promise.resolve(
        ours().map(({ id, stream, revision, type, data, metadata }) => ({
          ...{ id, stream, revision, type },
          ...{ data: parsed(data), metadata: parsed(metadata) },
        })),
      ),
    replace(events) {
      // The store's own id comes first, and stays.
      const begin = server.log.events.findIndex(({ stream }) => stream.startsWith('ticket-'));
      const others = server.log.events.slice(begin).filter(({ stream }) => !stream.startsWith('ticket-'));
      server.log.cutTo(begin);
      for (const { stream, ...other } of others) server.log.append(stream, 'any', [other]);
      for (const { stream, id, type, data, metadata } of events)
        server.log.append(stream, 'any', [
          { id, type, contentType: 'application/json', data: bytes(data), metadata: bytes(metadata) },
        ]);
      return Promise.resolve();
    },
    async close() {
      await Promise.all(opened.map((store) => store.close()));
      server.stop();
    },
  };
}

/** With hashes that hold, all of one stream. */
export function rehashed(events: readonly Kept[], stream: string): readonly Kept[] {
  let link = NOTHING_BEFORE;
  return events.map((event) => {
    if (event.stream !== stream) return event;
    const metadata = bare(event.metadata) as object;
    link = linkOfContent(link, { ...event, metadata, position: '' } satisfies StoredEvent);
    return { ...event, metadata: { ...metadata, hash: link } };
  });
}
