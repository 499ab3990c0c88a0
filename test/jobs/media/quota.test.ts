/** The quota of media per customer and day (docs/design/business-rules.md#customer-files). */
import { expect } from 'chai';
import { createMediaQuota } from '../../../src/adapters/operational/media-quota.ts';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import { recordMedia } from '../../../src/commands/media/record-media.ts';
import { customer } from '../../../src/domain/customers/customer.ts';
import { calendarOf } from '../../../src/domain/time/calendar.ts';
import { createMediaJob } from '../../../src/jobs/media/media.ts';
import { noLease } from '../../projections/desk.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { skippedEvents } from '../../support/observe/skipped-events.ts';
import { commandsOn, contextOf, eventsOf, message } from '../../support/scenarios/commands.ts';
import { rina } from '../../support/scenarios/people.ts';
import { testStore, type TestStore } from '../../support/stores/store.ts';

const MEGABYTE = 1_000_000;

describe('the media quota of a customer', () => {
  let its: TestStore;
  let postgres: Postgres;
  let scene: ReturnType<typeof commandsOn>;
  let stopping: AbortController;
  let running: Promise<void> | undefined;
  let fetched: string[];

  beforeEach(async () => {
    its = await testStore();
    postgres = createPostgres({ url: its.url, logger: silentLogger() });
    scene = commandsOn(its.store);
    fetched = [];
    running = undefined;
  });
  afterEach(async () => {
    await stop();
    await postgres.close();
    await its.close();
  });

  const stop = async (): Promise<void> => {
    stopping.abort();
    await running;
  };

  function start(limits: { files: number; bytes: number }, size = 10): void {
    stopping = new AbortController();
    const clock = { now: () => scene.time.now };
    const source = {
      fetch: (mediaId: string) => {
        fetched.push(mediaId);
        return Promise.resolve({ kind: 'open' as const, content: (async function* () {})() });
      },
    };
    running = createMediaJob({
      store: its.store,
      record: recordMedia({ handler: scene.commands.handler, clock }),
      checkpoints: { read: () => Promise.resolve(null), move: () => Promise.resolve() },
      leases: noLease,
      clock,
      log: silentLogger(),
      skipped: skippedEvents(),
      files: {
        write: () => Promise.resolve({ mimeType: 'image/png', size, sha256: 'x' }),
        remove: () => Promise.resolve(),
        open: () => Promise.resolve(null),
        look: () => Promise.resolve(null),
      } as unknown as Parameters<typeof createMediaJob>[0]['files'],
      handler: scene.commands.handler,
      quota: createMediaQuota(postgres.writes, limits),
      calendar: calendarOf('Asia/Jakarta'),
      lookEveryMs: 20,
      atOnce: 1,
      maxBytes: MEGABYTE,
      scanner: null,
      sources: { whatsapp: source, instagram: null, facebook: null, telegram: null, web: null },
    }).run(stopping.signal);
  }

  let n = 0;
  const sends = async (who: string, ...mediaIds: string[]): Promise<void> => {
    const picture = (mediaId: string) =>
      ({ kind: 'image', mediaId, mimeType: 'image/png', fileName: null }) as const;
    const key = `wa:${String((n += 1))}`;
    const attachments = mediaIds.map(picture);
    await scene.receive(
      message(`${who}${key}`, { attachments, userId: `wa_62810000${who}`, phone: `+62810000${who}` }),
      {
        key,
        receivedAt: scene.time.now.toISOString(),
      },
    );
  };
  const types = async (): Promise<string[]> => (await eventsOf(its.store, 'media-')).map(({ type }) => type);
  const count = async (type: string): Promise<number> => (await types()).filter((one) => one === type).length;

  it('puts off what is over it, without losing it, and does not touch another customer', async () => {
    start({ files: 2, bytes: 100 * MEGABYTE });
    await sends('1', 'a', 'b', 'c', 'd');
    await sends('2', 'x');
    await eventually('five outcomes', async () => (await types()).length === 5);
    expect(await count('AttachmentStored')).to.equal(3);
    expect(await count('AttachmentDeferred')).to.equal(2);
    expect(fetched.toSorted()).to.have.length(3).and.include('x');

    // A restart on the same day gives nobody more, and says nothing twice.
    await stop();
    start({ files: 2, bytes: 100 * MEGABYTE });
    await sends('1', 'e');
    await eventually('a third one is put off', async () => (await count('AttachmentDeferred')) === 3);
    expect(await count('AttachmentStored')).to.equal(3);

    // 23:59 in Jakarta is the same day, a minute later it is another.
    scene.time.now = new Date('2026-07-03T16:59:59Z');
    scene.time.now = new Date('2026-07-03T17:00:00Z');
    await eventually('two more', async () => (await count('AttachmentStored')) === 5);
    scene.time.now = new Date('2026-07-04T17:00:00Z');
    await eventually('the last', async () => (await count('AttachmentStored')) === 6);
    expect(fetched.toSorted()).to.deep.equal(['a', 'b', 'c', 'd', 'e', 'x']);
    expect(await count('AttachmentDeferred')).to.equal(3);
  });

  it('is one for a person who was known as two', async () => {
    start({ files: 2, bytes: 100 * MEGABYTE });
    await sends('1', 'a', 'b');
    await sends('2', 'x');
    await eventually('three files', async () => (await count('AttachmentStored')) === 3);
    const streams = new Set((await eventsOf(its.store, 'customer-')).map(({ stream }) => stream));
    const [one, other] = await Promise.all(
      [...streams].map(async (stream) => {
        const known = await scene.commands.handler.load(customer, stream.slice('customer-'.length));
        return { customerKey: stream.slice('customer-'.length), customerId: 'id' in known ? known.id : '' };
      }),
    );
    if (!one || !other) throw new Error('two customers');
    await scene.commands.mergeCustomers(contextOf(rina), [one, other], false);
    // The second has a talk of their own still, and the day of the first is full.
    await sends('2', 'y');
    await eventually('it is put off', async () => (await count('AttachmentDeferred')) === 1);
    expect(fetched.toSorted()).to.deep.equal(['a', 'b', 'x']);
  });

  it('counts bytes: the file that goes over the limit is the last of the day', async () => {
    start({ files: 100, bytes: MEGABYTE }, 600_000);
    await sends('1', 'a');
    await eventually('the first', async () => (await count('AttachmentStored')) === 1);
    await sends('1', 'b');
    await eventually('the second', async () => (await count('AttachmentStored')) === 2);
    await sends('1', 'c');
    await eventually('the third waits', async () => (await count('AttachmentDeferred')) === 1);
    expect(fetched).to.deep.equal(['a', 'b']);
  });

  it('forgets days that are over', async () => {
    stopping = new AbortController();
    const quota = createMediaQuota(postgres.writes, { files: 1, bytes: 1 });
    const day = (back: number): string => new Date(Date.now() - back * 86_400_000).toISOString().slice(0, 10);
    const customer = crypto.randomUUID();
    for (const back of [0, 1, 5, 9]) expect(await quota.take(customer, day(back))).to.equal(true);
    expect(await quota.take(customer, day(0))).to.equal(false);
    expect(await quota.purge()).to.equal(2);
    expect(await quota.take(customer, day(1))).to.equal(false);
  });
});
