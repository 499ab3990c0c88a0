import { expect } from 'chai';
import pg from 'pg';
import { MAX_WEBHOOK_BYTES } from '../../../src/http/webhook/router.ts';
import * as meta from '../../support/channels/meta.ts';
import { testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';
import { testWebhook, type TestWebhook } from '../../support/channels/webhook.ts';

const signature = (value: string) => ({ 'x-hub-signature-256': value });

describe('POST /api/webhook/external-bot', () => {
  let database: TestDatabase;
  let hook: TestWebhook;
  let sql: pg.Client;
  before(async () => {
    database = await testDatabase();
    hook = await testWebhook(database.url);
    sql = new pg.Client({ connectionString: database.url });
    await sql.connect();
  });
  after(async () => {
    await sql.end();
    await hook.close();
    await database.drop();
  });
  beforeEach(() => sql.query('TRUNCATE ops.webhook_inbox, ops.webhook_delivery'));
  const rows = async (columns: string) =>
    (await sql.query<Record<string, unknown>>(`SELECT ${columns} FROM ops.webhook_inbox ORDER BY seq`)).rows;

  it('answers when the items and the body are stored', async () => {
    const body = meta.waText('wamid.1', { text: { body: 'Halo 🙏 / ok' } });
    const { status, body: answer } = await hook.meta(body);
    expect([status, answer]).to.deep.equal([200, { success: true, data: { accepted: 1, duplicates: 0 } }]);
    const [row] = await rows('state, attempts, reason, item');
    expect(row).to.include({ state: 'pending', attempts: 0, reason: null });
    expect(JSON.parse(row?.['item'] as string)).to.include({ content: 'Halo 🙏 / ok' });
    const kept = await sql.query<{ form: string; body: string }>(
      'SELECT form, body FROM ops.webhook_delivery',
    );
    expect(kept.rows).to.deep.equal([{ form: 'meta', body: meta.metaBytes(body).toString() }]);
  });

  it('20 times the same delivery at once: accepted once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => hook.meta(meta.waText('wamid.1'))));
    const sum = (member: 'accepted' | 'duplicates') =>
      answers.reduce((total, { body }) => total + (body.data?.[member] ?? NaN), 0);
    expect([sum('accepted'), sum('duplicates')]).to.deep.equal([1, 19]);
    expect(await rows('state')).to.have.length(1);
    expect((await sql.query('SELECT 1 FROM ops.webhook_delivery')).rowCount).to.equal(1);
  });

  it('two processes that are sent the same batches at once, in opposite orders: each item once, and no deadlock', async () => {
    const other = await testWebhook(database.url);
    try {
      const batch = (ids: number[]) =>
        meta.waBody(meta.waChange({ messages: ids.map((id) => meta.waMessage(`wamid.${id}`)) }));
      const ids = Array.from({ length: 200 }, (_, n) => n);
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => [hook.meta(batch(ids)), other.meta(batch(ids.toReversed()))]).flat(),
      );
      expect(answers.map(({ status }) => status)).to.deep.equal(Array(20).fill(200));
      const accepted = answers.reduce((total, { body }) => total + (body.data?.accepted ?? NaN), 0);
      expect(accepted).to.equal(200);
      expect(await rows('key')).to.have.length(200);
    } finally {
      await other.close();
    }
  });

  it('items stand in the order of the body; the same one twice in a body is one', async () => {
    const messages = ['c', 'a', 'b', 'a'].map((id) => meta.waMessage(id));
    const { body } = await hook.meta(meta.waBody(meta.waChange({ messages })));
    expect(body.data).to.deep.equal({ accepted: 3, duplicates: 1 });
    const ids = (await rows('item')).map(
      ({ item }) => (JSON.parse(item as string) as { channelMessageId: string }).channelMessageId,
    );
    expect(ids).to.deep.equal(['c', 'a', 'b']);
  });

  it('a delivery that is half known stores the other half, and its body', async () => {
    await hook.meta(meta.waText('a'));
    const messages = [meta.waMessage('a'), meta.waMessage('b')];
    const { body } = await hook.meta(meta.waBody(meta.waChange({ messages })));
    expect(body.data).to.deep.equal({ accepted: 1, duplicates: 1 });
    expect((await sql.query('SELECT 1 FROM ops.webhook_delivery')).rowCount).to.equal(2);
  });

  it('no phone number is stored in clear next to the item', async () => {
    await hook.meta(meta.waText(`wamid.${Buffer.from(meta.CUSTOMER).toString('base64')}`));
    const [row] = await rows('key, ordering_key, reason');
    expect(JSON.stringify(row)).not.to.match(/628123|NjI4/);
  });

  const refused: [
    what: string,
    send: () => Promise<{ status: number; body: { error?: { code: string } } }>,
    status: number,
    code: string,
  ][] = [
    ['no signature', () => hook.post('{}', {}), 401, 'INVALID_SIGNATURE'],
    [
      'a wrong signature',
      () => hook.post('{}', signature(meta.sign('{} ', meta.APP_SECRET))),
      401,
      'INVALID_SIGNATURE',
    ],
    [
      'broken JSON without a signature: the signature comes first',
      () => hook.post('{', {}),
      401,
      'INVALID_SIGNATURE',
    ],
    [
      'broken JSON, signed',
      () => hook.post('{"object":', signature(meta.sign('{"object":', meta.APP_SECRET))),
      400,
      'MALFORMED_JSON',
    ],
    [
      'nothing, signed',
      () => hook.post('', signature(meta.sign('', meta.APP_SECRET))),
      400,
      'MALFORMED_JSON',
    ],
    [
      'bytes that are no UTF-8',
      () =>
        hook.post(
          Buffer.from([0x22, 0xff, 0x22]),
          signature(meta.sign(Buffer.from([0x22, 0xff, 0x22]), meta.BOT_SECRET)),
        ),
      400,
      'MALFORMED_JSON',
    ],
    ['a bot that speaks for Meta', () => hook.bot(meta.waText('wamid.1')), 401, 'INVALID_SIGNATURE'],
    ['Meta that speaks for a bot', () => hook.meta(meta.botEvent()), 401, 'INVALID_SIGNATURE'],
    [
      'a wrong Telegram token',
      () =>
        hook.post(JSON.stringify(meta.telegramUpdate({}, { text: 'x' })), {
          'X-Telegram-Bot-Api-Secret-Token': 'x',
        }),
      401,
      'INVALID_SIGNATURE',
    ],
    [
      '20 MB',
      () => hook.post(Buffer.alloc(20_000_000, 32), signature(meta.sign('x', meta.APP_SECRET))),
      413,
      'PAYLOAD_TOO_LARGE',
    ],
  ];
  for (const [what, send, status, code] of refused) {
    it(`refuses ${what}`, async () => {
      const answer = await send();
      expect([answer.status, answer.body.error?.code]).to.deep.equal([status, code]);
      expect(await rows('seq')).to.have.length(0);
    });
  }

  it('refuses a body that Meta signed and somebody changed', async () => {
    const body = meta.waText('wamid.1', { text: { body: 'Halo 🙏 / ok' } });
    const answer = await hook.post(
      JSON.stringify(body),
      signature(meta.sign(meta.metaBytes(body), meta.APP_SECRET)),
    );
    expect(answer.status).to.equal(401);
  });

  it('takes what Meta may send at once: 1,000 updates, up to 3 MB', async () => {
    const text = { body: 'x'.repeat(2_700) };
    const messages = Array.from({ length: 1_000 }, (_, n) => meta.waMessage(`wamid.${n}`, { text }));
    const body = meta.waBody(meta.waChange({ messages }));
    expect(meta.metaBytes(body).length).to.be.within(2_800_000, MAX_WEBHOOK_BYTES);
    const { status, body: answer } = await hook.meta(body);
    expect([status, answer.data]).to.deep.equal([200, { accepted: 1_000, duplicates: 0 }]);
  });

  it('takes the other channels, each with its own proof', async () => {
    const event = meta.messengerEvent({ message: { mid: 'm1', text: 'Halo' } });
    await hook.meta(meta.messengerBody('instagram', 'IG_003', event));
    await hook.telegram(meta.telegramUpdate({}, { text: 'Halo' }));
    await hook.bot(meta.botEvent());
    const items = (await rows('item')).map(
      ({ item }) => JSON.parse(item as string) as { channel: string; division: string },
    );
    expect(items.map(({ channel, division }) => [channel, division])).to.deep.equal([
      ['instagram', 'safia'],
      ['telegram', 'savi'],
      ['whatsapp', 'savi'],
    ]);
  });

  it('keeps what nobody understands, answers 200, and shows it', async () => {
    const strange = [{ object: 'user', entry: [] }, meta.waText('wamid.1', {}, 'FOREIGN'), meta.waBody()];
    for (const body of strange) {
      const { status, body: answer } = await hook.meta(body);
      expect([status, answer.data]).to.deep.equal([200, { accepted: 1, duplicates: 0 }]);
    }
    for (const body of [7, null, 'text', [], {}]) expect((await hook.bot(body)).status).to.equal(200);
    // A second time it is the same dead letter.
    expect((await hook.meta(strange[1])).body.data).to.deep.equal({ accepted: 0, duplicates: 1 });

    const first = await hook.inbox.deadLetters(6, null);
    const second = await hook.inbox.deadLetters(6, first.nextCursor);
    expect([first.items.length, second.items.length, second.nextCursor]).to.deep.equal([6, 2, null]);
    const all = [...first.items, ...second.items].toReversed();
    expect(all.map(({ reason }) => reason.replace(/:.*/, ''))).to.deep.equal([
      'unknown_object',
      'unknown_phone_number_id',
      'nothing_in_it',
      'invalid_body',
      'nothing_in_it',
      'invalid_body',
      'nothing_in_it',
      'invalid_body',
    ]);
    expect(all[1]?.payload).to.have.nested.property('message.id', 'wamid.1');
    expect((await hook.inbox.deadLetters(10, 'no cursor')).items).to.deep.equal([]);
    expect(await hook.inbox.backlog()).to.deep.equal({ pending: 0, dead: 8, oldestPendingAt: null });
  });

  it('a message that was dead for an unknown number is taken when it comes again to a known one', async () => {
    await hook.meta(meta.waText('wamid.1', {}, 'FOREIGN'));
    expect((await hook.meta(meta.waText('wamid.1'))).body.data).to.deep.equal({ accepted: 1, duplicates: 0 });
  });

  it('stores what Postgres cannot hold, made holdable', async () => {
    const hostile = { text: { body: 'a\u0000b\ud800c' } };
    expect((await hook.meta(meta.waText('wamid.1', hostile))).status).to.equal(200);
    expect(
      (await hook.meta(JSON.parse(`{"object":"user","entry":[],"__proto__":{"x":1},"k":"\\u0000"}`))).status,
    ).to.equal(200);
    const [row] = await rows('item');
    expect(JSON.parse(row?.['item'] as string)).to.include({ content: 'a\ufffdb\ufffdc' });
  });

  it('a body nested very deeply is stored and harms no neighbour', async () => {
    const deep = `{"object":"user","x":${'['.repeat(300_000)}${']'.repeat(300_000)}}`;
    const answers = await Promise.all([
      hook.meta(meta.waText('wamid.1')),
      hook.post(deep, signature(meta.sign(deep, meta.APP_SECRET))),
      hook.meta(meta.waText('wamid.2')),
    ]);
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
  });

  it('logs a dead letter without a word of what was in it', async () => {
    hook.log.lines.length = 0;
    await hook.meta(meta.waText('wamid.secret', { text: { body: 'rahasia' } }, 'FOREIGN'));
    expect(hook.log.lines).to.deep.equal([
      {
        level: 'warn',
        fields: { reason: 'unknown_phone_number_id', count: 1 },
        message: 'webhook items became dead letters',
      },
    ]);
  });

  it('says 503 with Retry-After while its database is away, and goes on when it is back', async () => {
    const name = new URL(database.url).pathname.slice(1);
    const admin = new pg.Client({ connectionString: database.superuserUrl.replace(/\/[^/]*$/, '/postgres') });
    await admin.connect();
    try {
      await sql.end();
      await admin.query(`ALTER DATABASE ${name} CONNECTION LIMIT 0`);
      await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
      let away = await hook.meta(meta.waText('wamid.1'));
      for (let tries = 0; away.status === 200 && tries < 50; tries += 1)
        away = await hook.meta(meta.waText('wamid.1'));
      expect([away.status, away.body.error?.code]).to.deep.equal([503, 'STORE_UNAVAILABLE']);
      expect(away.headers.get('retry-after')).to.match(/^\d+$/);
    } finally {
      await admin.query(`ALTER DATABASE ${name} CONNECTION LIMIT -1`);
      await admin.end();
      sql = new pg.Client({ connectionString: database.url });
      await sql.connect();
    }
    expect((await hook.meta(meta.waText('wamid.1'))).status).to.equal(200);
    expect(await rows('seq')).to.have.length(1);
  });
});
