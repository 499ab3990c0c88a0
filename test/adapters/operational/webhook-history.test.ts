import { expect } from 'chai';
import { createPostgres, type Postgres } from '../../../src/adapters/postgres/index.ts';
import { createWebhookHistory } from '../../../src/adapters/operational/webhook-history.ts';
import { testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { unchecked } from '../../support/stores/unchecked.ts';

const delivery = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;

describe('old webhooks', () => {
  let database: TestDatabase;
  let postgres: Postgres;
  before(async () => {
    database = await testDatabase();
    postgres = createPostgres({ url: database.url, logger: silentLogger() });
  });
  after(async () => {
    await postgres.close();
    await database.drop();
  });

  it('go when they are done with and old; what is dead, pending or young stays, with its body and all that is in it', async () => {
    const now = new Date('2026-11-20T03:00:00Z');
    const rows: [number, string, string][] = [
      [1, 'done', '2026-10-01T00:00:00Z'],
      [1, 'ignored', '2026-10-01T00:00:00Z'],
      [2, 'done', '2026-10-02T00:00:00Z'],
      [2, 'dead', '2026-10-02T00:00:00Z'],
      [3, 'pending', '2026-10-03T00:00:00Z'],
      [4, 'done', '2026-10-21T03:00:01Z'],
    ];
    for (const n of [1, 2, 3, 4]) {
      await postgres.writes.query(
        unchecked({
          text: `insert into ops.webhook_delivery (id, form, body, received_at) values ($1, 'meta', '{}', now())`,
          values: [delivery(n)],
        }),
      );
    }
    for (const [index, [n, state, at]] of rows.entries()) {
      await postgres.writes.query(
        unchecked({
          text: `insert into ops.webhook_inbox (key, ordering_key, delivery_id, item, state, received_at)
values ($1, 'k', $2, '{}', $3, $4)`,
          values: [`key ${String(index)}`, delivery(n), state, at],
        }),
      );
    }
    const history = createWebhookHistory(postgres.writes, { now: () => now }, 7);
    expect([await history.purge(), await history.purge()]).to.deep.equal([2, 0]);
    const left = await postgres.writes.query(
      unchecked<{ state: string }>({
        text: 'select state from ops.webhook_inbox order by seq',
        values: [],
      }),
    );
    expect(left.map(({ state }) => state)).to.deep.equal(['done', 'dead', 'pending', 'done']);
    const bodies = await postgres.writes.query(
      unchecked<{ id: string }>({
        text: 'select id from ops.webhook_delivery order by id',
        values: [],
      }),
    );
    expect(bodies.map(({ id }) => id)).to.deep.equal([2, 3, 4].map(delivery));
  });
});
