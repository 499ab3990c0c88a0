import { expect } from 'chai';
import { createBlindIndex } from '../../../src/adapters/security/blind-index.ts';
import { createLines, type Lines } from '../../../src/channels/lines.ts';
import { replayDeadLetters, type ReplayOf } from '../../../src/http/webhook/replay.ts';
import { environmentOf } from '../../support/processes/environment.ts';
import * as meta from '../../support/channels/meta.ts';
import { runScript } from '../../support/processes/npm-script.ts';
import { testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';
import { testWebhook, type TestWebhook } from '../../support/channels/webhook.ts';

const KEY = 'a key for tests only, 32 characters';

describe('replaying dead letters', () => {
  let database: TestDatabase;
  let hook: TestWebhook;
  before(async () => {
    database = await testDatabase();
    hook = await testWebhook(database.url);
  });
  after(async () => {
    await hook.close();
    await database.drop();
  });
  const blindIndex = createBlindIndex(KEY);
  const replay = async (lines: Lines, of: ReplayOf = {}) => {
    const { deliveries, items } = await replayDeadLetters(
      { inbox: hook.inbox, lines, maxAgeDays: 36_500, blindIndex, shared: ['sari', 'savi', 'safia'] },
      of,
    );
    return { deliveries, items };
  };
  const pending = async () =>
    (await hook.inbox.pending(100, [])).map(
      ({ item }) => JSON.parse(item) as { channelMessageId: string; division: string },
    );

  it('what is understood now goes on, what is not stays, and nothing goes on twice', async () => {
    const messages = [meta.waMessage('a'), meta.waMessage('b', { id: undefined })];
    await hook.meta(meta.waBody(meta.waChange({ phoneId: 'NEW_NUMBER', messages })));
    await hook.telegram(meta.telegramUpdate({ of_2027: {} }, null));
    expect(await pending()).to.deep.equal([]);

    expect(await replay(meta.testLines)).to.deep.equal({ deliveries: 2, items: 0 });
    expect((await hook.inbox.backlog()).dead).to.equal(3);

    const withNew = createLines([
      ...meta.TEST_LINES,
      { id: 'NEW_NUMBER', channel: 'whatsapp', division: 'savi', name: 'Baru' },
    ]);
    expect(await replay(withNew)).to.deep.equal({ deliveries: 2, items: 1 });
    expect(await pending()).to.have.length(1);
    expect((await pending())[0]).to.include({ channelMessageId: 'a', division: 'savi' });
    const { items } = await hook.inbox.deadLetters(10, null);
    expect(items.map(({ reason }) => reason).toSorted()).to.deep.equal([
      'invalid_message: id',
      'unknown_update',
    ]);
    expect((await replay(withNew)).items).to.equal(0);
    expect(await pending()).to.have.length(1);
  });

  it('an item the ingester gave up on is pending again', async () => {
    await hook.meta(meta.waText('given-up'));
    const [item] = (await hook.inbox.pending(100, [])).filter((one) => one.item.includes('given-up'));
    await hook.inbox.settle([{ seq: item!.seq, kind: 'dead', reason: 'failed: TypeError' }]);
    expect((await pending()).map(({ channelMessageId }) => channelMessageId)).not.to.include('given-up');
    await replay(meta.testLines);
    expect((await pending()).map(({ channelMessageId }) => channelMessageId)).to.include('given-up');
  });

  it('is what `npm run webhook:replay` does, with the settings of the program', async () => {
    const messages = [meta.waMessage('late-number')];
    await hook.meta(meta.waBody(meta.waChange({ phoneId: 'LATER_NUMBER', messages })));
    const { dead } = await hook.inbox.backlog();
    const { code, output } = await runScript('webhook-replay', [], {
      ...environmentOf(database.url),
      BLIND_INDEX_KEY: KEY,
      WEBHOOK_MAX_AGE_DAYS: '3650',
      WA_PHONE_MAP: 'LATER_NUMBER:safia:Baru',
    });
    expect(output).to.include(`Understood now: 1 items. Dead letters left: ${String(dead - 1)}.`);
    expect(code).to.equal(0);
    const found = (await pending()).filter(({ channelMessageId }) => channelMessageId === 'late-number');
    expect(found.map(({ division }) => division)).to.deep.equal(['safia']);
  }).timeout(60_000);

  it('what said something else under the id of another message stays, however often it is read again', async () => {
    await hook.meta(meta.waText('twice', { text: { body: 'Jemput jam 8' } }));
    await hook.meta(meta.waText('twice', { text: { body: 'Jemput jam 9' } }));
    const differing = async () =>
      (await hook.inbox.deadLetters(50, null)).items.filter(({ reason }) => reason === 'differs_from_first');
    const [letter, ...more] = await differing();
    expect(more).to.deep.equal([]);
    for (const of of [{}, { ids: [letter!.id] }]) await replay(meta.testLines, of);
    expect(await differing()).to.deep.equal([letter]);
    expect(JSON.stringify(letter?.payload)).to.include('Jemput jam 9');
  });

  it('reads those that are named and no others, and goes on where it stopped', async () => {
    const lines = createLines([
      ...meta.TEST_LINES,
      ...['OWN_1', 'OWN_2'].map((id) => ({ id, channel: 'whatsapp', division: 'sari', name: null }) as const),
    ]);
    for (const [phoneId, id] of [
      ['OWN_1', 'own-1'],
      ['OWN_2', 'own-2'],
    ] as const)
      await hook.meta(meta.waText(id, {}, phoneId));
    const letters = (await hook.inbox.deadLetters(50, null)).items;
    const named = letters.find(({ payload }) => JSON.stringify(payload).includes('own-2'));
    expect(await replay(lines, { ids: [named!.id] })).to.deep.equal({ deliveries: 1, items: 1 });
    const waiting = (await pending()).map(({ channelMessageId }) => channelMessageId);
    expect(waiting).to.include('own-2').and.not.include('own-1');
    const [first] = await hook.inbox.deadDeliveries(1, null);
    const rest = await replay(lines, { after: first!.id });
    expect(rest.deliveries).to.be.greaterThan(0);
    expect(await replay(lines, { after: '7fffffff-ffff-7fff-bfff-ffffffffffff' })).to.deep.equal({
      deliveries: 0,
      items: 0,
    });
  });
});
