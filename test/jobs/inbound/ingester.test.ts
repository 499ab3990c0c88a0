import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import pg from 'pg';
import { createLeases } from '../../../src/adapters/cluster/leases.ts';
import { UndecodableEvent } from '../../../src/domain/codec.ts';
import type { Inbound } from '../../../src/domain/inbound/inbound.ts';
import type { Receive } from '../../../src/commands/inbound/receive.ts';
import { createIngester } from '../../../src/jobs/inbound/ingester.ts';
import { EventTooLarge, type ItemOutcome, StoreUnavailable } from '../../../src/ports.ts';
import { eventually } from '../../support/eventually.ts';
import * as meta from '../../support/channels/meta.ts';
import { testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { testWebhook, type TestWebhook } from '../../support/channels/webhook.ts';

/** These tests deliver talk only. */
type ReceiveTalk = (item: Inbound, received: Parameters<Receive>[1]) => ReturnType<Receive>;

const idOf = (item: Inbound): string =>
  'channelMessageId' in item ? (item.channelMessageId ?? '') : item.kind;

describe('the ingester', () => {
  let database: TestDatabase;
  let hook: TestWebhook;
  let sql: pg.Client;
  let stops: (() => Promise<void>)[] = [];

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
  afterEach(async () => {
    await Promise.all(stops.map((stop) => stop()));
    stops = [];
  });

  /** One process's ingester, running until the test ends or `stop`. */
  function running(
    receive: ReceiveTalk,
    options: { inbox?: TestWebhook['inbox']; concurrency?: number } = {},
  ) {
    const log = silentLogger();
    const ingester = createIngester({
      inbox: options.inbox ?? hook.inbox,
      receive: receive as Receive,
      leases: createLeases({ url: database.url, logger: log }),
      pubSub: hook.pubSub,
      log,
      ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    });
    const ending = new AbortController();
    const done = ingester.run(ending.signal);
    const stop = async () => {
      ending.abort();
      await done;
    };
    stops.push(stop);
    return { ...ingester, stop, log };
  }

  const text = (id: string, from = meta.CUSTOMER) => meta.waMessage(id, { from });
  const deliver = async (...messages: object[]) => {
    const answer = await hook.meta(meta.waBody(meta.waChange({ messages })));
    expect(answer.status).to.equal(200);
  };
  const states = async () =>
    (
      await sql.query<{ state: string; reason: string | null }>(
        'SELECT state, reason FROM ops.webhook_inbox ORDER BY seq',
      )
    ).rows.map(({ state, reason }) => (reason === null ? state : `${state} ${reason}`));

  it('hands each item over once, with the key and time of its delivery', async () => {
    const seen: [Inbound, { key: string; receivedAt: string }][] = [];
    const ingester = running((item, received) => {
      seen.push([item, received]);
      return Promise.resolve({ kind: 'done' });
    });
    await deliver(text('a'));
    await ingester.drained();
    expect(seen).to.have.length(1);
    const [row] = (
      await sql.query<{ key: string; received_at: Date }>('SELECT key, received_at FROM ops.webhook_inbox')
    ).rows;
    expect(seen[0]?.[0]).to.include({ kind: 'message', channelMessageId: 'a' });
    expect(seen[0]?.[1]).to.include({ key: row?.key, receivedAt: row?.received_at.toISOString() });
    expect(await states()).to.deep.equal(['done']);
  });

  it('keeps with each item what it led to', async () => {
    const evidence = { eventId: randomUUID(), position: '0000000000000000007' };
    const ingester = running((item, received) => {
      if (item.kind === 'message' && item.channelMessageId === 'a') received.led?.(evidence);
      return Promise.resolve({ kind: 'done' });
    });
    await deliver(text('a'));
    await deliver(text('b', '6281100000002'));
    await ingester.drained();
    const { rows } = await sql.query<object>(
      'SELECT event_id AS "eventId", event_position AS position FROM ops.webhook_inbox ORDER BY seq',
    );
    expect(rows).to.deep.equal([evidence, { eventId: null, position: null }]);
  });

  it("keeps each customer's order and never works on one customer twice at once, but on many customers", async () => {
    const customers = Array.from({ length: 20 }, (_, n) => `62811${String(n).padStart(6, '0')}`);
    const order = new Map<string, string[]>();
    const busy = new Set<string>();
    let most = 0;
    const messages = Array.from({ length: 1_500 }, (_, n) => text(`m${n}`, customers[(n * 7) % 20]));
    await deliver(...messages.slice(0, 750));
    const ingester = running(async (item) => {
      if (busy.has(item.userId)) throw new Error('two items of one customer at once');
      busy.add(item.userId);
      most = Math.max(most, busy.size);
      await new Promise(setImmediate);
      order.set(item.userId, [...(order.get(item.userId) ?? []), idOf(item)]);
      busy.delete(item.userId);
      return { kind: 'done' };
    });
    await deliver(...messages.slice(750));
    await ingester.drained();
    for (const customer of customers) {
      const expected = messages.filter(({ from }) => from === customer).map(({ id }) => id);
      expect(order.get(`wa_${customer}`)).to.deep.equal(expected);
    }
    expect(most).to.be.within(10, 20);
  });

  it('works on no more customers at once than it may', async () => {
    let now = 0;
    let most = 0;
    await deliver(
      ...Array.from({ length: 40 }, (_, n) => text(`m${n}`, `62811${String(n).padStart(6, '0')}`)),
    );
    const ingester = running(
      async () => {
        most = Math.max(most, (now += 1));
        await new Promise(setImmediate);
        now -= 1;
        return { kind: 'done' };
      },
      { concurrency: 3 },
    );
    await ingester.drained();
    expect(most).to.equal(3);
  });

  it('what comes too early waits, and does not hold up what it waits for', async () => {
    const known = new Set<string>();
    const ingester = running((item) => {
      if (item.kind === 'message') known.add(item.userId);
      return Promise.resolve(
        known.has(item.userId) ? { kind: 'done' } : { kind: 'later', reason: 'unknown_customer' },
      );
    });
    await hook.meta(meta.waBody(meta.waChange({ statuses: [meta.waStatus('w', 'sent')] })));
    await eventually('the status waits', async () => (await states())[0] === 'pending unknown_customer');
    await deliver(text('a'));
    await ingester.drained();
    expect(await states()).to.deep.equal(['done', 'done']);
  });

  it('what waited ten minutes in vain becomes a dead letter, what waited less does not', async () => {
    const ingester = running(() => Promise.resolve({ kind: 'later', reason: 'unknown_customer' }));
    await hook.bot([meta.botEvent({ event: 'resolved' }), meta.botEvent({ event: 'handoff' })]);
    await eventually('both wait', async () =>
      (await states()).every((state) => state === 'pending unknown_customer'),
    );
    const due = (minutes: number, seconds: number, offset: number) =>
      sql.query(
        `UPDATE ops.webhook_inbox SET due_at = now(), waiting_since = now() - $1 * interval '1 minute' - $2 * interval '1 second'
         WHERE seq = (SELECT min(seq) + $3 FROM ops.webhook_inbox)`,
        [minutes, seconds, offset],
      );
    await due(10, 0, 0);
    await due(9, 30, 1);
    await eventually('one is dead', async () => (await states())[0] === 'dead unknown_customer');
    await eventually('the other waits at least half a minute more', async () => {
      const { rows } = await sql.query<{ wait: number }>(
        `SELECT extract(epoch FROM max(due_at) FILTER (WHERE state = 'pending') - now())::float8 AS wait FROM ops.webhook_inbox`,
      );
      return (rows[0]?.wait ?? 0) > 30;
    });
    const { items } = await hook.inbox.deadLetters(10, null);
    expect(items.map(({ reason, payload }) => [reason, (payload as Inbound).kind])).to.deep.equal([
      ['unknown_customer', 'resolved'],
    ]);
    await ingester.stop();
  });

  it('an item that is refused, unreadable or too large is dead at once; the next one is not', async () => {
    const ingester = running((item) => {
      if (idOf(item) === 'refused') return Promise.resolve({ kind: 'refused', reason: 'no_such_thing' });
      if (idOf(item) === 'large') throw new EventTooLarge('too large');
      return Promise.resolve({ kind: 'done' });
    });
    await sql.query(
      `INSERT INTO ops.webhook_inbox (key, ordering_key, delivery_id, item, state, received_at)
       VALUES ('k1', 'o', gen_random_uuid(), '{"kind":"nonsense"}', 'pending', now()),
              ('k2', 'o', gen_random_uuid(), 'no json', 'pending', now())`,
    );
    await deliver(text('refused'), text('large'), text('a'));
    await ingester.drained();
    expect(await states()).to.deep.equal([
      'dead unreadable_item',
      'dead unreadable_item',
      'dead no_such_thing',
      'dead failed: EventTooLarge',
      'done',
    ]);
  });

  it('an unexpected failure is tried again before anything else of that customer, and holds nobody else up', async () => {
    const order: string[] = [];
    let failures = 3;
    const ingester = running((item) => {
      if (idOf(item) === 'b' && (failures -= 1) >= 0) throw new Error(`about ${meta.CUSTOMER}`);
      order.push(idOf(item));
      return Promise.resolve({ kind: 'done' });
    });
    await deliver(text('a'), text('b'), text('c'));
    await eventually('the failure is on record', async () =>
      (await states()).includes('pending failed: Error'),
    );
    await deliver(text('d'), text('other', '6289999999'));
    await ingester.drained();
    expect(order.filter((id) => id !== 'other')).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(order.indexOf('other')).to.be.lessThan(order.indexOf('b'));
    const { rows } = await sql.query<{ attempts: number }>(
      'SELECT attempts FROM ops.webhook_inbox ORDER BY seq',
    );
    expect(rows.map(({ attempts }) => attempts)).to.deep.equal([0, 3, 0, 0, 0]);
  });

  it('after ten failures it is a dead letter that names the error and nothing else, and its customer goes on', async () => {
    const ingester = running((item) => {
      if (idOf(item) === 'bad')
        throw Object.assign(new TypeError(`about ${meta.CUSTOMER}`), { code: 'E_BAD' });
      return Promise.resolve({ kind: 'done' });
    });
    await deliver(text('bad'), text('good'));
    await eventually('it failed', async () => (await states())[0] === 'pending failed: TypeError E_BAD');
    // The waits between the attempts are skipped.
    await eventually('it is dead', async () => {
      await sql.query("UPDATE ops.webhook_inbox SET due_at = now() WHERE state = 'pending'");
      return (await states())[0] === 'dead failed: TypeError E_BAD';
    });
    await ingester.drained();
    expect((await states())[1]).to.equal('done');
    const { items } = await hook.inbox.deadLetters(1, null);
    expect(items[0]?.attempts).to.equal(9);
  });

  it('behind an event that cannot be read it waits, however often it fails, in order, and then comes', async () => {
    let readable = false;
    const seen: string[] = [];
    const about = { id: 'e1', stream: 'ticket-1', revision: 0n, type: 'FromTheFuture' };
    const ingester = running((item) => {
      if (!readable && item.userId === `wa_${meta.CUSTOMER}`)
        throw new UndecodableEvent(about, 'unknown type');
      seen.push(idOf(item));
      return Promise.resolve({ kind: 'done' });
    });
    await deliver(text('first'), text('second'), text('other', '628110000001'));
    await eventually('it failed', async () => (await states())[0] === 'pending needs_attention');
    // The waits between the attempts are skipped, and far more than ten of them are made.
    await eventually('it failed often', async () => {
      await sql.query("UPDATE ops.webhook_inbox SET due_at = now() WHERE state = 'pending'");
      const { rows } = await sql.query<{ most: number }>(
        'SELECT max(attempts) AS most FROM ops.webhook_inbox',
      );
      return (rows[0]?.most ?? 0) > 15;
    });
    expect(await states()).to.deep.equal(['pending needs_attention', 'pending', 'done']);
    readable = true;
    await sql.query("UPDATE ops.webhook_inbox SET due_at = now() WHERE state = 'pending'");
    await ingester.drained();
    expect(seen).to.deep.equal(['other', 'first', 'second']);
  });

  it('event store away: webhooks still answer 200, nothing is lost or dead, and all drains in order when it is back', async () => {
    let away = true;
    let asked = 0;
    const order: string[] = [];
    const ingester = running((item) => {
      asked += 1;
      if (away) return Promise.reject(new StoreUnavailable('events'));
      order.push(idOf(item));
      return Promise.resolve({ kind: 'done' });
    });
    await deliver(text('a'), text('b'));
    await eventually('it paused', () =>
      ingester.log.lines.some(({ message }) => message === 'ingester pauses'),
    );
    await deliver(text('c'));
    await eventually('it tried again', () => asked >= 2);
    expect(new Set(await states())).to.deep.equal(new Set(['pending']));
    const { rows } = await sql.query<{ attempts: number }>('SELECT attempts FROM ops.webhook_inbox');
    expect(rows.map(({ attempts }) => attempts)).to.deep.equal([0, 0, 0]);
    away = false;
    await ingester.drained();
    expect(order).to.deep.equal(['a', 'b', 'c']);
  });

  it('outcomes that could not be recorded: the items are received again, none is lost', async () => {
    let failures = 2;
    const inbox = {
      ...hook.inbox,
      settle: (outcomes: readonly ItemOutcome[]) =>
        (failures -= 1) >= 0 ? Promise.reject(new StoreUnavailable('webhook')) : hook.inbox.settle(outcomes),
    };
    const seen: string[] = [];
    const ingester = running(
      (item) => {
        seen.push(idOf(item));
        return Promise.resolve({ kind: 'done' });
      },
      { inbox },
    );
    await deliver(text('a'));
    await ingester.drained();
    expect(seen).to.deep.equal(['a', 'a', 'a']);
  });

  it('stopped in the middle, it finishes what it began and leaves the rest to the next process', async () => {
    const count = new Map<string, number>();
    const receive: ReceiveTalk = async (item) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      count.set(idOf(item), (count.get(idOf(item)) ?? 0) + 1);
      return { kind: 'done' };
    };
    await deliver(
      ...Array.from({ length: 600 }, (_, n) => text(`m${n}`, `62811${String(n % 30).padStart(6, '0')}`)),
    );
    const first = running(receive, { concurrency: 4 });
    await eventually('some are done', () => count.size > 50);
    await first.stop();
    expect(count.size).to.be.lessThan(600);
    expect((await states()).filter((state) => state === 'done')).to.have.length(count.size);
    const second = running(receive);
    await second.drained();
    expect([...count.values()]).to.deep.equal(Array(600).fill(1));
  });

  it('two processes: one works, and the other takes over when it is gone', async () => {
    const by: string[] = [];
    const as =
      (name: string): Receive =>
      () => {
        by.push(name);
        return Promise.resolve({ kind: 'done' });
      };
    const first = running(as('first'));
    await deliver(text('a'));
    await first.drained();
    const second = running(as('second'));
    await deliver(text('b'), text('c'));
    await first.drained();
    await first.stop();
    await deliver(text('d'));
    await second.drained();
    expect(by).to.deep.equal(['first', 'first', 'first', 'second']);
  });
});
