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
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'saga leases' AND datname = current_database()",
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

  it('holds all leases of a process on one connection, and loses them together', async () => {
    const { hold } = createLeases({ url: database.url, logger });
    // As many as a program has: listeners on what they share would be a leak to Node.
    const names = Array.from({ length: 13 }, (_, n) => `lease ${String(n)}`);
    const warnings: string[] = [];
    const note = ({ message }: Error): void => void warnings.push(message);
    process.on('warning', note);
    const taken: string[] = [];
    const lost: string[] = [];
    for (const name of names)
      running.push(
        hold(name, AbortSignal.any([stop.signal]), async ({ signal }) => {
          taken.push(name);
          if (!signal.aborted) await once(signal, 'abort');
          if (!stop.signal.aborted) lost.push(name);
        }),
      );
    const client = new pg.Client({ connectionString: database.superuserUrl });
    await client.connect();
    const ended = async (sql: string): Promise<number> =>
      (
        await client.query(
          `select ${sql} from pg_stat_activity where application_name = 'saga leases' and datname = current_database()`,
        )
      ).rowCount ?? 0;
    try {
      await eventually('all are taken', () => taken.length === names.length);
      // A connection that ended, or one of the test before, is seen for a moment longer.
      await eventually('one connection holds them', async () => (await ended('pid')) === 1);
      await ended('pg_terminate_backend(pid)');
      await eventually('all are taken again', () => taken.length === 2 * names.length);
      expect(lost.toSorted()).to.deep.equal(names.toSorted());
      await eventually('one connection holds them again', async () => (await ended('pid')) === 1);
      expect(warnings).to.deep.equal([]);
    } finally {
      process.off('warning', note);
      await client.end();
    }
  });

  it('has one holder also where one process asks twice, and lets one lease go without the others', async () => {
    const { hold } = createLeases({ url: database.url, logger });
    const [first, other] = [new AbortController(), new AbortController()];
    const order: string[] = [];
    const kept = (who: string, name: string, own: AbortController) =>
      running.push(
        hold(name, AbortSignal.any([stop.signal, own.signal]), async ({ signal }) => {
          order.push(`${who} has ${name}`);
          if (!signal.aborted) await once(signal, 'abort');
          order.push(`${who} lets go`);
        }),
      );
    kept('c', 'other', other);
    kept('a', 'projector', first);
    await eventually('both are taken', () => order.length === 2);
    kept('b', 'projector', new AbortController());
    contender('d');
    await new Promise((resolve) => setTimeout(resolve, 600)); // two looks of those who wait
    expect([order.length, log.length]).to.deep.equal([2, 0]);
    first.abort();
    await eventually('the next has it', () => order.length + log.length === 4);
    expect(order).not.to.include('c lets go');
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
