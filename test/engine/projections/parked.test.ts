/** Events that a view cannot take in are parked with their stream (docs/design/reliability.md#parked-streams). */
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { createBulk } from '../../../src/adapters/postgres/bulk.ts';
import { decode, UndecodableEvent } from '../../../src/domain/codec.ts';
import { FULL_SPEED } from '../../../src/engine/projections/rebuild/pace.ts';
import { verifyViews } from '../../../src/engine/projections/rebuild/verify.ts';
import type { View } from '../../../src/engine/projections/view.ts';
import { auditLogView } from '../../../src/projections/audit/audit-log.ts';
import { inboxView } from '../../../src/projections/tickets/inbox-view.ts';
import { createViews } from '../../../src/projections/views.ts';
import { eventually } from '../../support/eventually.ts';
import { someMetadata } from '../../support/scenarios/events.ts';
import {
  customerOf,
  type Desk,
  noting,
  openDesk,
  opening,
  receiving,
  taking,
  uuid,
} from '../../projections/desk.ts';

describe('parked streams', function () {
  this.timeout(60_000);
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
    await expectSameAsEvents();
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
});
