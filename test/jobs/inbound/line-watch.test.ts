/** Lines that are watched, and what they heard while nobody listened (docs/design/channels.md#lines-that-are-watched). */
import { expect } from 'chai';
import pg from 'pg';
import { systemClock } from '../../../src/adapters/clock.ts';
import { channelHttp } from '../../../src/adapters/channels/http.ts';
import { createLeases } from '../../../src/adapters/cluster/leases.ts';
import { createPostgres } from '../../../src/adapters/postgres/index.ts';
import { createBlindIndex } from '../../../src/adapters/security/blind-index.ts';
import { linesOf, linesWithDesks } from '../../../src/channels/registry.ts';
import { readConfig } from '../../../src/config.ts';
import { takeIn } from '../../../src/http/webhook/take-in.ts';
import { createLineWatch } from '../../../src/jobs/inbound/line-watch.ts';
import { lineStates } from '../../../src/jobs/inbound/line-states.ts';
import { startWahaSimulator, type WahaSimulator } from '../../../src/main/demo/waha-simulator.ts';
import { testWebhook, type TestWebhook } from '../../support/channels/webhook.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';

const LINE = 'cs-sari';

describe('the watcher of lines', () => {
  let database: TestDatabase;
  let hook: TestWebhook;
  let waha: WahaSimulator;
  let postgres: ReturnType<typeof createPostgres>;
  let sql: pg.Client;
  const log = silentLogger();
  const alarms: string[] = [];
  const ending = new AbortController();
  const running: Promise<void>[] = [];

  before(async () => {
    database = await testDatabase();
    hook = await testWebhook(database.url);
    waha = await startWahaSimulator();
    waha.sessions.set(LINE, 'WORKING');
    postgres = createPostgres({ url: database.url, logger: log });
    sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
  });
  after(async () => {
    ending.abort();
    await Promise.all(running);
    await sql.end();
    await postgres.close();
    await waha.close();
    await hook.close();
    await database.drop();
  });

  /** As another process has it, too. */
  function start(): void {
    const config = readConfig({
      WAHA_URL: waha.url,
      WAHA_API_KEY: waha.key,
      WAHA_HMAC_KEY: waha.hmacKey,
      WAHA_SESSION_MAP: `${LINE}:sari:Saga Kargo`,
    });
    const watch = createLineWatch({
      lines: linesWithDesks({ config, http: channelHttp }),
      tables: postgres.writes,
      takeIn: takeIn({
        inbox: hook.inbox,
        lines: linesOf(config),
        blindIndex: createBlindIndex('a key for tests only, 32 characters'),
        maxAgeDays: 7,
        clock: systemClock,
      }),
      alarm: (line, { state }) => {
        alarms.push(`${line.id} ${state}`);
        return Promise.resolve();
      },
      leases: createLeases({ url: database.url, logger: log }),
      clock: systemClock,
      log,
      everyMs: 20,
      searchMs: 60,
    });
    running.push(watch.run(ending.signal));
  }

  const heard = (id: string, over: object = {}) => {
    const from = '6281200000001@c.us';
    waha.history.push({
      ...{
        id: `false_${from}_${id}`,
        from,
        fromMe: false,
        body: id,
        timestamp: Math.floor(Date.now() / 1_000) - 60,
      },
      ...over,
    });
  };
  const items = async (): Promise<readonly string[]> =>
    (
      await sql.query<{ item: string }>(
        `SELECT item FROM ops.webhook_inbox WHERE state = 'pending' ORDER BY seq`,
      )
    ).rows.map(({ item }) => (JSON.parse(item) as { content: string }).content);
  const state = async () => (await lineStates(postgres.writes)).find(({ line }) => line === LINE);

  it('takes in what was missed, once, however many processes look and however often', async () => {
    heard('satu');
    heard('dua', { id: 'false_4477@lid_dua', from: '4477@lid' });
    // The same under its other name, and one that is no talk's.
    heard('dua', { id: 'false_6281200000001@c.us_dua' });
    heard('grup', { from: '1203@g.us' });
    start();
    start();
    const first = await eventually('a search', async () => (await state())?.caughtUpTo);
    expect(await items()).to.have.members(['satu', 'dua']);
    heard('tiga');
    await eventually('a later one', async () => (await items()).includes('tiga'));
    expect(await items()).to.have.length(3);
    expect(Date.parse((await state())!.caughtUpTo!)).to.be.greaterThan(Date.parse(first));
  });

  it('says once that a line needs a person, and looks for what was missed as soon as it works again', async () => {
    waha.sessions.set(LINE, 'FAILED');
    await eventually('it is seen', async () => (await state())?.state === 'stopped');
    const before = (await state())!.caughtUpTo;
    heard('empat');
    const checked = (await state())!.checkedAt;
    await eventually('it was looked at again', async () => (await state())!.checkedAt > checked);
    expect((await state())!.caughtUpTo).to.equal(before);
    expect(alarms).to.deep.equal([`${LINE} stopped`]);
    waha.sessions.set(LINE, 'SCAN_QR_CODE');
    await eventually('it waits for a phone', async () => (await state())?.state === 'scan');
    waha.sessions.set(LINE, 'WORKING');
    await eventually('it is there', async () => (await items()).includes('empat'));
    expect(await state()).to.include({ state: 'working', detail: 'WORKING' });
    expect(alarms).to.deep.equal([`${LINE} stopped`, `${LINE} scan`]);
    expect(log.lines.filter(({ level }) => level === 'error')).to.have.length(2);
  });

  it('is told of a provider that does not answer, and goes on', async () => {
    await waha.close();
    await eventually('it is seen', async () => (await state())?.state === 'unreachable');
    expect(alarms).to.have.length(2);
  });
});
