import { once } from 'node:events';
import { expect } from 'chai';
import pg from 'pg';
import { createLeases } from '../../../src/adapters/cluster/leases.ts';
import { eventually } from '../../support/eventually.ts';
import { testDatabase, type TestDatabase } from '../../support/stores/postgres.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

interface Held {
  readonly who: string;
  readonly epoch: bigint;
}

describe('leases', function () {
  this.timeout(30_000);
  const logger = silentLogger();
  let database: TestDatabase;
  let stop: AbortController;
  let running: Promise<void>[];
  let log: Held[];
  let holders: Set<string>;
  let most: number;

  beforeEach(async () => {
    database = await testDatabase();
    stop = new AbortController();
    running = [];
    log = [];
    holders = new Set();
    most = 0;
  });
  afterEach(async () => {
    stop.abort();
    await Promise.all(running);
    await database.drop();
  });

  /** A process that holds the lease until it is lost or `own` aborts. */
  function contender(who: string, own = new AbortController()): AbortController {
    const signal = AbortSignal.any([stop.signal, own.signal]);
    const { hold } = createLeases({ url: database.url, logger });
    running.push(
      hold('projector', signal, async (lease) => {
        log.push({ who, epoch: lease.epoch });
        holders.add(who);
        most = Math.max(most, holders.size);
        if (!lease.signal.aborted) await once(lease.signal, 'abort');
        holders.delete(who);
      }),
    );
    return own;
  }

  it('has one holder at a time, and the next takes over when it lets go', async () => {
    const controls = new Map(['a', 'b', 'c'].map((who) => [who, contender(who)]));
    for (const round of [1, 2, 3]) {
      await eventually('a holder', () => holders.size === 1 && log.length === round);
      controls.get(log.at(-1)!.who)!.abort();
    }
    await eventually('nobody holds it', () => holders.size === 0);
    expect(most).to.equal(1);
    expect(log.map(({ epoch }) => epoch)).to.deep.equal([1n, 2n, 3n]);
    expect(new Set(log.map(({ who }) => who)).size).to.equal(3);
  });

  it('tells the holder whose connection is ended by the server, and waits again with it', async () => {
    contender('a');
    await eventually('a holder', () => holders.size === 1);
    const client = new pg.Client({ connectionString: database.superuserUrl });
    await client.connect();
    await client.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'saga lease projector'",
    );
    await client.end();
    await eventually('taken again under a new epoch', () => log.length === 2 && holders.size === 1);
    expect(log.map(({ epoch }) => epoch)).to.deep.equal([1n, 2n]);
  });

  it('starts the work again when it throws', async () => {
    let tries = 0;
    const { hold } = createLeases({ url: database.url, logger });
    running.push(
      hold('other', stop.signal, async ({ signal }) => {
        tries += 1;
        if (tries < 3) throw new Error('broken');
        await once(signal, 'abort');
      }),
    );
    await eventually('a third try', () => tries === 3);
    expect(logger.lines.some(({ message }) => message.includes('ended with an error'))).to.equal(true);
  });

  it('keeps leases of different names apart', async () => {
    contender('a');
    await eventually('a holder', () => holders.size === 1);
    let other = false;
    const { hold } = createLeases({ url: database.url, logger });
    running.push(
      hold('jobs', stop.signal, async ({ signal }) => {
        other = true;
        await once(signal, 'abort');
      }),
    );
    await eventually('the other lease', () => other);
    expect(holders.size).to.equal(1);
  });

  it('returns at once when nobody wants it any more, also while it waits', async () => {
    contender('a');
    await eventually('a holder', () => holders.size === 1);
    contender('b');
    stop.abort();
    await Promise.all(running);
    expect(log).to.have.length(1);
  });
});
