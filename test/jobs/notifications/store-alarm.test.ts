import { expect } from 'chai';
import { systemClock, uuids } from '../../../src/adapters/clock.ts';
import { createPushDevices } from '../../../src/adapters/operational/push-devices.ts';
import { createSessions } from '../../../src/adapters/operational/sessions.ts';
import { alarmOfStreams, alarmSuperAdmins } from '../../../src/jobs/notifications/store-alarm.ts';
import type { NativeAddress, PushAddress, PushOutcome } from '../../../src/ports.ts';
import { noteNotWhole } from '../../../src/engine/commands/streams-not-whole.ts';
import { userStream } from '../../../src/domain/staff/user.ts';
import { type Desk, openDesk, registered, uuid } from '../../projections/desk.ts';
import { REFRESH_RULE } from '../../support/stores/refresh-rule.ts';

const [ANI, SARI, GONE] = [uuid(11), uuid(12), uuid(13)];

describe('the alarm of a changed store', () => {
  let desk: Desk;
  const sent: { readonly endpoint: string; readonly payload: object }[] = [];

  beforeEach(async () => {
    desk = await openDesk();
    sent.length = 0;
    await desk.append(...registered(ANI, 'Ani'));
    for (const [userId, name] of [
      [SARI, 'Sari'],
      [GONE, 'Gone'],
    ] as const)
      await desk.append(userStream(userId), {
        type: 'UserRegistered',
        data: {
          userId,
          name,
          email: `${name}@demo.saga`,
          passwordHash: 'hash',
          role: 'super_admin',
          division: 'all',
        },
      });
    desk.runner.start();
    await desk.settled();
  });
  afterEach(() => desk.close());

  const devices = () => createPushDevices(desk.postgres.writes, systemClock, uuids);
  async function subscribed(userId: string): Promise<void> {
    const session = await createSessions(desk.postgres.writes, systemClock, uuids, REFRESH_RULE).start(
      userId,
      0,
    );
    const address = { endpoint: `https://push.example/${userId}`, keys: { p256dh: 'p', auth: 'a' } };
    await devices().add(userId, session.sessionId, address);
  }
  const deps = (publicKey: string | null = 'a key') => ({
    staff: desk.postgres.writes,
    devices: devices(),
    push: {
      publicKey,
      native: false,
      send: (to: PushAddress | NativeAddress, payload: object): Promise<PushOutcome> => {
        const endpoint = 'token' in to ? to.token : to.endpoint;
        sent.push({ endpoint, payload });
        return Promise.resolve(endpoint.endsWith(GONE) ? 'gone' : 'sent');
      },
    },
  });
  const alarm = (publicKey?: string | null) => alarmSuperAdmins(deps(publicKey), uuid(900));

  it('rings at super admins, once for a change, and forgets a device that is gone', async () => {
    for (const userId of [ANI, SARI, GONE]) await subscribed(userId);
    await alarm();
    await alarm();
    expect(sent.map(({ endpoint }) => endpoint).sort()).to.deep.equal([
      `https://push.example/${SARI}`,
      `https://push.example/${GONE}`,
    ]);
    expect(sent[0]?.payload).to.include({ id: uuid(900), kind: 'store_changed', ticket_id: null });
    expect(await devices().reachable([SARI, GONE])).to.have.length(1);
  });

  it('rings for a stream that is not whole, once, and again when it was whole in between', async () => {
    for (const userId of [ANI, SARI]) await subscribed(userId);
    const stream = `conversation-${uuid(7)}`;
    const rings = async () => {
      sent.length = 0;
      await alarmOfStreams(deps(), desk.postgres.writes);
      return sent.map(({ endpoint, payload }) => [endpoint, (payload as { ticket_id: string }).ticket_id]);
    };
    await noteNotWhole(desk.postgres.writes, stream, 'events are missing');
    expect(await rings()).to.deep.equal([[`https://push.example/${SARI}`, uuid(7)]]);
    await noteNotWhole(desk.postgres.writes, stream, 'more are missing');
    expect(await rings()).to.deep.equal([]);
    await desk.rows('delete from ops.streams_not_whole returning stream');
    await noteNotWhole(desk.postgres.writes, stream, 'events are missing');
    expect(await rings()).to.have.length(1);
  });

  it('does nothing where Web Push is not set up', async () => {
    await subscribed(SARI);
    await alarm(null);
    expect(sent).to.deep.equal([]);
  });
});
