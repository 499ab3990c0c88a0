/**
 * An administrator of EventStoreDB shortens the stream that holds the newest anchor: it is the same store, and a stream
 * that is not whole (docs/design/reliability.md#the-right-store).
 */
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import { listNotWhole } from '../../../src/engine/commands/streams-not-whole.ts';
import { newestThatHolds, readAnchors } from '../../../src/engine/store-identity/anchors.ts';
import { openChange } from '../../../src/engine/store-identity/changed-store.ts';
import { createStoreGuard, type StoreGuard } from '../../../src/engine/store-identity/guard.ts';
import { createGuardedStore } from '../../../src/engine/store-identity/guarded-store.ts';
import { verdictOf } from '../../../src/engine/store-identity/verdict.ts';
import { type EventStore, StoreChanged } from '../../../src/ports.ts';
import { cut } from '../../support/esdb-server/deletions.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { rejection } from '../../support/rejection.ts';
import { anEvent, follow, type Follower } from '../../support/scenarios/events.ts';
import { testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';
import { swappableEventStoreDb } from '../../support/stores/swappable-stores.ts';

const SETTINGS = ['soft delete', 'tombstone', { $tb: 7 }] as const;

describe('a stream that was shortened and holds the newest anchor', function () {
  this.timeout(60_000);
  let tables: TestDatabase;
  let postgres: Postgres;
  let its: Awaited<ReturnType<typeof swappableEventStoreDb>>;
  const open: { guard: StoreGuard; raw: EventStore; reader?: Follower }[] = [];

  beforeEach(async () => {
    tables = await testDatabase();
    postgres = createPostgres({ url: tables.url, logger: silentLogger(), poolSize: 4 });
    its = await swappableEventStoreDb();
  });
  afterEach(async () => {
    for (const { guard, raw, reader } of open.splice(0)) {
      await reader?.stop();
      await guard.close();
      await raw.close();
    }
    await its.close();
    await postgres.close();
    await tables.drop();
  });

  async function process(): Promise<{ guard: StoreGuard; store: EventStore; raw: EventStore }> {
    const guard = createStoreGuard({ database: postgres.writes, logger: silentLogger(), everyMs: 100 });
    const raw = await its.open(guard.verify);
    guard.start(raw);
    open.push({ guard, raw });
    return { guard, raw, store: createGuardedStore(raw, guard) };
  }

  const append = (store: EventStore, stream = `ticket-${randomUUID()}`) =>
    store.append(stream, [anEvent()], { expected: 'any' });
  const isAnchored = (position: string) =>
    eventually(
      'the newest event is an anchor',
      async () => (await readAnchors(postgres.writes, 1))[0]?.position === position,
    );

  /** The last of six events is in a stream of its own. */
  async function history() {
    const running = await process();
    await running.store.storeId();
    const reader = follow(running.store, { after: '' });
    Object.assign(open.at(-1) ?? {}, { reader });
    // The first one that a process keeps is lasting, so there is an older one to go by.
    await isAnchored((await append(running.store)).position);
    for (let n = 0; n < 4; n += 1) await append(running.store);
    const stream = `ticket-${randomUUID()}`;
    await isAnchored((await append(running.store, stream)).position);
    return { running, stream };
  }

  for (const setting of SETTINGS)
    it(`is the same store, with a stream that is not whole: ${JSON.stringify(setting)}`, async () => {
      const { running, stream } = await history();
      cut(its.server, stream, setting);
      await eventually('it is on record', async () =>
        (await listNotWhole(postgres.writes)).some((one) => one.stream === stream),
      );
      expect(running.guard.problem()).to.equal(null);
      expect(await openChange(postgres.writes)).to.equal(null);
      expect((await verdictOf(postgres.writes, running.raw)).kind).to.equal('right');
      // All goes on, the anchors too; a process that starts now thinks the same.
      const { position } = await append(running.store);
      await isAnchored(position);
      const again = await process();
      await append(again.store);
      expect(again.guard.problem()).to.equal(null);
    });

  it('does not hide an older copy, whatever was cut there', async () => {
    const running = await process();
    await running.store.storeId();
    const older = await its.copy();
    const reader = follow(running.store, { after: '' });
    Object.assign(open.at(-1) ?? {}, { reader });
    await isAnchored((await append(running.store)).position);
    const stream = `ticket-${randomUUID()}`;
    await isAnchored((await append(running.store, stream)).position);
    await older('open');
    cut(its.server, stream, { $tb: 7 });
    await eventually('it is known', () => running.guard.problem());
    expect(await rejection(append(running.store))).to.be.instanceOf(StoreChanged);
  });

  it('is left out when store:accept looks for the newest anchor that holds', async () => {
    const { running, stream } = await history();
    const anchors = await readAnchors(postgres.writes, 10);
    expect(anchors.map((one) => one.stream)[0]).to.equal(stream);
    expect(await newestThatHolds(running.raw, anchors)).to.deep.equal(anchors[0]);
    cut(its.server, stream, 'tombstone');
    expect(await newestThatHolds(running.raw, anchors)).to.deep.equal(anchors[1]);
  });
});
