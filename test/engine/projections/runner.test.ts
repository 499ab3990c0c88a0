import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import pg from 'pg';
import { decode, UndecodableEvent } from '../../../src/domain/codec.ts';
import { auditLogView } from '../../../src/projections/audit/audit-log.ts';
import { inboxView } from '../../../src/projections/tickets/inbox-view.ts';
import type { View } from '../../../src/engine/projections/view.ts';
import { createViews } from '../../../src/projections/views.ts';
import { createBulk } from '../../../src/adapters/postgres/bulk.ts';
import { FULL_SPEED } from '../../../src/engine/projections/rebuild/pace.ts';
import { verifyViews } from '../../../src/engine/projections/rebuild/verify.ts';
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
import { someMetadata } from '../../support/scenarios/events.ts';
import {
  customerOf,
  type Desk,
  localFanout,
  noting,
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

  /** Every row is what a rebuild would make. */
  const expectSameAsEvents = async (): Promise<void> => {
    const verdicts = await verifyViews(
      {
        store: desk.store,
        write: desk.postgres.writes,
        bulk: createBulk({ url: desk.url, logger: desk.logger }),
        decode,
        pace: FULL_SPEED,
        onProgress: () => undefined,
        signal: new AbortController().signal,
      },
      createViews(),
    );
    expect(verdicts.flatMap(({ differences }) => differences)).to.deep.equal([]);
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

  /** Positions and reasons of what a view holds back, in order. */
  const parked = (view: string) =>
    desk.rows<{ event_id: string; stream: string; reason: string | null }>(
      'select event_id, stream, reason from ops.projection_parked where view = $1 order by position',
      [view],
    );
  const strange = async (stream: string): Promise<string> => {
    const id = randomUUID();
    const data = { secret: 'nomor telepon' };
    await desk.appendRaw(stream, [{ id, type: 'FromTheFuture', data, metadata: someMetadata(id) }]);
    return id;
  };

  it('parks the ticket of an event nobody understands, in order, and goes on with every other', async () => {
    desk.runner.start();
    await desk.append(...opening(T, 'sari'));
    const id = await strange(`internal-${T}`);
    await desk.append(...noting(T, 'sari', AGENT, 'menunggu'), { id: uuid(8_001) });
    await desk.append(...noting(uuid(50), 'sari', AGENT, 'terlihat'));
    await desk.settled();
    expect(await parked('messages_l2')).to.deep.equal([
      { event_id: id, stream: `internal-${T}`, reason: 'undecodable event' },
      { event_id: uuid(8_001), stream: `internal-${T}`, reason: null },
    ]);
    expect((await desk.rows('select content from read.messages_l2')).map((row) => row)).to.deep.equal([
      { content: 'terlihat' },
    ]);
    const status = await desk.projectionStatus.status();
    expect(status.every(({ state, caughtUp }) => state === 'running' && caughtUp)).to.equal(true);
    // Not the notes alone look at that stream; whoever does holds it back.
    const holding = status.filter((view) => view.parked !== null).map(({ view }) => view);
    expect(holding).to.include.members(['messages_l2', 'audit_log']).and.not.include('inbox');
    expect(desk.projectionStatus.isParked(T)).to.equal(true);
    expect(desk.projectionStatus.isParked(uuid(50))).to.equal(false);
    expect(JSON.stringify(desk.logger.lines)).to.include(id).and.not.include('nomor telepon');
  });

  it('parks what the code of a view fails at, and takes it in at the start of a program that can', async () => {
    const real = auditLogView();
    let broken = true;
    const flawed: View = {
      ...real,
      apply: (sql, events) => {
        if (broken && events.some(({ id }) => id === uuid(7_777))) throw new TypeError('of 62812345');
        return real.apply(sql, events);
      },
    };
    await desk.append(...opening(T, 'sari'));
    await desk.append(...opening(uuid(50), 'sari'));
    await desk.append(...taking(T, 'sari', AGENT), { id: uuid(7_777) });
    await desk.append(...taking(uuid(50), 'sari', AGENT));
    const runner = desk.runnerWith({ views: [inboxView(), flawed] });
    runner.start();
    await desk.settled();
    expect(await parked('audit_log')).to.deep.equal([
      { event_id: uuid(7_777), stream: `ticket-${T}`, reason: 'TypeError' },
    ]);
    expect(await desk.rows('select event from read.audit_log')).to.have.length(3);
    expect(await desk.rows(`select id from read.tickets where status = 'in_progress'`)).to.have.length(2);
    await runner.stop();
    broken = false;
    desk.runnerWith({ views: [inboxView(), flawed] }).start();
    await eventually(
      'the rest of the log',
      async () => (await desk.rows('select event from read.audit_log')).length === 4,
    );
    expect(await parked('audit_log')).to.deep.equal([]);
    expect(JSON.stringify(desk.logger.lines)).to.not.include('62812345');
  });

  it('takes in, in order, what an updated program understands: as if it always had', async () => {
    const opened = uuid(7_001);
    await desk.append(...opening(T, 'sari'), { id: opened });
    await desk.append(...receiving(T, 'sari'), { id: uuid(7_002) });
    await desk.append(...taking(T, 'sari', AGENT));
    await desk.append(...opening(uuid(50), 'sari'));
    const old = desk.runnerWith({
      decode: (stored) => {
        if (stored.id === opened) throw new UndecodableEvent(stored, 'version 9 is newer than this program');
        return decode(stored);
      },
    });
    old.start();
    await desk.settled();
    expect(await desk.rows('select id from read.tickets')).to.have.length(1);
    expect(await parked('inbox')).to.have.length(3);
    await old.stop();
    desk.runnerWith({}).start();
    await eventually('nothing is held back', async () => (await parked('inbox')).length === 0);
    await eventually(
      'anywhere',
      async () => (await desk.rows('select 1 from ops.projection_parked')).length === 0,
    );
    expect(await desk.rows(`select id from read.tickets where status = 'in_progress'`)).to.deep.equal([
      { id: T },
    ]);
    await expectSameAsEvents();
  });

  it('two at once: what is taken in after a restart is taken in once', async () => {
    const opened = uuid(7_001);
    await desk.append(...opening(T, 'sari'), { id: opened });
    await desk.append(...receiving(T, 'sari'));
    await desk.append(...taking(T, 'sari', AGENT));
    const old = desk.runnerWith({
      decode: (stored) => {
        if (stored.id === opened) throw new UndecodableEvent(stored, 'unknown');
        return decode(stored);
      },
    });
    old.start();
    await desk.settled();
    await old.stop();
    desk.runnerWith({}).start();
    desk.runnerWith({}).start();
    await eventually(
      'nothing is held back',
      async () => (await desk.rows('select 1 from ops.projection_parked')).length === 0,
    );
    await desk.append(...opening(uuid(50), 'sari'));
    await desk.append(...taking(uuid(50), 'sari', AGENT));
    await desk.settled();
    await expectTickets(2);
  });

  it('an erasure does not wait behind what is parked', async () => {
    desk.runner.start();
    await desk.append(...opening(T, 'sari'));
    await desk.append(...receiving(T, 'sari'));
    await desk.append(...customerOf('sari', uuid(900_000), '6281234567890'));
    await strange(`customer-sari_${uuid(900_000)}`);
    await strange(`conversation-${T}`);
    await desk.append(`customer-sari_${uuid(900_000)}`, {
      type: 'CustomerErased',
      data: {
        customerId: uuid(900_000),
        customerKey: `sari_${uuid(900_000)}`,
        division: 'sari',
        ticketIds: [T],
        orderingKey: 'k',
        reason: 'diminta',
      },
    });
    await desk.settled();
    const rows = await desk.rows('select content from read.messages_l1 where ticket_id = $1', [T]);
    expect(JSON.stringify(rows)).to.not.include('Halo');
    expect(await desk.rows('select phone, name from read.customers')).to.deep.equal([
      { phone: null, name: null },
    ]);
  });

  it('an erasure that cannot be read stops the views that hold what it takes away', async () => {
    const id = randomUUID();
    const stream = `customer-sari_${uuid(900_000)}`;
    await desk.append(...opening(T, 'sari'));
    await desk.appendRaw(stream, [{ id, type: 'CustomerErased', data: {}, metadata: someMetadata(id) }]);
    desk.runner.start();
    const stopped = await eventually('the inbox stopped', async () =>
      (await desk.projectionStatus.status()).find(
        ({ view, state }) => view === 'inbox' && state === 'stopped',
      ),
    );
    expect(stopped).to.include({ stoppedAtEvent: id });
    expect(await desk.rows('select 1 from ops.projection_parked')).to.deep.equal([]);
    expect(await desk.rows('select id from read.tickets')).to.have.length(1);
  });

  it('a view that fails at everything is broken itself: it stops, and the others go on', async () => {
    const broken: View = {
      ...auditLogView(),
      apply: () => Promise.reject(Object.assign(new Error('no such column'), { code: '42703' })),
    };
    await fill(2);
    desk.runnerWith({ views: [inboxView(), broken] }).start();
    await eventually('the view stopped', async () =>
      (await desk.projectionStatus.status()).some(
        ({ view, state }) => view === 'audit_log' && state === 'stopped',
      ),
    );
    expect(await parked('audit_log')).to.deep.equal([]);
    expect(await desk.rows('select id from read.tickets')).to.have.length(2);
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

  it('refuses a checkpoint that is ahead of the store, or of another store', async () => {
    await fill(2);
    desk.runner.start();
    await desk.settled();
    await desk.runner.stop();
    await desk.rows(`update ops.projections set position = '9999999999999999999' where view = 'inbox'`);
    const ahead = desk.runnerWith({});
    ahead.start();
    expect(await eventually('a refusal', () => ahead.refusal())).to.match(/inbox.*ends at.*rebuild/);
    expect((await desk.projectionStatus.status()).find(({ view }) => view === 'inbox')).to.include({
      wrongStore: true,
    });
    await ahead.stop();
    await desk.rows(`update ops.projections set store_id = 'another', position = ''`);
    const other = desk.runnerWith({});
    other.start();
    expect(await eventually('a refusal', () => other.refusal())).to.match(
      /was built from event store another/,
    );
    await desk.append(...opening(T, 'sari'));
    const before = await picture();
    await other.stop();
    expect(await picture()).to.deep.equal(before);
  });

  describe('read your own write', () => {
    /** Beside a projector that has caught up and stands still. */
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
