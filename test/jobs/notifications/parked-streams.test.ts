import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { systemClock, uuids } from '../../../src/adapters/clock.ts';
import { decode } from '../../../src/domain/codec.ts';
import { staffStream, STAFF_ID } from '../../../src/domain/staff/staff.ts';
import { skipEvent } from '../../../src/engine/projections/rebuild/skips.ts';
import { checkParked } from '../../../src/jobs/notifications/parked-streams.ts';
import { listNotifications } from '../../../src/projections/notifications/notifications.ts';
import { type Desk, openDesk, opening, uuid } from '../../projections/desk.ts';
import { commandsOn } from '../../support/scenarios/commands.ts';
import { eventually } from '../../support/eventually.ts';
import { someMetadata } from '../../support/scenarios/events.ts';

const [SINTA, SARAH, AGENT, T] = [uuid(1), uuid(2), uuid(3), uuid(100)];

describe('parked streams are told of', function () {
  this.timeout(60_000);
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
    for (const [userId, superAdmin] of [
      [SINTA, true],
      [SARAH, true],
      [AGENT, false],
    ] as const)
      await desk.append(staffStream(STAFF_ID), {
        type: 'StaffListed',
        data: { userId, emailKey: userId, superAdmin, listedAt: '2026-11-20T03:00:00.000Z' },
      });
    await desk.append(...opening(T, 'sari'));
  });
  afterEach(() => desk.close());

  /** A process of its own, as far as memory goes. */
  async function look(): Promise<void> {
    await desk.settled();
    await checkParked({
      tables: desk.postgres.writes,
      raiseAlert: commandsOn(desk.store).commands.raiseAlert,
    });
    await desk.settled();
  }
  async function strange(stream: string): Promise<string> {
    const id = randomUUID();
    await desk.appendRaw(stream, [{ id, type: 'FromTheFuture', data: {}, metadata: someMetadata(id) }]);
    await desk.settled();
    return id;
  }
  const skip = (eventId: string): Promise<unknown> =>
    skipEvent(
      { store: desk.store, write: desk.postgres.writes, decode, clock: systemClock, ids: uuids },
      { eventId, actor: { kind: 'system', process: 'test' }, by: 'Sinta', reason: 'ditarik' },
    );
  const toldTo = async (userId: string, unread = false) => {
    const scope = { kind: 'all', userId } as const;
    const { notifications, unread: count } = await listNotifications(desk.postgres.reads, scope, {
      limit: 200,
      unread,
    });
    return { told: notifications.filter(({ kind }) => kind === 'projection_parked'), count };
  };
  /** Views that hold back something now. */
  const holding = async (): Promise<string[]> =>
    (await desk.rows<{ view: string }>('select distinct view from ops.projection_parked order by view')).map(
      ({ view }) => view,
    );

  it('every super admin, once for each view, in Indonesian, and no one else; also by the view of notifications itself', async () => {
    await strange(`ticket-${T}`);
    const views = await holding();
    expect(views).to.include.members(['inbox', 'notifications', 'alerts']);
    await look();
    await look();
    for (const userId of [SINTA, SARAH]) {
      const { told, count } = await toldTo(userId);
      expect(told.map(({ text }) => /tampilan (\w+)/.exec(text)?.[1]).sort()).to.deep.equal(views);
      expect(count).to.equal(views.length);
      const one = told.find(({ text }) => text.includes('tampilan notifications'));
      expect(one?.text).to.equal(
        `Data ticket-${T} tidak dapat dibaca dan ditahan di tampilan notifications. ` +
          'Data lain tetap berjalan. Hubungi operator.',
      );
      expect([one?.ticket_id, one?.resolved_at]).to.deep.equal([T, null]);
    }
    expect((await toldTo(AGENT)).told).to.deep.equal([]);
  });

  it('until it is skipped: then it is resolved, and no unread one; parked again, it is told again', async () => {
    const bad = await strange(`ticket-${T}`);
    await look();
    const before = (await toldTo(SINTA)).told;
    await skip(bad);
    await eventually('nothing is parked', async () => (await holding()).length === 0, 10_000);
    await look();
    await look();
    const { told, count } = await toldTo(SINTA);
    expect(told.map(({ id }) => id)).to.deep.equal(before.map(({ id }) => id));
    for (const { resolved_at } of told) expect(resolved_at).to.be.a('string');
    expect(count).to.equal(0);
    expect((await toldTo(SINTA, true)).told).to.deep.equal([]);

    await strange(`ticket-${T}`);
    await look();
    expect((await toldTo(SINTA, true)).told).to.have.length(before.length);
  });

  it('by one event for each stream and view, however many processes look at once', async () => {
    await strange(`ticket-${T}`);
    await desk.settled();
    await Promise.all([look(), look(), look()]);
    const rows = await desk.rows<{ stream: string; n: number }>(
      "select stream, count(*)::int as n from es.events where type = 'StreamParked' group by stream",
    );
    expect(rows.length).to.equal((await holding()).length);
    for (const { n } of rows) expect(n).to.equal(1);
  });

  it('where the stream of a person is what the view of users holds back: who is super admin is asked of the events', async () => {
    await strange(`user-${SINTA}`);
    expect(await holding()).to.include('users');
    await look();
    expect((await toldTo(SINTA)).told.map(({ text }) => text).join()).to.include('tampilan users');
  });

  it('of a notice that is parked itself nothing is told: it would be parked, too', async () => {
    await strange(`ticket-${T}`);
    await look();
    await strange(`alerts-parked.inbox.ticket-${T}`);
    for (let n = 0; n < 3; n += 1) await look();
    const rows = await desk.rows(
      "select 1 from es.events where stream like 'alerts-parked.%alerts-parked.%'",
    );
    expect(rows).to.deep.equal([]);
    expect((await toldTo(SARAH)).told.length, 'the others are there').to.be.greaterThan(3);
  });

  it('no more than fifty of one view, the first ones', async () => {
    for (let n = 0; n < 60; n += 1) {
      const id = randomUUID();
      await desk.appendRaw(`blast-${uuid(500 + n)}`, [
        { id, type: 'FromTheFuture', data: {}, metadata: someMetadata(id) },
      ]);
    }
    await look();
    const rows = await desk.rows<{ view: string; n: number }>(
      "select data->>'view' as view, count(*)::int as n from es.events where type = 'StreamParked' group by 1",
    );
    expect(rows.length).to.be.greaterThan(0);
    for (const { n } of rows) expect(n).to.equal(50);
  });
});
