/** An append of this process wakes its subscriptions once, and one of another process wakes them at all. */
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import pg from 'pg';
import { createPostgresEventStore } from '../../../src/adapters/postgres-event-store/index.ts';
import type { EventMetadata, EventStore } from '../../../src/ports.ts';
import { testDatabase } from '../../support/stores/postgres.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

const APPENDS = 20;
const metadata = { schemaVersion: 1 } as unknown as EventMetadata;

describe('waking the subscriptions of the postgres event store', () => {
  const { query } = pg.Client.prototype;
  let pages = 0;
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let own: EventStore;
  let other: EventStore;
  before(async () => {
    database = await testDatabase();
    // Without polls: only a wake-up brings an event.
    const options = { connection: database.url, logger: silentLogger(), pollMs: 600_000 };
    own = await createPostgresEventStore(options);
    other = await createPostgresEventStore(options);
    pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
      if ((args[0] as { readonly name?: string } | undefined)?.name === 'es-page') pages += 1;
      return (query as (...all: unknown[]) => unknown).apply(this, args);
    } as typeof query;
  });
  after(async () => {
    pg.Client.prototype.query = query;
    await own.close();
    await other.close();
    await database.drop();
  });

  it('reads the end of the store once for each append', async () => {
    const ending = new AbortController();
    const batches = own.subscribe({ after: '', signal: ending.signal })[Symbol.asyncIterator]();
    const append = (store: EventStore) =>
      store.append(
        `ticket-${randomUUID()}`,
        [{ id: randomUUID(), type: 'TicketTagged', data: {}, metadata }],
        { expected: 'none' },
      );
    const arrives = async (count: number): Promise<void> => {
      for (let seen = 0; seen < count;) {
        const next = await batches.next();
        seen += next.done === true ? count : next.value.events.length;
      }
    };
    await append(own);
    await arrives(1);
    pages = 0;
    for (let n = 0; n < APPENDS; n += 1) {
      const next = arrives(1);
      await append(own);
      await next;
    }
    // The notification of each is behind it: this one comes after all of them.
    const next = arrives(1);
    await append(other);
    await next;
    expect(pages).to.be.within(APPENDS + 1, APPENDS + 3);
    ending.abort();
  });
});
