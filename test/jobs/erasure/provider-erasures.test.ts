/** What providers keep of an erased customer is deleted there, sooner or later (docs/erasure.md#at-the-providers). */
import { expect } from 'chai';
import pg from 'pg';
import { channelHttp } from '../../../src/adapters/channels/http.ts';
import { createKeyRing } from '../../../src/adapters/personal-data/keys.ts';
import { createProviderErasures } from '../../../src/adapters/personal-data/provider-erasures.ts';
import { createPostgres } from '../../../src/adapters/postgres/index.ts';
import { erasersOf } from '../../../src/channels/registry.ts';
import { readConfig } from '../../../src/config.ts';
import { createProviderErasuresJob } from '../../../src/jobs/erasure/provider-erasures.ts';
import { startTwilioSimulator, type TwilioSimulator } from '../../../src/main/demo/twilio-simulator.ts';
import { startWahaSimulator, type WahaSimulator } from '../../../src/main/demo/waha-simulator.ts';
import { noLease, uuid } from '../../projections/desk.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';

const NUMBER = '6221500100';
const SESSION = 'cs-sari';
const CHAT = '6281234567890@c.us';

describe('erasures at providers', () => {
  let database: TestDatabase;
  let postgres: ReturnType<typeof createPostgres>;
  let sql: pg.Client;
  let twilio: TwilioSimulator;
  let waha: WahaSimulator;
  const log = silentLogger();
  const ending = new AbortController();
  const time = { now: new Date('2026-07-03T03:30:00.000Z') };
  const clock = { now: () => time.now };
  let running: Promise<void>;
  let erasures: ReturnType<typeof createProviderErasures>;
  let keys: ReturnType<typeof createKeyRing>;
  let eraserOf: ReturnType<typeof erasersOf>;

  before(async () => {
    database = await testDatabase();
    postgres = createPostgres({ url: database.url, logger: log });
    sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
    twilio = await startTwilioSimulator({ publicUrl: 'https://saga.example.test' });
    waha = await startWahaSimulator();
    const config = readConfig({
      PUBLIC_URL: 'https://saga.example.test',
      TWILIO_ACCOUNT_SID: twilio.accountSid,
      TWILIO_AUTH_TOKEN: twilio.authToken,
      TWILIO_API_URL: twilio.url,
      TWILIO_NUMBERS: `+${NUMBER}:sari:Saga Kargo`,
      WAHA_URL: waha.url,
      WAHA_API_KEY: waha.key,
      WAHA_HMAC_KEY: waha.hmacKey,
      WAHA_SESSION_MAP: `${SESSION}:sari:Saga Kargo`,
    });
    eraserOf = erasersOf({ config, http: channelHttp });
    keys = createKeyRing(postgres.writes, 'a master key for tests only, 32 characters');
    erasures = createProviderErasures(postgres.writes, keys, clock);
    running = createProviderErasuresJob({
      ...{ erasures, eraserOf, clock, log },
      leases: noLease,
      everyMs: 10,
    }).run(ending.signal);
  });
  after(async () => {
    ending.abort();
    await running;
    await sql.end();
    await postgres.close();
    await twilio.close();
    await waha.close();
    await database.drop();
  });

  interface Row {
    readonly sealed: string | null;
    readonly items_left: number;
    readonly attempts: number;
    readonly last_code: string | null;
    readonly done_at: Date | null;
    readonly given_up_at: Date | null;
  }
  const rowOf = async (customerId: string): Promise<Row | undefined> =>
    (await sql.query<Row>('select * from ops.provider_erasures where customer_id = $1', [customerId]))
      .rows[0];
  const until = (customerId: string, isIt: (row: Row) => boolean): Promise<Row> =>
    eventually(`the row of ${customerId}`, async () => {
      const row = await rowOf(customerId);
      return row && isIt(row) ? row : undefined;
    });
  const ofWaha = (n: number) => ({
    ...{ customerId: uuid(n), channel: 'whatsapp', line: SESSION, targets: [CHAT] },
  });

  it('Twilio is asked for each message and its files; what is gone already is gone', async () => {
    const message = `/2010-04-01/Accounts/${twilio.accountSid}/Messages/SMa1`;
    twilio.media.set(`${message}/Media/MEb2`, { bytes: Buffer.from('a picture') });
    twilio.listed.push({
      ...{
        sid: 'SMa1',
        from: 'whatsapp:+62812',
        to: `whatsapp:+${NUMBER}`,
        body: 'Halo',
        status: 'received',
      },
      ...{ direction: 'inbound', date_sent: time.now.toUTCString(), num_media: '1', error_code: null },
    });
    const targets = eraserOf('whatsapp', NUMBER)?.targetsOf({
      userIds: ['6281234567890'],
      messageRefs: ['SMa1', 'SMgone', 'wamid.of-another-line', '[dihapus]'],
    });
    expect(targets).to.deep.equal(['SMa1', 'SMgone']);
    const traces = { customerId: uuid(1), channel: 'whatsapp', line: NUMBER, targets: targets ?? [] };
    await erasures.add([traces]);
    // An erasure may still be refused.
    expect(await erasures.due(9)).to.deep.equal([]);
    await keys.destroy([uuid(1)]);
    const row = await until(uuid(1), ({ done_at }) => done_at !== null);
    expect(row).to.include({ sealed: null, items_left: 0, last_code: null });
    expect(twilio.deleted).to.deep.equal([`${message}/Media/MEb2`, message]);
    expect([twilio.media.size, twilio.listed.length]).to.deep.equal([0, 0]);
    // Remembered again, as by a job that starts over: it was done.
    await erasures.add([traces]);
    expect(await rowOf(uuid(1))).to.deep.equal(row);
  });

  it('WAHA empties the chat, once its session is there; until then the number is nowhere in clear', async () => {
    expect(
      eraserOf('whatsapp', SESSION)?.targetsOf({
        userIds: ['6281234567890', '44@lid', '[dihapus]'],
        messageRefs: [],
      }),
    ).to.deep.equal([CHAT, '44@lid']);
    // What is put down last counts: the first one was refused.
    await erasures.add([{ ...ofWaha(2), targets: ['other'] }, ofWaha(2)]);
    await keys.destroy([uuid(2)]);
    const waiting = await until(uuid(2), ({ attempts }) => attempts > 0);
    expect(waiting).to.include({ items_left: 1, attempts: 1, last_code: 'waha_404', done_at: null });
    expect(waiting.sealed).to.be.a('string').and.not.to.include('6281234567890');
    expect(JSON.stringify((await sql.query('select * from ops.provider_erasures')).rows)).not.to.include(
      '62812',
    );
    waha.sessions.set(SESSION, 'WORKING');
    // The next attempt is a minute later, and the one after that two.
    expect((await rowOf(uuid(2)))?.attempts).to.equal(1);
    time.now = new Date(time.now.getTime() + 60_000);
    const row = await until(uuid(2), ({ done_at }) => done_at !== null);
    expect(row).to.include({ sealed: null, items_left: 0, attempts: 2 });
    expect(waha.emptied).to.deep.equal([`${SESSION} ${CHAT}`]);
    const { rows } = await sql.query('select 1 from ops.personal_keys where wrapped is not null');
    expect(rows, 'keys of what is done').to.deep.equal([]);
  });

  it('is given up after a month, and says so: nothing is kept but how much was left', async () => {
    waha.sessions.delete(SESSION);
    await erasures.add([ofWaha(3)]);
    await keys.destroy([uuid(3)]);
    await until(uuid(3), ({ attempts }) => attempts > 0);
    time.now = new Date(time.now.getTime() + 31 * 24 * 3_600_000);
    const row = await until(uuid(3), ({ given_up_at }) => given_up_at !== null);
    expect(row).to.include({ sealed: null, items_left: 1, done_at: null, last_code: 'waha_404' });
  });
});
