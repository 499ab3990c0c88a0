import { expect } from 'chai';
import webPush from 'web-push';
import { systemClock, uuids } from '../../../src/adapters/clock.ts';
import { createJobCheckpoints } from '../../../src/adapters/operational/job-checkpoints.ts';
import { createPushDevices } from '../../../src/adapters/operational/push-devices.ts';
import { REFRESH_RULE } from '../../support/stores/refresh-rule.ts';
import { createSessions } from '../../../src/adapters/operational/sessions.ts';
import { createWebPush } from '../../../src/adapters/push/web-push.ts';
import { blastStream } from '../../../src/domain/blasts/blast.ts';
import { preferencesStream } from '../../../src/domain/notifications/preferences.ts';
import { internalStream } from '../../../src/domain/conversation/internal-notes.ts';
import { ticketStream } from '../../../src/domain/tickets/ticket.ts';
import { userStream } from '../../../src/domain/staff/user.ts';
import { createNotifier } from '../../../src/jobs/notifications/notifier.ts';
import { createPushSender } from '../../../src/adapters/push/push-sender.ts';
import type { PushAddress, PushPayload } from '../../../src/ports.ts';
import { eventually } from '../../support/eventually.ts';
import { browser, pushService } from '../../support/channels/push-service.ts';
import { fcmSimulator } from '../../support/channels/fcm-simulator.ts';
import { skippedEvents } from '../../support/observe/skipped-events.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { agentOf, type Desk, noLease, openDesk, opening, registered, uuid } from '../../projections/desk.ts';

const T = uuid(100);
const [ANI, TONO] = [uuid(11), uuid(13)];
const about = { ticketId: T, division: 'sari' as const };

