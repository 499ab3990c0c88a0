import { expect } from 'chai';
import { alertKey, alerts, readMarks } from '../../../src/domain/notifications/notification.ts';
import { fold } from '../../support/scenarios/given.ts';
import { ani, tono, uuidOf } from '../../support/scenarios/people.ts';

const ticket = (n: number) => ({ ticketId: uuidOf(n), division: 'sari' as const, episode: 'e' });
const waiting = (from: number, to: number) => ({
  type: 'QueueAlertRaised' as const,
  data: {
    minutes: 5,
    tickets: Array.from({ length: to - from }, (_, n) => ticket(from + n)),
    recipients: [tono.id],
  },
});

describe('the alerts as their events leave them', () => {
  it('live on one stream for each kind', () => {
    expect(alerts.stream('queue')).to.equal('alerts-queue');
    expect(alerts.category).to.equal('alerts');
    expect(alerts.tail).to.equal(64);
  });
  it('are known by level, ticket and episode', () => {
    expect(alertKey(5, ticket(1))).to.equal(`5 ${uuidOf(1)} e`);
    const idle = {
      type: 'IdleTicketsFound' as const,
      data: { hours: 4, tickets: [{ ...ticket(2), agentId: ani.id }], leads: [] },
    };
    expect([...fold(alerts, [waiting(1, 2), idle]).alerted]).to.deep.equal([
      `5 ${uuidOf(1)} e`,
      `4 ${uuidOf(2)} e`,
    ]);
  });
  it('are the last 5,000', () => {
    const { alerted } = fold(alerts, [waiting(0, 3_000), waiting(3_000, 5_001)]);
    expect(alerted.size).to.equal(5_000);
    expect(alerted.has(alertKey(5, ticket(0)))).to.equal(false);
    expect(alerted.has(alertKey(5, ticket(1)))).to.equal(true);
    expect(fold(alerts, [waiting(0, 4_999)]).alerted.size).to.equal(4_999);
  });
});

describe('what a person has read, as their events leave it', () => {
  it('is on a stream of theirs', () => {
    expect(readMarks.stream(ani.id)).to.equal(`notifications-${ani.id}`);
    expect(readMarks.category).to.equal('notifications');
    expect(readMarks.tail).to.equal(64);
    const read = (n: number) => ({
      type: 'NotificationRead' as const,
      data: { userId: ani.id, notificationId: uuidOf(n) },
    });
    expect([...fold(readMarks, [read(1), read(2)]).read]).to.deep.equal([uuidOf(1), uuidOf(2)]);
  });
});
