import { expect } from 'chai';
import { systemClock, uuids } from '../../../src/adapters/clock.ts';
import { createPushDevices } from '../../../src/adapters/operational/push-devices.ts';
import { createSchedule } from '../../../src/adapters/operational/schedule.ts';
import { alertJobs } from '../../../src/jobs/notifications/alert-jobs.ts';
import { createScheduler } from '../../../src/engine/jobs/scheduler.ts';
import { ticketStream } from '../../../src/domain/tickets/ticket.ts';
import { userStream } from '../../../src/domain/staff/user.ts';
import type { QueueLabel, Role } from '../../../src/domain/vocabulary.ts';
import { commandsOn } from '../../support/scenarios/commands.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { type Desk, noLease, openDesk, opening, taking, uuid } from '../../projections/desk.ts';

const [TONO, TATI, SINTA, VERA, GONE, ANI] = [uuid(1), uuid(2), uuid(3), uuid(4), uuid(5), uuid(6)];
const STAFF: readonly [string, Role][] = [
  [TONO, 'team_lead'],
  [TATI, 'team_lead'],
  [SINTA, 'super_admin'],
  [VERA, 'viewer'],
  [GONE, 'team_lead'],
  [ANI, 'sales_agent'],
];

describe('alerts that a clock starts', () => {
  let desk: Desk;
  const time = { now: new Date() };
  const at = (moment: string): void => {
    time.now = new Date(`2026-11-20T${moment}Z`);
  };
  const when = (moment: string) => ({ at: new Date(`2026-11-20T${moment}Z`).toISOString() });

  beforeEach(async () => {
    desk = await openDesk();
    for (const [userId, role] of STAFF) {
      const who = { userId, name: role, email: `${userId}@demo.saga`, passwordHash: '-', role };
      const division = role === 'sales_agent' || role === 'viewer' ? 'sari' : 'all';
      await desk.append(userStream(userId), { type: 'UserRegistered', data: { ...who, division } });
    }
    await desk.append(userStream(GONE), { type: 'UserDeactivated', data: { userId: GONE } });
  });
  afterEach(() => desk.close());

  /** A process of its own, as far as memory goes. */
  function process(isOpen = true) {
    const { commands } = commandsOn(desk.store);
    return alertJobs({
      ...desk,
      tables: desk.postgres.writes,
      raiseAlert: commands.raiseAlert,
      alarm: {
        staff: desk.postgres.writes,
        devices: createPushDevices(desk.postgres.writes, systemClock, uuids),
        push: { publicKey: null, native: false, send: () => Promise.resolve('sent') },
      },
      isOpen: () => Promise.resolve(isOpen),
      clock: { now: () => time.now },
      idleAfterHours: 4,
      timezone: 'Asia/Jakarta',
    });
  }
  const look = async (name: string, jobs = process()): Promise<void> => {
    const job = jobs.find((one) => one.name === name);
    if (!job) throw new Error(`no job ${name}`);
    await job.run(time.now, new AbortController().signal);
  };

  let made = 100;
  async function queue(moment: string, label: QueueLabel = 'waiting_agent'): Promise<string> {
    const ticketId = uuid((made += 1));
    await desk.append(...opening(ticketId, 'sari'), when(moment));
    const data = { ticketId, division: 'sari' as const, label, waitingFor: null };
    await desk.append(ticketStream(ticketId), { type: 'TicketQueued', data }, when(moment));
    return ticketId;
  }
  const told = async (): Promise<Record<string, string[]>> => {
    await desk.settled();
    const rows = await desk.rows<{ user_id: string; said: string }>(
      `select user_id, kind || ' ' || count || ' ' || threshold as said from read.notifications order by position`,
    );
    const all: Record<string, string[]> = {};
    for (const { user_id, said } of rows) (all[user_id] ??= []).push(said);
    return all;
  };

  it('leads hear of five minutes, super admins of fifteen, each once and counted; nobody else hears anything', async () => {
    await queue('03:00:00');
    await queue('03:01:00');
    await queue('03:04:00');
    at('03:04:59');
    await look('queue-alerts');
    expect(await told()).to.deep.equal({});
    at('03:06:30');
    for (let n = 0; n < 3; n += 1) await look('queue-alerts');
    expect(await told()).to.deep.equal({ [TONO]: ['queue_alert 2 5'], [TATI]: ['queue_alert 2 5'] });
    at('03:16:30');
    for (let n = 0; n < 3; n += 1) await look('queue-alerts');
    const leads = ['queue_alert 2 5', 'queue_alert 1 5'];
    expect(await told()).to.deep.equal({ [TONO]: leads, [TATI]: leads, [SINTA]: ['queue_alert 2 15'] });
  });

  it('two processes at once, again and again, a clock that jumps: told once', async () => {
    for (let n = 0; n < 10; n += 1) await queue('03:00:00');
    at('03:06:00');
    const jobs = [process(), process(), process()];
    for (let n = 0; n < 4; n += 1) await Promise.all(jobs.map((each) => look('queue-alerts', each)));
    at('01:00:00');
    await Promise.all(jobs.map((each) => look('queue-alerts', each)));
    at('03:07:00');
    await Promise.all([process(), process()].map((each) => look('queue-alerts', each)));
    expect(await told()).to.deep.equal({ [TONO]: ['queue_alert 10 5'], [TATI]: ['queue_alert 10 5'] });
  });

  it('off hours count from the opening on', async () => {
    await queue('18:00:00', 'off_hours');
    at('19:00:00');
    await look('queue-alerts', process(false));
    expect(await told()).to.deep.equal({});
    await look('queue-alerts', process(true));
    expect(Object.keys(await told())).to.have.members([TONO, TATI, SINTA]);
  });

  it('a silent ticket is told to its agent and the leads, once until something happens again', async () => {
    const ticketId = await queue('00:00:00');
    await desk.append(...taking(ticketId, 'sari', ANI), when('00:10:00'));
    at('04:10:00');
    await look('idle-tickets');
    expect(await told()).to.deep.equal({});
    at('04:10:01');
    await look('idle-tickets');
    await look('idle-tickets');
    const once = ['idle_ticket 1 4'];
    expect(await told()).to.deep.equal({ [ANI]: once, [TONO]: once, [TATI]: once });
    await desk.append(
      ticketStream(ticketId),
      { type: 'TicketTagged', data: { ticketId, division: 'sari', tag: 'x' } },
      when('05:00:00'),
    );
    at('09:30:00');
    await look('idle-tickets');
    expect((await told())[ANI]).to.deep.equal([...once, ...once]);
  });

  it('does not look at tables that are behind', async () => {
    await queue('03:00:00');
    at('03:10:00');
    await desk.settled();
    await desk.runner.stop();
    await queue('03:01:00');
    const behind = process().find(({ name }) => name === 'queue-alerts');
    // The patience of the check is seconds; the answer does not depend on how many.
    const answer = await behind?.run(time.now, new AbortController().signal).catch((error: unknown) => error);
    expect(String(answer)).to.equal('Error: the read tables are behind');
  });

  it('runs under the scheduler, minute by minute, restarted in the middle', async () => {
    at('03:06:10');
    await queue('03:00:00');
    for (let round = 0; round < 2; round += 1) {
      const stopping = new AbortController();
      const deps = {
        schedule: createSchedule(desk.postgres.writes),
        leases: noLease,
        log: silentLogger(),
        lookMs: 5,
      };
      const running = createScheduler({ jobs: process(), ...deps, clock: { now: () => time.now } }).run(
        stopping.signal,
      );
      const due = time.now;
      await eventually('the check ran', async () => {
        const last = await deps.schedule.last('queue-alerts');
        return last?.finished === true && last.due.getTime() === due.getTime() - 10_000;
      });
      stopping.abort();
      await running;
      at('03:07:10');
    }
    expect((await told())[TONO]).to.deep.equal(['queue_alert 1 5']);
  });
});
