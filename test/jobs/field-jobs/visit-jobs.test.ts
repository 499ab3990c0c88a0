/** What the clock finds among visits, on a real store and real tables. */
import { expect } from 'chai';
import { decideTakeJob } from '../../../src/commands/field-jobs/take-job.ts';
import { agenda, agendaId } from '../../../src/domain/capacity/agenda.ts';
import { capacityDay, capacityDayId, jobDayOf } from '../../../src/domain/capacity/capacity-day.ts';
import { job, type JobEvent } from '../../../src/domain/field-jobs/job.ts';
import { userStream } from '../../../src/domain/staff/user.ts';
import { uuids } from '../../../src/adapters/clock.ts';
import { sweepReservations } from '../../../src/jobs/capacity/reservation-sweeper.ts';
import { checkVisits } from '../../../src/jobs/field-jobs/no-show.ts';
import { commandsOn, contextOf, eventsOf } from '../../support/scenarios/commands.ts';
import {
  dewi,
  dian,
  FROM,
  jobOpened,
  joko,
  teguh,
  TO,
} from '../../support/scenarios/field-service/job-events.ts';
import { rina } from '../../support/scenarios/people.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { type Desk, openDesk } from '../../projections/desk.ts';

const ctx = {
  actor: { kind: 'system', process: 'test' },
  correlationId: 'c',
  causationId: 'c',
  requestId: 'r',
} as const;

describe('visits and the clock', function () {
  this.timeout(60_000);
  let desk: Desk;
  let on: ReturnType<typeof commandsOn>;
  before(async () => {
    desk = await openDesk();
    on = commandsOn(desk.store);
    for (const { id, role, division } of [dewi, dian, rina, joko, teguh])
      await desk.append(userStream(id), {
        type: 'UserRegistered',
        data: { userId: id, name: id, email: `${id}@test.saga`, passwordHash: '-', role, division },
      });
  });
  after(() => desk.close());

  const at = (moment: string) => {
    on.time.now = new Date(moment);
    return { ...ctx, at: moment };
  };
  /** Opens a job as `openJob` does, up to a kill after so many steps. */
  async function openedJob(steps: 1 | 2 = 2): Promise<string> {
    const id = uuids.next();
    await on.commands.capacity.reserveSlot(at(FROM), 'safia', jobDayOf(FROM), id);
    const data = { ...jobOpened().data, jobId: id };
    if (steps === 2)
      await on.commands.handler.executeCommand(job, id, at(FROM), () => [
        { type: 'JobOpened', data } as JobEvent,
      ]);
    return id;
  }
  const take = (id: string, by = joko) => on.commands.fieldJobs.take(contextOf(by), id);
  async function check(moment: string): Promise<void> {
    at(moment);
    await desk.settled();
    const { missedVisits } = on.commands;
    await checkVisits({
      tables: desk.postgres.writes,
      missedVisits,
      clock: { now: () => on.time.now },
      noShowMinutes: 30,
    });
  }
  async function sweep(moment: string): Promise<void> {
    at(moment);
    await desk.settled();
    await sweepReservations({
      ...{ tables: desk.postgres.writes, commands: on.commands, ids: uuids, log: silentLogger() },
      clock: { now: () => on.time.now },
    });
    await desk.settled();
  }
  const placesOf = async () =>
    (await on.commands.handler.load(capacityDay, capacityDayId('safia', jobDayOf(FROM)))).jobs;
  const timeOf = (who: string) => on.commands.handler.load(agenda, agendaId(who, jobDayOf(FROM)));
  const typesOf = async (id: string) => (await eventsOf(desk.store, `job-${id}`)).map(({ type }) => type);

  it('a technician who does not come is told of once, to those who plan the division', async () => {
    const id = await openedJob();
    await take(id);
    await check('2026-12-02T02:29:59.000Z');
    expect(await typesOf(id)).to.deep.equal(['JobOpened', 'JobTaken']);
    await check('2026-12-02T02:30:00.000Z');
    await check('2026-12-02T02:31:00.000Z');
    // The read tables say again what the job has told already: a restart in the middle.
    await on.commands.missedVisits.noShow(id, 30, [dewi.id]);
    expect(await typesOf(id)).to.deep.equal(['JobOpened', 'JobTaken', 'NoShowSuspected']);
    await desk.settled();
    const told = await desk.rows<{ user_id: string; kind: string; job_id: string }>(
      'select user_id, kind, job_id from read.notifications where job_id = $1',
      [id],
    );
    expect(told).to.deep.equal([{ user_id: dewi.id, kind: 'job_no_show', job_id: id }]);
    await on.commands.visits.arrived(contextOf(joko), id, { lat: -6.1754, lng: 106.8272, accuracy: 5 });
    await check('2026-12-02T05:59:00.000Z');
    await check('2026-12-02T06:00:00.000Z');
    await check('2026-12-02T06:01:00.000Z');
    expect((await typesOf(id)).slice(3)).to.deep.equal(['TechnicianArrived', 'CheckOutForgotten']);
    at(TO);
  });

  it('a place without a job is free again after two minutes, and not before', async () => {
    const id = await openedJob(1);
    await sweep('2026-12-02T02:01:59.000Z');
    expect([...(await placesOf())]).to.include(id);
    await sweep('2026-12-02T02:02:01.000Z');
    expect([...(await placesOf())]).not.to.include(id);
  });

  it('the time of a technician who was killed before the job was theirs is free again', async () => {
    const id = await openedJob();
    const window = { id, kind: 'survei_pindahan', from: FROM, to: TO };
    await on.commands.capacity.reserveAgenda(at(FROM), teguh.id, window);
    await sweep('2026-12-02T02:01:59.000Z');
    expect([...(await timeOf(teguh.id)).keys()]).to.deep.equal([id]);
    await sweep('2026-12-02T02:02:01.000Z');
    expect((await timeOf(teguh.id)).size).to.equal(0);
    expect([...(await placesOf())]).to.include(id);
  });

  it('a winner who was slower than the sweeper has their time all the same', async () => {
    const id = await openedJob();
    const window = { windowFrom: FROM, windowTo: TO };
    // The sweeper took the time; then the job was theirs.
    await on.commands.handler.executeCommand(job, id, at(FROM), (state) =>
      decideTakeJob(state, { technicianId: teguh.id, channel: 'web', window }, teguh),
    );
    await sweep('2026-12-02T02:03:00.000Z');
    expect([...(await timeOf(teguh.id)).keys()]).to.deep.equal([id]);
  });

  it('a job that was cancelled keeps neither place nor time', async () => {
    const id = await openedJob();
    const cancelled = { jobId: id, division: 'safia', customerId: jobOpened().data.customerId } as const;
    await on.commands.handler.executeCommand(job, id, at(FROM), () => [
      { type: 'JobCancelled', data: { ...cancelled, technicianId: null, reason: 'batal' } },
    ]);
    await sweep('2026-12-02T02:03:00.000Z');
    expect([...(await placesOf())]).not.to.include(id);
    // What fits is left alone.
    const before = (await eventsOf(desk.store, 'capacity-')).length;
    await sweep('2026-12-02T02:04:00.000Z');
    expect((await eventsOf(desk.store, 'capacity-')).length).to.equal(before);
  });
});
