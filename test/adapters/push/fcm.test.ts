import { expect } from 'chai';
import { createFcm } from '../../../src/adapters/push/fcm.ts';
import type { PushPayload } from '../../../src/ports.ts';
import { serviceAccount } from '../../../src/config/values.ts';
import { fcmSimulator } from '../../support/channels/fcm-simulator.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';

const payload: PushPayload = {
  ...{ id: 'n-1', kind: 'customer_message', layer: 'L1', text: 'Pesan baru dari pelanggan' },
  ...{ ticket_id: 't-1', blast_id: null, job_id: null, invoice_id: null, badge: 3, sound: 'l1' },
};
const phone = (token: string) => ({ platform: 'ios' as const, token, appVersion: null });

describe('push to native apps', () => {
  let google: Awaited<ReturnType<typeof fcmSimulator>>;
  before(async () => {
    google = await fcmSimulator();
  });
  after(() => google.close());
  beforeEach(() => {
    google.sent.length = 0;
    google.assertions.length = 0;
    google.answerTokens(null);
  });
  const fcmOf = (logger = silentLogger()) =>
    createFcm({ account: google.account, apiUrl: google.url, logger, pausesMs: [1, 1], timeoutMs: 2_000 });

  it('sends a neutral text with everything as texts, for both kinds of phones', async () => {
    const fcm = fcmOf();
    expect(await fcm.send(phone('a'), payload)).to.equal('sent');
    expect(google.sent).to.deep.equal([
      {
        token: 'a',
        notification: { title: 'Saga', body: 'Pesan baru dari pelanggan' },
        data: {
          ...{
            id: 'n-1',
            kind: 'customer_message',
            layer: 'L1',
            ticket_id: 't-1',
            blast_id: '',
            job_id: '',
            invoice_id: '',
          },
          ...{ badge: '3', sound: 'l1' },
        },
        android: {
          ...{ priority: 'HIGH', ttl: '3600s', notification: { notification_count: 3, channel_id: 'l1' } },
        },
        apns: { headers: { 'apns-priority': '10' }, payload: { aps: { badge: 3, sound: 'l1.caf' } } },
      },
    ]);
    expect(await fcm.send(phone('b'), { ...payload, sound: null })).to.equal('sent');
    expect(google.sent[1]?.apns).to.have.deep.nested.property('payload.aps', { badge: 3 });
  });

  it('asks for one access token for many pushes, by a signed assertion of the service account', async () => {
    const fcm = fcmOf();
    await Promise.all(['a', 'b', 'c'].map((token) => fcm.send(phone(token), payload)));
    await fcm.send(phone('d'), payload);
    expect(google.assertions).to.have.length(1);
    expect(google.assertions[0]).to.include({
      iss: google.account.client_email,
      scope: 'https://www.googleapis.com/auth/firebase.messaging',
    });
    const { iat, exp } = google.assertions[0] as { iat: number; exp: number };
    expect(exp - iat).to.equal(3600);
    google.takeTokenBack();
    expect(await fcm.send(phone('e'), payload)).to.equal('sent');
    expect(google.assertions).to.have.length(2);
  });

  it('says which devices are gone, and loses what FCM does not take', async () => {
    const fcm = fcmOf();
    const answers = [
      [google.UNREGISTERED, 'gone'],
      [google.SENDER_ID_MISMATCH, 'gone'],
      [google.BAD_TOKEN, 'gone'],
      [google.BAD_MESSAGE, 'failed'],
    ] as const;
    for (const [answer, outcome] of answers) {
      google.answer('x', answer);
      expect(await fcm.send(phone('x'), payload)).to.equal(outcome);
    }
    expect(fcm.problem()).to.equal(null);
  });

  it('tries again where FCM is busy, three times in all, and not where it has to wait long', async () => {
    const fcm = fcmOf();
    google.answer('x', google.UNAVAILABLE, google.tooMany(0));
    expect(await fcm.send(phone('x'), payload)).to.equal('sent');
    google.answer('x', google.UNAVAILABLE, google.UNAVAILABLE, google.UNAVAILABLE);
    expect(await fcm.send(phone('x'), payload)).to.equal('failed');
    google.answer('x', google.tooMany(60));
    expect(await fcm.send(phone('x'), payload)).to.equal('failed');
    expect(google.sent).to.have.length(1);
  });

  it('raises an alarm when the service account is refused, until one is accepted', async () => {
    const log = silentLogger();
    const fcm = fcmOf(log);
    google.answerTokens({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' },
    });
    expect(await fcm.send(phone('x'), payload)).to.equal('failed');
    expect(fcm.problem()).to.match(/refuses the service account \(400\)/);
    expect(JSON.stringify(log.lines))
      .to.include('no push reaches a native app')
      .and.not.to.include('PRIVATE KEY');
    google.answerTokens({ status: 503, body: {} });
    expect(await fcm.send(phone('x'), payload)).to.equal('failed');
    google.answerTokens(null);
    expect(await fcm.send(phone('x'), payload)).to.equal('sent');
    expect(fcm.problem()).to.equal(null);
  });

  it('is configured by JSON or by a path, and by nothing else', () => {
    const read = (value: unknown) =>
      serviceAccount.safeParse(typeof value === 'string' ? value : JSON.stringify(value)).success;
    const good = { type: 'service_account', ...google.account };
    expect(read(good)).to.equal(true);
    for (const wrong of [
      { ...good, private_key: 'x' },
      { ...good, project_id: 'a/b' },
      {},
      '/no/such/file.json',
    ])
      expect(read(wrong), JSON.stringify(wrong)).to.equal(false);
  });
});
