import { expect } from 'chai';
import type { DomainEvent } from '../../../src/domain/codec.ts';
import { internalStream } from '../../../src/domain/conversation/internal-notes.ts';
import { conversationStream } from '../../../src/domain/conversation/conversation.ts';
import { alertsStream, notificationsStream } from '../../../src/domain/notifications/notification.ts';
import { ticketStream } from '../../../src/domain/tickets/ticket.ts';
import { idleWithoutAlert, queuedWithoutAlert } from '../../../src/projections/notifications/alerts.ts';
import { listNotifications } from '../../../src/projections/notifications/notifications.ts';
import { rejection } from '../../support/rejection.ts';
import { agentOf, type Desk, openDesk, opening, registered, taking, uuid } from '../desk.ts';
import { unchecked } from '../../support/stores/unchecked.ts';

const T = uuid(100);
const [ANI, BUDI, TONO, SINTA] = [uuid(11), uuid(12), uuid(13), uuid(14)];
const about = { ticketId: T, division: 'sari' as const };
const onTicket = (event: DomainEvent): [string, DomainEvent] => [ticketStream(T), event];

const assigned = (agentId: string, reason?: { rule: 'returning_customer' }): [string, DomainEvent] =>
  onTicket({
    type: 'TicketAssigned',
    data: {
      ...about,
      agentId,
      agentDivision: 'sari',
      from: 'queue',
      note: 'rahasia',
      ...(reason && { reason }),
    },
  });
const moved = onTicket({
  type: 'TicketReassigned',
  data: { ...about, fromAgent: ANI, toAgent: BUDI, toDivision: 'sari', reason: 'rahasia' },
});

describe('notifications', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
    for (const [id, name] of [
      [ANI, 'Ani'],
      [BUDI, 'Budi'],
      [TONO, 'Tono'],
      [SINTA, 'Sinta'],
    ] as const)
      await desk.append(...registered(id, name));
    await desk.append(...opening(T, 'sari'));
  });
  afterEach(() => desk.close());

  const of = async (userId: string, unread = false) => {
    await desk.settled();
    const scope = { kind: 'division', division: 'sari', userId } as const;
    return (await listNotifications(desk.postgres.reads, scope, { limit: 50, unread })).notifications;
  };
  const told = async (userId: string) => (await of(userId)).map(({ kind, text }) => [kind, text]);

  it('tells the old and the new agent of a move, by name, and not who did it', async () => {
    await desk.append(...assigned(ANI), { actor: agentOf(TONO) });
    await desk.append(...moved, { actor: agentOf(TONO) });
    expect(await told(ANI)).to.deep.equal([
      ['ticket_reassigned_away', 'Tiket Anda dipindahkan oleh Tono'],
      ['ticket_assigned', 'Tiket ditugaskan kepada Anda oleh Tono'],
    ]);
    expect(await told(BUDI)).to.deep.equal([['ticket_assigned', 'Tiket ditugaskan kepada Anda oleh Tono']]);
    expect(await told(TONO)).to.deep.equal([]);
  });

  it('tells nobody what they did themselves', async () => {
    await desk.append(...taking(T, 'sari', ANI), { actor: agentOf(ANI) });
    await desk.append(...moved, { actor: agentOf(BUDI) });
    expect(await told(BUDI)).to.deep.equal([]);
  });

  it('says that a waiting ticket came home', async () => {
    const actor = { kind: 'system', process: 'routing' } as const;
    await desk.append(...assigned(ANI, { rule: 'returning_customer' }), { actor });
    expect(await told(ANI)).to.deep.equal([
      ['waiting_ticket_assigned', 'Tiket yang menunggu Anda kini menjadi milik Anda'],
    ]);
  });

  it('speaks of a note and of a reply without a word of either', async () => {
    const note = { noteId: uuid(500), senderId: TONO, content: 'kata sangat rahasia', taggedAgentId: ANI };
    await desk.append(internalStream(T), { type: 'InternalNotePosted', data: { ...about, ...note } });
    const said = { messageId: uuid(501), content: 'isi balasan', sentAt: '2026-11-20T03:00:00.000Z' };
    await desk.append(conversationStream(T), {
      type: 'TeamReplied',
      data: { ...about, ...said, senderId: SINTA, displayName: 'Saga Team', notifiedAgentId: ANI },
    });
    const [reply, tag] = await of(ANI);
    expect(reply).to.include({
      kind: 'sa_replied',
      layer: 'L1',
      text: 'Super Admin ikut membalas',
      ticket_id: T,
    });
    expect(tag).to.include({ kind: 'l2_tagged', layer: 'L2', text: 'Anda ditandai di catatan internal' });
    const stored = await desk.rows('select n::text as n from read.notifications n');
    expect(JSON.stringify(stored)).not.to.match(/rahasia|balasan/);
  });

  it('counts several tickets in one notification, each agent theirs and leads all', async () => {
    const idle = (n: number, agentId: string) => ({ ...about, ticketId: uuid(n), agentId, episode: 'e' });
    await desk.append(alertsStream('idle'), {
      type: 'IdleTicketsFound',
      data: { hours: 4, tickets: [idle(1, ANI), idle(2, ANI), idle(3, BUDI)], leads: [TONO] },
    });
    expect(await told(TONO)).to.deep.equal([['idle_ticket', '3 tiket tanpa aktivitas lebih dari 4 jam']]);
    expect(await told(ANI)).to.deep.equal([['idle_ticket', '2 tiket tanpa aktivitas lebih dari 4 jam']]);
    expect((await of(BUDI))[0]).to.include({
      text: '1 tiket tanpa aktivitas lebih dari 4 jam',
      ticket_id: uuid(3),
    });
  });

  it('is read by one, once, and stays unread for the other', async () => {
    const alert: DomainEvent = {
      type: 'QueueAlertRaised',
      data: { minutes: 5, tickets: [{ ...about, episode: 'e' }], recipients: [ANI, TONO] },
    };
    await desk.append(alertsStream('queue'), alert);
    const [first] = await of(ANI);
    const data = { userId: ANI, notificationId: first?.id ?? '' };
    await desk.append(
      notificationsStream(ANI),
      { type: 'NotificationRead', data },
      { at: '2026-11-20T04:00:00.000Z' },
    );
    await desk.append(
      notificationsStream(ANI),
      { type: 'NotificationRead', data },
      { at: '2026-11-20T05:00:00.000Z' },
    );
    expect(await of(ANI, true)).to.deep.equal([]);
    expect((await of(ANI))[0]?.read_at).to.equal('2026-11-20T04:00:00.000Z');
    expect((await of(TONO, true)).length).to.equal(1);
  });

  it('pages newest first without gaps, and shows nobody anything of others', async () => {
    for (let n = 0; n < 5; n += 1) await desk.append(...assigned(ANI), { actor: agentOf(TONO) });
    await desk.append(...moved, { actor: agentOf(TONO) });
    await desk.settled();
    const scope = { kind: 'all', userId: ANI } as const;
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await listNotifications(desk.postgres.reads, scope, {
        limit: 2,
        ...(cursor && { cursor }),
      });
      expect(page.unread).to.equal(6);
      seen.push(...page.notifications.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(seen).size).to.equal(6);
    const bare = await desk.postgres.reads.scoped(scope, (sql) =>
      sql.query(
        unchecked<{ user_id: string }>({ text: 'select user_id from read.notifications', values: [] }),
      ),
    );
    expect(new Set(bare.map(({ user_id }) => user_id))).to.deep.equal(new Set([ANI]));
    const forged = listNotifications(desk.postgres.reads, scope, { limit: 2, cursor: 'forged' });
    expect((await rejection(forged)).name).to.equal('InvalidCursor');
  });
});