describe('push notifications', () => {
  let desk: Desk;
  let service: Awaited<ReturnType<typeof pushService>>;
  const stops: (() => Promise<void>)[] = [];
  const keys = webPush.generateVAPIDKeys();

  beforeEach(async () => {
    desk = await openDesk();
    service = await pushService();
    await desk.append(...registered(ANI, 'Ani'));
    await desk.append(...registered(TONO, 'Tono'));
    await desk.append(...opening(T, 'sari'));
    await desk.settled();
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    await service.close();
    await desk.close();
  });

  const devices = () => createPushDevices(desk.postgres.writes, systemClock, uuids);
  const sender = (logger = silentLogger()) =>
    createWebPush({ vapid: { ...keys, subject: 'mailto:it@demo.saga' }, hosts: ['127.0.0.1'], logger });

  async function subscribed(userId: string, name = 'phone') {
    const session = await createSessions(desk.postgres.writes, systemClock, uuids, REFRESH_RULE).start(
      userId,
      0,
    );
    const device = browser(`${service.url}/${name}`);
    const id = await devices().add(userId, session.sessionId, device.address);
    return { ...device, id, ...session, path: `/${name}` };
  }

  interface Sender {
    send(to: PushAddress, payload: PushPayload): Promise<'sent' | 'gone' | 'failed'>;
  }
  function start(push: Sender = sender()) {
    const log = silentLogger();
    const stopping = new AbortController();
    const done = createNotifier({
      store: desk.store,
      checkpoints: createJobCheckpoints(desk.postgres.writes),
      projectionStatus: desk.projectionStatus,
      devices: devices(),
      push: push,
      staff: desk.postgres.writes,
      leases: noLease,
      clock: systemClock,
      log,
      skipped: skippedEvents(log),
    }).run(stopping.signal);
    const stop = async (): Promise<void> => {
      stopping.abort();
      await done;
    };
    stops.push(stop);
    return { log, stop };
  }
  const checkpoint = async () =>
    (await createJobCheckpoints(desk.postgres.writes).read('notifier'))?.position;
  /** Everything in the store was looked at. */
  const caughtUp = () =>
    eventually('the notifier', async () => (await checkpoint()) === (await desk.store.head()));
  const assign = (agentId = ANI, at?: string) =>
    desk.append(
      ticketStream(T),
      {
        type: 'TicketAssigned',
        data: { ...about, agentId, agentDivision: 'sari', from: 'bot', note: 'rahasia' },
      },
      { actor: agentOf(TONO), ...(at !== undefined && { at }) },
    );

  it('says what it is about, and of an internal note only that there is one', async () => {
    const ani = await subscribed(ANI);
    start();
    await caughtUp();
    await assign();
    const note = { noteId: uuid(500), senderId: TONO, content: 'kata rahasia', taggedAgentId: ANI };
    await desk.append(internalStream(T), { type: 'InternalNotePosted', data: { ...about, ...note } });
    await caughtUp();
    const [first, second] = service.got.map((push) => ani.read(push));
    expect(first).to.deep.include({
      kind: 'ticket_assigned',
      layer: null,
      ticket_id: T,
      text: 'Tiket ditugaskan kepada Anda oleh Tono',
    });
    expect(second).to.have.all.keys(
      'id',
      'kind',
      'layer',
      'text',
      'ticket_id',
      'blast_id',
      'job_id',
      'invoice_id',
      'badge',
      'sound',
    );
    expect(second).to.include({ kind: 'l2_tagged', layer: 'L2', text: 'Ada catatan internal untuk Anda' });
    expect([first, second].map((push) => push?.['sound'])).to.deep.equal(['l1', 'l2']);
    expect(second?.['badge']).to.equal(2);
    expect(service.got[0]?.headers).to.include({ 'content-encoding': 'aes128gcm', urgency: 'high' });
    expect(service.got[0]?.headers.authorization).to.match(/^vapid t=/);
  });

  it('leaves out kinds that the person does not want on their devices, and is silent where they want that', async () => {
    const ani = await subscribed(ANI);
    start();
    const wish = { inApp: true, push: true, sound: true };
    await desk.append(preferencesStream(ANI), {
      type: 'NotificationPreferencesChanged',
      data: {
        userId: ANI,
        preferences: [
          { kind: 'ticket_assigned', ...wish, push: false },
          { kind: 'l2_tagged', ...wish, sound: false },
        ],
      },
    });
    await caughtUp();
    await assign();
    const note = { noteId: uuid(501), senderId: TONO, content: 'kata rahasia', taggedAgentId: ANI };
    await desk.append(internalStream(T), { type: 'InternalNotePosted', data: { ...about, ...note } });
    await caughtUp();
    expect(service.got.map((push) => [ani.read(push)['kind'], ani.read(push)['sound']])).to.deep.equal([
      ['l2_tagged', null],
    ]);
  });

  it('reaches a native app by FCM, and forgets one that was taken off the phone', async () => {
    const fcm = await fcmSimulator();
    stops.push(() => fcm.close());
    const { sessionId } = await createSessions(desk.postgres.writes, systemClock, uuids, REFRESH_RULE).start(
      ANI,
      0,
    );
    const token = 'phone-of-ani-0123456789';
    const id = await devices().add(ANI, sessionId, { platform: 'android', token, appVersion: '1.4.0' });
    expect(await devices().add(ANI, sessionId, { platform: 'ios', token, appVersion: null })).to.equal(id);
    start(
      createPushSender({
        ...{ vapid: null, hosts: [], logger: silentLogger() },
        ...{ serviceAccount: fcm.account, fcmUrl: fcm.url },
      }),
    );
    await caughtUp();
    await assign();
    const note = { noteId: uuid(502), senderId: TONO, content: 'kata rahasia', taggedAgentId: ANI };
    await desk.append(internalStream(T), { type: 'InternalNotePosted', data: { ...about, ...note } });
    await eventually('both pushes', () => fcm.sent.length >= 2);
    expect(fcm.sent.map(({ notification }) => notification.body)).to.deep.equal([
      'Tiket ditugaskan kepada Anda oleh Tono',
      'Ada catatan internal untuk Anda',
    ]);
    expect(fcm.sent[1]?.data).to.include({
      kind: 'l2_tagged',
      layer: 'L2',
      ticket_id: T,
      badge: '2',
      sound: 'l2',
    });
    expect(JSON.stringify(fcm.sent)).not.to.include('rahasia');
    fcm.answer(token, fcm.UNREGISTERED);
    await assign();
    await eventually('it is forgotten', async () => (await devices().reachable([ANI])).length === 0);
  });

  it('rings for a blast: who decides on it, and who asked for it', async () => {
    const [ani, tono] = [await subscribed(ANI, 'ani'), await subscribed(TONO, 'tono')];
    start();
    await caughtUp();
    const blastId = uuid(700);
    const of = { blastId, creatorId: ANI, hash: 'h' };
    const template = { id: uuid(701), name: 'promo', language: 'id', body: 'Halo', whatsappName: 'promo' };
    const recipient = {
      ticketId: T,
      customerId: uuid(702),
      division: 'sari' as const,
      category: 'NONE' as const,
    };
    await desk.append(
      blastStream(blastId),
      {
        type: 'BlastCreated',
        data: {
          ...of,
          creatorRole: 'sales_agent',
          message: 'Halo',
          template,
          recipients: [recipient],
          approvers: [TONO],
        },
      },
      { actor: agentOf(ANI) },
    );
    await desk.append(blastStream(blastId), { type: 'BlastApproved', data: of }, { actor: agentOf(TONO) });
    await eventually('both phones', () => service.got.length >= 2);
    const toldTo = (path: string) => service.got.filter((push) => push.path === path);
    expect(toldTo(tono.path).map((push) => tono.read(push)['kind'])).to.deep.equal(['blast_waiting']);
    expect(toldTo(ani.path).map((push) => ani.read(push))[0]).to.deep.include({
      kind: 'blast_approved',
      text: 'Blast Anda disetujui oleh Tono',
      ticket_id: null,
    });
  });

  it('two processes, killed and started again in the middle: each device once', async () => {
    const all = await Promise.all(['a', 'b', 'c'].map((name) => subscribed(ANI, name)));
    start();
    start();
    await caughtUp();
    for (let n = 0; n < 20; n += 1) {
      await assign();
      if (n % 5 === 4) {
        await Promise.all(stops.splice(0).map((stop) => stop()));
        start();
        start();
      }
    }
    await caughtUp();
    await eventually('all pushes', () => service.got.length >= 60);
    const keysOf = service.got.map((push) => {
      const device = all.find(({ path }) => path === push.path);
      return `${push.path} ${String(device?.read(push)['id'])}`;
    });
    expect(keysOf.length).to.equal(60);
    expect(new Set(keysOf).size).to.equal(60);
  });

  it('what was claimed and not sent is lost rather than told twice', async () => {
    await subscribed(ANI);
    let tried = 0;
    start({
      send: () => {
        tried += 1;
        return Promise.reject(new Error('killed here'));
      },
    });
    await caughtUp();
    await assign();
    await eventually('it was tried', () => tried === 1);
    await Promise.all(stops.splice(0).map((stop) => stop()));
    start();
    await caughtUp();
    expect(service.got).to.deep.equal([]);
  });

  it('forgets a device that is gone, keeps one that failed, and goes on', async () => {
    await subscribed(ANI, 'gone');
    await subscribed(ANI, 'failing');
    await subscribed(ANI, 'well');
    service.answer('/gone', 410);
    service.answer('/failing', 503);
    const { log } = start();
    await caughtUp();
    await assign();
    await caughtUp();
    await assign();
    await caughtUp();
    expect(service.got.map(({ path }) => path).sort()).to.deep.equal([
      '/failing',
      '/failing',
      '/gone',
      '/well',
      '/well',
    ]);
    expect(JSON.stringify(log.lines)).not.to.include('127.0.0.1');
  });

  it('tells nobody who was deactivated or logged out, nor of what is long past', async () => {
    await subscribed(ANI, 'ani');
    const tono = await subscribed(TONO, 'tono');
    start();
    await caughtUp();
    await assign(ANI, new Date(Date.now() - 2 * 3_600_000).toISOString());
    await createSessions(desk.postgres.writes, systemClock, uuids, REFRESH_RULE).end(
      tono.sessionId,
      'logout',
    );
    await desk.append(
      ticketStream(T),
      {
        type: 'TicketAssigned',
        data: { ...about, agentId: TONO, agentDivision: 'sari', from: 'bot', note: null },
      },
      { actor: agentOf(ANI) },
    );
    await desk.append(userStream(ANI), { type: 'UserDeactivated', data: { userId: ANI } });
    await desk.settled();
    await assign();
    await caughtUp();
    expect(service.got).to.deep.equal([]);
  });

  it('starts at the end of the store: who subscribes today hears nothing of yesterday', async () => {
    await subscribed(ANI);
    await assign();
    start();
    await caughtUp();
    expect(service.got).to.deep.equal([]);
  });

  it('writes to push services only, and follows nobody elsewhere', async () => {
    const push = createWebPush({
      vapid: null,
      hosts: ['.push.apple.com', 'fcm.googleapis.com'],
      logger: silentLogger(),
    });
    const good = ['https://fcm.googleapis.com/fcm/send/x', 'https://web.push.apple.com/x'];
    const bad = [
      'http://fcm.googleapis.com/x',
      'https://evil-push.apple.com.example.org/x',
      'https://fcm.googleapis.com.example.org/x',
      'https://u:p@fcm.googleapis.com/x',
      'https://169.254.169.254/latest',
      'http://127.0.0.1:5432/',
      'file:///etc/passwd',
      'nonsense',
    ];
    expect(good.filter((one) => !push.accepts(one))).to.deep.equal([]);
    expect(bad.filter((one) => push.accepts(one))).to.deep.equal([]);
    const device = await subscribed(ANI, 'moved');
    service.answer('/moved', 302);
    expect(await sender().send(device.address, {})).to.equal('failed');
    expect(service.got.length).to.equal(1);
  });
});
