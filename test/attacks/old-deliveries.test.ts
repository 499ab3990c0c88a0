/** Signed bodies that are sent again, long after they were first delivered (docs/design/reliability.md#old-deliveries). */
import { expect } from 'chai';
import { createWebhookHistory } from '../../src/adapters/operational/webhook-history.ts';
import { createPersonalTraces } from '../../src/adapters/personal-data/traces.ts';
import { createPostgres, type Postgres } from '../../src/adapters/postgres/index.ts';
import { createBlindIndex } from '../../src/adapters/security/blind-index.ts';
import { replayDeadLetters } from '../../src/http/webhook/replay.ts';
import * as meta from '../support/channels/meta.ts';
import { eventually } from '../support/eventually.ts';
import { SECRETS, testWebhook, type TestWebhook } from '../support/channels/webhook.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';
import { unchecked } from '../support/stores/unchecked.ts';
import { testDatabase, type TestDatabase } from '../support/stores/postgres.ts';

const DAY = 86_400_000;
const WRITTEN = Date.parse(meta.TIMESTAMP_ISO);
const KEY = 'a key for tests only, 32 characters';
const blindIndex = createBlindIndex(KEY);

describe('old deliveries', () => {
  let database: TestDatabase;
  let postgres: Postgres;
  let hook: TestWebhook;
  const time = { now: new Date(WRITTEN) };
  const clock = { now: () => time.now };
  const after = (days: number, more = 0): void => {
    time.now = new Date(WRITTEN + days * DAY + more);
  };

  beforeEach(async () => {
    after(0, 1_000);
    database = await testDatabase();
    postgres = createPostgres({ url: database.url, logger: silentLogger() });
    hook = await testWebhook(database.url, SECRETS, { clock, maxAgeDays: 7 });
  });
  afterEach(async () => {
    await hook.close();
    await postgres.close();
    await database.drop();
  });

  const pending = async () => hook.inbox.pending(100, []);
  const reasons = async () =>
    (await hook.inbox.deadLetters(100, null)).items.map(({ reason }) => reason).toSorted();
  const itemsWhere = async (condition: string): Promise<readonly string[]> => {
    const text = `SELECT item FROM ops.webhook_inbox WHERE ${condition}`;
    return (await postgres.writes.query(unchecked<{ item: string }>({ text, values: [] }))).map(
      ({ item }) => item,
    );
  };
  const purge = () => createWebhookHistory(postgres.writes, clock, 7).purge();
  const replay = () =>
    replayDeadLetters({
      inbox: hook.inbox,
      lines: meta.testLines,
      maxAgeDays: 7,
      blindIndex,
      shared: ['sari', 'savi', 'safia'],
    });
  /** As the ingester: what waits becomes events. */
  const ingest = async () => {
    const items = await pending();
    await hook.inbox.settle(items.map(({ seq }) => ({ seq, kind: 'done' })));
    return items.length;
  };

  /** The same thing on every channel and in every form, each with a time of its own. */
  const everywhere = async () => {
    await hook.meta(meta.waText('w'));
    await hook.meta(meta.waBody(meta.waChange({ statuses: [meta.waStatus('s', 'read')] })));
    const messenger = { message: { mid: 'm', text: 'halo' } };
    await hook.meta(meta.messengerBody('page', 'PAGE_001', meta.messengerEvent(messenger)));
    const instagram = { recipient: { id: 'IG_003' }, message: { mid: 'i', text: 'halo' } };
    await hook.meta(meta.messengerBody('instagram', 'IG_003', meta.messengerEvent(instagram)));
    await hook.telegram(meta.telegramUpdate({}));
    await hook.bot(meta.botEvent({ message_id: 'b' }));
    await hook.bot(meta.botEvent({ event: 'resolved', message_id: null }));
  };
  const EVERYWHERE = 7;

  it('over the age nothing is let in, on any channel, and it is kept; a replay does not change that', async () => {
    after(7, 1_000);
    await everywhere();
    expect(await pending()).to.deep.equal([]);
    expect(await reasons()).to.deep.equal(Array(EVERYWHERE).fill('too_old'));
    after(8);
    await replay();
    expect(await pending()).to.deep.equal([]);
    expect(await reasons()).to.deep.equal(Array(EVERYWHERE).fill('too_old'));
  });

  it('up to the age it is let in, once, however often the history is purged', async () => {
    after(7, -1_000);
    await everywhere();
    // What came last is handed out once nothing before it can still come.
    await eventually('all are let in', async () => (await pending()).length === EVERYWHERE);
    expect(await ingest()).to.equal(EVERYWHERE);
    for (const days of [8, 20, 36, 38, 400]) {
      after(days);
      await purge();
      await everywhere();
      expect(await pending(), `after ${String(days)} days`).to.deep.equal([]);
    }
  });

  it('within the age it is let in once, whatever was purged meanwhile, also where the age is longer than the history', async () => {
    const patient = await testWebhook(database.url, SECRETS, { clock, maxAgeDays: 45 });
    try {
      await patient.meta(meta.waText('w'));
      expect(await ingest()).to.equal(1);
      for (const days of [2, 6, 29, 31, 44]) {
        after(days);
        await createWebhookHistory(postgres.writes, clock, 45).purge();
        await patient.meta(meta.waText('w'));
        expect(await pending(), `after ${String(days)} days`).to.deep.equal([]);
      }
      expect(await reasons(), 'none of them was too old').to.deep.equal([]);
    } finally {
      await patient.close();
    }
  });

  it('what has no time of its own, or one that is to come, is known by its key for as long as that takes', async () => {
    const timeless = [
      meta.botEvent({ timestamp: null, message_id: 'n' }),
      meta.botEvent({ message_id: 'f', timestamp: '2027-01-01T00:00:00Z' }),
    ];
    const tap = meta.telegramUpdate(
      { callback_query: { id: '9', from: { id: 42, is_bot: false, first_name: 'Budi' }, data: 'ya' } },
      null,
    );
    const send = async () => {
      await hook.bot(timeless);
      await hook.telegram(tap);
    };
    await send();
    expect(await ingest()).to.equal(3);
    for (const days of [31, 150, 250, 1_000]) {
      after(days);
      await purge();
      await send();
      expect(await pending(), `after ${String(days)} days`).to.deep.equal([]);
    }
    const kept = await itemsWhere(`sent_at = 'infinity'`);
    expect(kept).to.deep.equal(['{}', '{}']);
  });

  it('an erased customer does not come back, by the channel nor from a body that is kept for a dead letter', async () => {
    // One body, two people: what the other one sent cannot be read yet, so the body stays.
    const other = meta.waMessage('other', { from: null });
    const body = meta.waBody(meta.waChange({ messages: [meta.waMessage('mine'), other] }));
    await hook.meta(body);
    expect(await ingest()).to.equal(1);
    after(31);
    await purge();
    await replay();
    expect(await pending(), 'not erased, purged, read again').to.deep.equal([]);

    const orderingKey = blindIndex('ordering', `sari wa_${meta.CUSTOMER}`);
    await createPersonalTraces(postgres.writes).purge({ customerId: 'c', orderingKey, at: time.now }, []);
    for (const days of [31, 40, 400]) {
      after(days);
      await purge();
      await replay();
      await hook.meta(body);
      expect(await pending(), `after ${String(days)} days`).to.deep.equal([]);
    }
    expect(await itemsWhere(`reason = 'erased'`)).to.include('{}');
    expect(await itemsWhere(`item LIKE '%${meta.CUSTOMER}%'`)).to.deep.equal([]);
  });

  it('erased within the age, sent again at once and after every purge: nothing opens', async () => {
    await hook.meta(meta.waText('mine'));
    await ingest();
    const orderingKey = blindIndex('ordering', `sari wa_${meta.CUSTOMER}`);
    await createPersonalTraces(postgres.writes).purge({ customerId: 'c', orderingKey, at: time.now }, []);
    for (const days of [0, 6, 7, 8, 29, 31, 60]) {
      after(days);
      await purge();
      await hook.meta(meta.waText('mine'));
      await replay();
      expect(await pending(), `after ${String(days)} days`).to.deep.equal([]);
    }
  });
});
