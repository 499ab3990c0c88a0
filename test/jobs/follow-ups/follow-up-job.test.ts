import { expect } from 'chai';
import { createSchedule } from '../../../src/adapters/operational/schedule.ts';
import type { DomainEvent } from '../../../src/domain/codec.ts';
import { conversationStream } from '../../../src/domain/conversation/conversation.ts';
import { crmUpdated } from '../../../src/domain/crm/crm.ts';
import { ticketStream } from '../../../src/domain/tickets/ticket.ts';
import { type Division, DIVISIONS } from '../../../src/domain/vocabulary.ts';
import { dueOn, followUpJob, recommendNight } from '../../../src/jobs/follow-ups/follow-up-job.ts';
import { createScheduler } from '../../../src/engine/jobs/scheduler.ts';
import { listRecommendations } from '../../../src/projections/follow-ups/follow-ups.ts';
import { commandsOn, eventsOf } from '../../support/scenarios/commands.ts';
import { eventually } from '../../support/eventually.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { type Desk, everywhere, noLease, openDesk, opening, uuid } from '../../projections/desk.ts';

const timezone = 'Asia/Jakarta';
const DUE = dueOn('2026-07-21', timezone);
const daysBefore = (days: number): string => new Date(DUE.getTime() - days * 86_400_000).toISOString();

