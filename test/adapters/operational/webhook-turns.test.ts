/** Whose items come first when many wait (docs/design/reliability.md#fair-ingestion). */
import { expect } from 'chai';
import * as meta from '../../support/channels/meta.ts';
import { testWebhook, type TestWebhook } from '../../support/channels/webhook.ts';
import { testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';

const TALKERS = 12;
const EACH = 60;
const SHARE = 50;

describe('items of the webhook inbox, in turns', () => {
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

  const talker = (n: number): string => `6281200000${String(n).padStart(3, '0')}`;
  const deliver = async (...messages: object[]): Promise<void> => {
    expect((await hook.meta(meta.waBody(meta.waChange({ messages })))).status).to.equal(200);
  };

  it('twelve talkative customers of one division fill no fetch: who came last is in it, in each division', async () => {
    for (let n = 0; n < TALKERS; n += 1)
      await deliver(
        ...Array.from({ length: EACH }, (_, m) =>
          meta.waMessage(`t${String(n)}-${String(m)}`, { from: talker(n) }),
        ),
      );
    await deliver(meta.waMessage('late', { from: '628139999999' }));
    expect((await hook.telegram(meta.telegramUpdate({}))).status).to.equal(200);

    const items = await hook.inbox.pending(400, [], SHARE);
    const of = (id: string): number => items.findIndex(({ item }) => item.includes(`"${id}"`));
    expect(of('late'), 'of the same division').to.be.within(0, TALKERS + 2);
    expect(
      items.findIndex(({ item }) => item.includes('telegram')),
      'of another division',
    ).to.be.within(0, 1);

    const perCustomer = new Map<string, number>();
    for (const { orderingKey } of items)
      perCustomer.set(orderingKey, (perCustomer.get(orderingKey) ?? 0) + 1);
    expect(perCustomer.size).to.equal(TALKERS + 2);
    // 400 places, two of them for who wrote once.
    expect([...perCustomer.values()].toSorted((a, b) => a - b)).to.deep.equal([
      1,
      1,
      ...Array<number>(10).fill(33),
      ...Array<number>(2).fill(34),
    ]);
  });

  it('gives of one customer no more than their share, in order, and none of who is in hand', async () => {
    const items = await hook.inbox.pending(10_000, [], 5);
    expect(items).to.have.length(TALKERS * 5 + 2);
    const [first] = items.filter(({ item }) => item.includes('"t3-0"'));
    const own = items.filter(({ orderingKey }) => orderingKey === first?.orderingKey);
    expect(own.map(({ item }) => (/t3-\d+/.exec(item) ?? [''])[0])).to.deep.equal(
      Array.from({ length: 5 }, (_, m) => `t3-${String(m)}`),
    );
    const others = await hook.inbox.pending(10_000, [first?.orderingKey ?? ''], 5);
    expect(others).to.have.length((TALKERS - 1) * 5 + 2);
  });
});
