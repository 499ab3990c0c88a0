import {
  decideFreedNotice,
  decideIdleAlert,
  decideParkedNotice,
  decideQueueAlert,
  decideReturnNotice,
} from '../../../src/commands/notifications/raise-alert.ts';
import { type ParkedNotice, parkedNotice } from '../../../src/domain/notifications/parked-notice.ts';
import { type Alerts, alerts } from '../../../src/domain/notifications/notification.ts';
import { specOf } from '../../support/scenarios/given.ts';
import { ani, tono, uuidOf } from '../../support/scenarios/people.ts';

const given = specOf(alerts);
const ticket = (n: number, episode = 'first') => ({
  ticketId: uuidOf(n),
  division: 'sari' as const,
  episode,
});
const mine = (n: number, episode = 'first') => ({ ...ticket(n, episode), agentId: ani.id });

type Queue = Parameters<typeof decideQueueAlert>[1];
type Idle = Parameters<typeof decideIdleAlert>[1];

const waiting = (tickets: Queue['tickets'], minutes = 5, recipients = [tono.id]) => ({
  type: 'QueueAlertRaised' as const,
  data: { minutes, tickets, recipients },
});
const idle = (tickets: Idle['tickets'], hours = 4) => ({
  type: 'IdleTicketsFound' as const,
  data: { hours, tickets, leads: [tono.id] },
});

describe('a queue alert', () => {
  const raise =
    ({ data }: ReturnType<typeof waiting>) =>
    (state: Alerts) =>
      decideQueueAlert(state, data);

  it('names the tickets that wait, once', () => {
    const alert = waiting([ticket(1), ticket(2)]);
    given().when(raise(alert)).thenOnce(alert);
  });
  it('names only tickets that it has not named in this episode and on this level', () => {
    given(waiting([ticket(1)]))
      .when(raise(waiting([ticket(1), ticket(2)])))
      .thenOnce(waiting([ticket(2)]));
    given(waiting([ticket(1)]))
      .when(raise(waiting([ticket(1)], 15)))
      .thenOnce(waiting([ticket(1)], 15));
    given(waiting([ticket(1)]))
      .when(raise(waiting([ticket(1, 'second')])))
      .thenOnce(waiting([ticket(1, 'second')]));
  });
  it('is none when nobody would hear it', () =>
    given()
      .when(raise(waiting([ticket(1)], 5, [])))
      .then());
});

describe('a notice of tickets that come back', () => {
  type Returned = Parameters<typeof decideReturnNotice>[1];
  const back = (tickets: Returned['tickets'], recipients = [tono.id]) => ({
    type: 'TicketsReturned' as const,
    data: { agentId: ani.id, because: 'deactivated' as const, tickets, recipients },
  });
  const one = (n: number, generation = 1) => ({
    ticketId: uuidOf(n),
    episode: `${ani.id}.${String(generation)}`,
  });
  const tell =
    ({ data }: ReturnType<typeof back>) =>
    (state: Alerts) =>
      decideReturnNotice(state, data);

  it('counts each ticket once for each change of the agent', () => {
    given()
      .when(tell(back([one(1), one(2)])))
      .thenOnce(back([one(1), one(2)]));
    given(back([one(1)]))
      .when(tell(back([one(1), one(2)])))
      .thenOnce(back([one(2)]));
    given(back([one(1)]))
      .when(tell(back([one(1, 2)])))
      .thenOnce(back([one(1, 2)]));
  });
  it('is none when nobody would hear it', () =>
    given()
      .when(tell(back([one(1)], [])))
      .then());
});

describe('an alert of idle tickets', () => {
  const raise =
    ({ data }: ReturnType<typeof idle>) =>
    (state: Alerts) =>
      decideIdleAlert(state, data);

  it('names each ticket once since its last activity', () => {
    given()
      .when(raise(idle([mine(1), mine(2)])))
      .thenOnce(idle([mine(1), mine(2)]));
    given(idle([mine(1)]))
      .when(raise(idle([mine(1), mine(2)])))
      .thenOnce(idle([mine(2)]));
    given(idle([mine(1)]))
      .when(raise(idle([mine(1, 'second')])))
      .thenOnce(idle([mine(1, 'second')]));
    given(idle([mine(1)]))
      .when(raise(idle([mine(1)], 8)))
      .thenOnce(idle([mine(1)], 8));
  });
});

describe('a notice of a parked stream', () => {
  const givenNotice = specOf(parkedNotice);
  const about = { view: 'inbox', subject: `ticket-${uuidOf(1)}` };
  const parked = { type: 'StreamParked' as const, data: { ...about, recipients: [tono.id] } };
  const freed = {
    type: 'ParkedStreamFreed' as const,
    data: { ...about, noticeId: uuidOf(7), recipients: [tono.id] },
  };
  const raise = (state: ParkedNotice) => decideParkedNotice(state, parked.data);
  const free = (state: ParkedNotice) => decideFreedNotice(state, freed.data);

  it('is given once, and again when it is parked again after it was free', () => {
    givenNotice().when(raise).thenOnce(parked);
    givenNotice(parked, freed).when(raise).thenOnce(parked);
  });
  it('is taken back once', () => {
    givenNotice(parked).when(free).thenOnce(freed);
    givenNotice().when(free).then();
  });
  it('is none when nobody would hear it', () =>
    givenNotice()
      .when((state) => decideParkedNotice(state, { ...parked.data, recipients: [] }))
      .then());
});