describe('what the checks look at', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await openDesk();
    await desk.append(...opening(T, 'sari'), { at: '2026-11-20T00:00:00.000Z' });
  });
  afterEach(() => desk.close());

  const queued = (label: 'waiting_agent' | 'off_hours' | 'returning_customer') =>
    onTicket({ type: 'TicketQueued', data: { ...about, label, waitingFor: null } });
  const at = (time: string) => ({ at: `2026-11-20T${time}:00.000Z` });
  const waiting = async (since: string, minutes = 5) => {
    await desk.settled();
    return queuedWithoutAlert(desk.postgres.writes, minutes, new Date(`2026-11-20T${since}:00.000Z`));
  };

  it('a wait goes on when its label changes, and ends with an agent', async () => {
    await desk.append(...queued('returning_customer'), at('03:00'));
    await desk.append(...queued('waiting_agent'), at('03:10'));
    expect((await waiting('03:00')).map(({ ticketId }) => ticketId)).to.deep.equal([T]);
    await desk.append(...taking(T, 'sari', ANI), at('03:11'));
    expect(await waiting('04:00')).to.deep.equal([]);
  });

  it('a wait that began outside office hours begins again inside them', async () => {
    await desk.append(...queued('off_hours'), at('01:00'));
    expect((await waiting('02:00'))[0]).to.include({ offHours: true });
    await desk.append(...queued('waiting_agent'), at('03:00'));
    expect(await waiting('02:59')).to.deep.equal([]);
    expect((await waiting('03:00'))[0]).to.include({ offHours: false });
  });

  it('what was told is not found again, another level and another wait are', async () => {
    await desk.append(...queued('waiting_agent'), at('03:00'));
    const [found] = await waiting('04:00');
    const tickets = [{ ...about, episode: found?.episode ?? '' }];
    await desk.append(alertsStream('queue'), {
      type: 'QueueAlertRaised',
      data: { minutes: 5, tickets, recipients: [ANI] },
    });
    expect(await waiting('04:00')).to.deep.equal([]);
    expect((await waiting('04:00', 15)).length).to.equal(1);
    await desk.append(...taking(T, 'sari', ANI), at('04:00'));
    await desk.append(
      ...onTicket({ type: 'TicketWithdrawn', data: { ...about, agentId: ANI } }),
      at('04:10'),
    );
    const [again] = await waiting('04:30');
    expect(again?.episode).not.to.equal(found?.episode);
  });

  it('an idle ticket is found until it was told of, and again after the next activity', async () => {
    await desk.append(...taking(T, 'sari', ANI), at('03:00'));
    await desk.settled();
    const idle = (time: string) =>
      idleWithoutAlert(desk.postgres.writes, new Date(`2026-11-20T${time}:00.000Z`));
    const [found] = await idle('04:00');
    expect(found).to.deep.equal({ ...about, agentId: ANI, episode: '2026-11-20T03:00:00.000Z' });
    expect(await idle('02:00')).to.deep.equal([]);
    if (!found) throw new Error('nothing found');
    await desk.append(alertsStream('idle'), {
      type: 'IdleTicketsFound',
      data: { hours: 4, tickets: [found], leads: [] },
    });
    await desk.settled();
    expect(await idle('09:00')).to.deep.equal([]);
    await desk.append(...onTicket({ type: 'TicketTagged', data: { ...about, tag: 'x' } }), at('05:00'));
    await desk.settled();
    expect((await idle('09:00')).length).to.equal(1);
  });
});