describe('the follow-up engine', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
  });
  afterEach(() => desk.close());

  /** A process of its own, as far as memory goes. */
  const depsOf = () => {
    const { recommend } = commandsOn(desk.store).commands;
    const { store, projectionStatus } = desk;
    return {
      store,
      projectionStatus,
      tables: desk.postgres.writes,
      recommend,
      log: silentLogger(),
      timezone,
    };
  };
  const night = (due = DUE) => recommendNight(depsOf(), due, new AbortController().signal);

  let made = 100;
  /** A ticket with these CRM values, untouched for so many days. */
  async function ticket(
    division: Division,
    days: number,
    values: Record<string, string | boolean>,
    customerId = uuid(800_000 + made),
  ) {
    const ticketId = uuid((made += 1));
    const at = daysBefore(days);
    await desk.append(...opening(ticketId, division, { customerId }), { at });
    const changes = Object.entries(values).map(([field, to]) => ({ field, from: null, to }));
    const updated = crmUpdated({ ticketId, division }, changes, { source: 'agent', confidence: null, at });
    await desk.append(ticketStream(ticketId), updated, { at });
    return ticketId;
  }
  const close = (ticketId: string, division: Division, outcome: 'closed' | 'lost' = 'closed') =>
    desk.append(
      ticketStream(ticketId),
      { type: 'TicketClosed', data: { ticketId, division, outcome, reason: null } },
      { at: daysBefore(8) },
    );
  async function listed(division: Division | null = null): Promise<string[]> {
    await desk.settled();
    const divisions = division === null ? DIVISIONS : [division];
    const wanted = { divisions, category: null, assignedTo: null, now: DUE.toISOString(), limit: 100 };
    const { leads, total } = await listRecommendations(desk.postgres.reads, everywhere, wanted);
    expect(total).to.equal(leads.length);
    return leads.map((lead) => `${lead.ticket_id} ${lead.category} ${lead.reason}`);
  }

  it('recommends exactly what the rules say of the history, the hottest and longest waiting first', async () => {
    const moving = await ticket('safia', 1, { desired_move_date: '2026-07-30' });
    const five = await ticket('savi', 5, { crm_stage: 'Qualified' });
    const three = await ticket('sari', 3, { crm_stage: 'Proposal' });
    const seven = await ticket('safia', 7, { crm_stage: 'Proposal' });
    const cancelled = await ticket('sari', 9, { crm_stage: 'Lost', lost_reason: 'cancelled_plan' });
    await close(cancelled, 'sari', 'lost');
    await ticket('sari', 2.9993, { crm_stage: 'Proposal' });
    await ticket('sari', 9, { crm_stage: 'Lead' });
    await close(await ticket('sari', 9, { crm_stage: 'Proposal' }), 'sari');
    expect(await night()).to.deep.equal({ sari: 2, savi: 1, safia: 2 });
    expect(await listed()).to.deep.equal([
      `${seven} PANAS Proposal sudah 7 hari tanpa respons`,
      `${three} PANAS Proposal sudah 3 hari tanpa respons`,
      `${five} HANGAT Lead qualified sudah 5 hari tidak ada aktivitas`,
      `${cancelled} DINGIN Rencana dibatalkan, layak dihubungi ulang`,
      `${moving} DINGIN Rencana pindah dalam 9 hari, belum konfirmasi`,
    ]);
    expect(await listed('savi')).to.have.length(1);
  });

  it('leaves out who is talked with on a newer ticket', async () => {
    const back = uuid(700_000);
    const lost = { crm_stage: 'Lost', lost_reason: 'cancelled_plan' };
    const old = await ticket('sari', 9, lost, back);
    await close(old, 'sari', 'lost');
    await night();
    expect(await listed()).to.have.length(1);
    const newer = await ticket('sari', 1, {}, back);
    expect(await listed()).to.deep.equal([]);
    await close(newer, 'sari');
    expect(await listed()).to.have.length(1);
  });

  it('run twice, at once and again, the night is there once', async () => {
    await ticket('sari', 3, { crm_stage: 'Proposal' });
    await Promise.all([night(), night()]);
    await ticket('sari', 4, { crm_stage: 'Proposal' });
    expect(await night()).to.deep.equal({ sari: 1, savi: 0, safia: 0 });
    const types = (await eventsOf(desk.store, 'followup-')).map(({ stream, type }) => `${stream} ${type}`);
    expect(types.sort()).to.deep.equal([
      'followup-safia-2026-07-21 FollowUpNightCompleted',
      'followup-sari-2026-07-21 FollowUpNightCompleted',
      'followup-sari-2026-07-21 FollowUpsRecommended',
      'followup-savi-2026-07-21 FollowUpNightCompleted',
    ]);
    expect(await listed()).to.have.length(1);
  });

  it('a night that was killed in the middle goes on where it stood', async () => {
    for (let n = 0; n < 3; n += 1) await ticket('sari', 3, { crm_stage: 'Proposal' });
    const [first] = await desk.rows<{ id: string }>('select id from read.tickets order by id limit 1');
    await desk.settled();
    const id = first?.id ?? uuid(made);
    const said = {
      ticketId: id,
      category: 'PANAS',
      rule: 'proposal_idle',
      reason: 'Proposal sudah 3 hari tanpa respons',
    };
    const data = { division: 'sari', night: '2026-07-21', leads: [said] };
    await desk.append('followup-sari-2026-07-21', { type: 'FollowUpsRecommended', data } as DomainEvent);
    expect(await night()).to.deep.equal({ sari: 3, savi: 0, safia: 0 });
    expect(await listed()).to.have.length(3);
  });

  it('a new night takes the place of the last one, also when it recommends nothing; an older one does not', async () => {
    const id = await ticket('sari', 3, { crm_stage: 'Proposal' });
    await night();
    expect(await listed()).to.have.length(1);
    await night(dueOn('2026-07-20', timezone));
    expect(await listed()).to.have.length(1);
    await close(id, 'sari');
    expect(await listed(), 'closed by now').to.deep.equal([]);
    await night(dueOn('2026-07-22', timezone));
    await desk.settled();
    expect(await desk.rows('select * from read.followup_recs')).to.deep.equal([]);
  });

  it('what reaches the customer afterwards acts on it; what was said before does not', async () => {
    const [asked, answered, silent] = await Promise.all(
      [3, 4, 5].map((days) => ticket('sari', days, { crm_stage: 'Proposal' })),
    );
    const reply = (ticketId = '', days: number): Promise<unknown> =>
      desk.append(
        conversationStream(ticketId),
        {
          type: 'AgentReplied',
          data: {
            ticketId,
            division: 'sari',
            messageId: uuid((made += 1)),
            content: 'Halo',
            sentAt: daysBefore(days),
            agentId: uuid(1),
          },
        },
        { at: daysBefore(days) },
      );
    await reply(silent, 5);
    await night();
    expect(await listed()).to.have.length(3);
    await reply(asked, -0.1);
    await reply(answered, -0.2);
    expect((await listed()).map((line) => line.split(' ')[0])).to.deep.equal([silent]);
  });

  it('runs at 01:00 in Jakarta and makes up for a missed night at the next start', async () => {
    await ticket('sari', 3, { crm_stage: 'Proposal' });
    const time = { now: new Date(DUE.getTime() - 60_000) };
    const stop = new AbortController();
    const start = (signal: AbortSignal) =>
      createScheduler({
        schedule: createSchedule(desk.postgres.writes),
        leases: noLease,
        clock: { now: () => time.now },
        log: silentLogger(),
        lookMs: 10,
        jobs: [followUpJob(depsOf(), '0 1 * * *')],
      }).run(signal);
    const nights = async (): Promise<string[]> => {
      const found = await eventsOf(desk.store, 'followup-sari-');
      return found.filter(({ type }) => type === 'FollowUpNightCompleted').map(({ stream }) => stream);
    };
    let running = start(stop.signal);
    time.now = DUE;
    await eventually('the night of the 21st', async () => ((await nights()).length === 1 ? true : undefined));
    stop.abort();
    await running;
    // Down over the nights of the 22nd and 23rd: of those only the last is worth anything.
    time.now = new Date(DUE.getTime() + 2 * 86_400_000 + 8 * 3_600_000);
    const again = new AbortController();
    running = start(again.signal);
    await eventually('the missed night', async () => ((await nights()).length === 2 ? true : undefined));
    again.abort();
    await running;
    expect(await nights()).to.deep.equal(['followup-sari-2026-07-21', 'followup-sari-2026-07-23']);
  });
});
