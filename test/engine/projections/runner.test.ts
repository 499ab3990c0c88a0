import { expect } from 'chai';
import pg from 'pg';
import { inboxView } from '../../../src/projections/tickets/inbox-view.ts';
import type { View } from '../../../src/engine/projections/view.ts';
import { createViews } from '../../../src/projections/views.ts';
import { createProjectionStatus } from '../../../src/engine/projections/projection-status.ts';
import { createProcessMembership } from '../../../src/engine/cluster/process-membership.ts';
import {
  createReadYourWrites,
  type ReadYourWrites,
} from '../../../src/engine/projections/read-your-writes.ts';
import { systemClock } from '../../../src/adapters/clock.ts';
import type { WriteStore } from '../../../src/ports.ts';
import { StoreUnavailable } from '../../../src/ports.ts';
import { eventually } from '../../support/eventually.ts';
import {
  type Desk,
  localFanout,
  openDesk,
  opening,
  receiving,
  taking,
  uuid,
} from '../../projections/desk.ts';
import { unchecked } from '../../support/stores/unchecked.ts';

describe('the projection runner', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk({ start: false });
  });
  afterEach(() => desk.close());

  const T = uuid(1);
  const AGENT = uuid(2);
  const fill = async (tickets = 20): Promise<void> => {
    for (let n = 0; n < tickets; n += 1) {
      await desk.append(...opening(uuid(100 + n), 'sari'));
      await desk.append(...receiving(uuid(100 + n), 'sari'));
      await desk.append(...taking(uuid(100 + n), 'sari', AGENT));
    }
  };
  /** Every row of every view that a repeated or lost event would change. */
  const picture = async (): Promise<unknown> =>
    Promise.all([
      desk.rows('select id, status, tags, assigned_to from read.tickets order by id'),
      desk.rows('select lens, status, queue_status, n from read.ticket_counts where n <> 0 order by 1, 2, 3'),
      desk.rows('select prefix, n from read.term_counts order by 1'),
      desk.rows('select ticket_id, position from read.audit_log order by 1, 2'),
      desk.rows('select ticket_id, id from read.messages_l1 order by 1, 2'),
    ]);
  const expectTickets = async (tickets: number): Promise<void> => {
    const [all] = await desk.rows<{ n: number }>(
      `select sum(n)::int as n from read.ticket_counts where lens = '*'`,
    );
    expect(all?.n).to.equal(tickets);
    const [audit] = await desk.rows<{ n: number }>('select count(*)::int as n from read.audit_log');
    expect(audit?.n).to.equal(tickets * 2);
  };

  it('takes in what is there and what comes, and says how far it is', async () => {
    await fill(3);
    desk.runner.start();
    await desk.settled();
    await desk.append(...opening(T, 'savi'));
    await desk.settled();
    const status = await desk.projectionStatus.status();
    expect(status.map(({ view }) => view)).to.have.members(createViews().map(({ name }) => name));
    expect(
      status.every(({ state, caughtUp, lagSeconds }) => state === 'running' && caughtUp && lagSeconds === 0),
    ).to.equal(true);
    const [row] = await desk.rows<{ n: number }>('select count(*)::int as n from read.tickets');
    expect(row?.n).to.equal(4);
  });

  it('killed in the middle of a batch, again and again, it doubles nothing and loses nothing', async () => {
    await fill();
    const killer = new pg.Client({ connectionString: desk.url });
    await killer.connect();
    let kills = 0;
    // Ends the very connection that writes, after the rows and before the commit.
    const dying: WriteStore = {
      query: (statement) => desk.postgres.writes.query(statement),
      transaction: (work) =>
        desk.postgres.writes.transaction(async (sql) => {
          const result = await work(sql);
          if (kills < 3) {
            kills += 1;
            const [self] = await sql.query(
              unchecked<{ pid: number }>({
                text: 'select pg_backend_pid() as pid',
                values: [],
              }),
            );
            await killer.query('select pg_terminate_backend($1)', [self?.pid]);
          }
          return result;
        }),
    };
    desk.runnerWith({ write: dying, batchSize: 10 }).start();
    await eventually('three kills', () => kills === 3);
    await desk.settled();
    await killer.end();
    await expectTickets(20);
  });

  it('two at once, both with the lease: rows and counters are as with one', async () => {
    await fill();
    desk.runnerWith({ batchSize: 7 }).start();
    desk.runnerWith({ batchSize: 11 }).start();
    await fillMore();
    await desk.settled();
    await expectTickets(30);
  });
  const fillMore = async (): Promise<void> => {
    for (let n = 0; n < 10; n += 1) {
      await desk.append(...opening(uuid(500 + n), 'savi'));
      await desk.append(...taking(uuid(500 + n), 'savi', AGENT));
    }
  };

  it('a zombie that wakes up with an old checkpoint changes nothing', async () => {
    await fill(5);
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    let reached = false;
    const slow: View = {
      ...inboxView(),
      apply: async () => {
        reached = true;
        await held;
        throw new StoreUnavailable('read');
      },
    };
    const zombie: View = { ...inboxView(), name: 'inbox' };
    let first = true;
    const sleeping: View = {
      ...zombie,
      apply: (sql, events) => {
        const run = first ? slow.apply(sql, events) : zombie.apply(sql, events);
        first = false;
        return run;
      },
    };
    const asleep = desk.runnerWith({ views: [sleeping] });
    asleep.start();
    await eventually('the zombie is in its batch', () => reached);
    desk.runner.start();
    await desk.settled();
    const before = await picture();
    release();
    await asleep.stop();
    expect(await picture()).to.deep.equal(before);
  });

  it('a failure that passes by itself stops nobody', async () => {
    let failures = 0;
    const moody: WriteStore = {
      query: (statement) => desk.postgres.writes.query(statement),
      transaction: (work) => {
        failures += 1;
        return failures <= 3
          ? Promise.reject(new StoreUnavailable('read'))
          : desk.postgres.writes.transaction(work);
      },
    };
    await fill(3);
    const runner = desk.runnerWith({ write: moody });
    runner.start();
    await desk.settled();
    await expectTickets(3);
    expect((await desk.projectionStatus.status()).every(({ state }) => state === 'running')).to.equal(true);
    await eventually('all is well again', () => runner.refusal() === null);
  });

  it('refuses a checkpoint of another store', async () => {
    await fill(2);
    desk.runner.start();
    await desk.settled();
    await desk.runner.stop();
    await desk.rows(`update ops.projections set store_id = 'another', position = ''`);
    const other = desk.runnerWith({});
    other.start();
    expect(await eventually('a refusal', () => other.refusal())).to.match(
      /was built from event store another.*rebuild/,
    );
    expect((await desk.projectionStatus.status()).find(({ view }) => view === 'inbox')).to.include({
      wrongStore: true,
    });
    await desk.append(...opening(T, 'sari'));
    const before = await picture();
    await other.stop();
    expect(await picture()).to.deep.equal(before);
  });

  describe('read your own write', () => {
    /** Next to a projector that has caught up and waits. */
    async function readsBehind(
      over: Pick<Parameters<typeof createReadYourWrites>[0], 'processes' | 'timeoutMs'>,
    ): Promise<ReadYourWrites> {
      desk.runner.start();
      await desk.settled();
      await desk.runner.stop();
      return createReadYourWrites({ projectionStatus: desk.projectionStatus, pubSub: desk.pubSub, ...over });
    }

    it('waits until the views have it, also when another process projects and no message comes', async () => {
      const projectionStatus = createProjectionStatus({
        store: desk.store,
        write: desk.postgres.writes,
        pubSub: localFanout(),
        clock: systemClock,
        pollMs: 10,
      });
      const reads = createReadYourWrites({
        projectionStatus,
        pubSub: desk.pubSub,
        processes: createProcessMembership(desk.pubSub),
        timeoutMs: 5_000,
      });
      const elsewhere = createReadYourWrites({
        projectionStatus,
        pubSub: desk.pubSub,
        processes: createProcessMembership(desk.pubSub),
        timeoutMs: 5_000,
      });
      desk.runner.start();
      const position = await desk.append(...opening(T, 'sari'));
      await reads.wrote(AGENT, position);
      expect(await elsewhere.ready(AGENT)).to.deep.equal({ stale: false });
      expect(await desk.rows('select from read.tickets')).to.have.length(1);
      expect(await reads.ready(uuid(3))).to.deep.equal({ stale: false });
      projectionStatus.close();
    });

    it('waits for the views where somebody cannot be told', async () => {
      const reads = await readsBehind({
        processes: { tell: () => Promise.resolve(), alone: () => true, missing: () => true },
      });
      const position = await desk.append(...opening(T, 'sari'));
      const wrote = reads.wrote(AGENT, position);
      desk.runnerWith({}).start();
      await wrote;
      expect(await desk.rows('select from read.tickets')).to.have.length(1);
    });

    it('gives up in time and says that the answer is stale', async () => {
      await fill(1);
      const reads = await readsBehind({
        processes: createProcessMembership(desk.pubSub),
        timeoutMs: 50,
      });
      await reads.wrote(AGENT, await desk.append(...opening(T, 'sari')));
      expect(await reads.ready(AGENT)).to.deep.equal({ stale: true });
      desk.runnerWith({}).start();
      await desk.settled();
      expect(await reads.ready(AGENT)).to.deep.equal({ stale: false });
    });
  });
});
