import { expect } from 'chai';
import webPush from 'web-push';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { listen, type Listener } from '../../support/http/event-stream.ts';
import { eventually } from '../../support/eventually.ts';
import { bearer, posting, ask } from '../../support/http/http.ts';
import { browser, pushService } from '../../support/channels/push-service.ts';
import { startRedis, type TestRedis } from '../../support/stores/redis.ts';

const ticket = (id: string) => (one: { event: string; data: Record<string, unknown> }) =>
  one.event === 'ticket' && one.data['id'] === id;

describe('the live stream of several processes', function () {
  this.timeout(90_000);
  let app: TestProgram;
  let redis: TestRedis;
  let second: string;
  const listening: Listener[] = [];

  before(async function () {
    redis = await startRedis(this);
    app = await startTestProgram({ REDIS_URL: redis.url });
    second = await app.another();
  });
  after(async () => {
    for (const one of listening) one.stop();
    await app.close();
    await redis.kill();
  });

  async function on(url: string, key: string, lastEventId?: string): Promise<Listener> {
    const one = await listen(url, app.person(key).token, lastEventId);
    listening.push(one);
    return one;
  }

  it('a presence change is seen on the other process within two seconds', async () => {
    const tl = await on(second, 'tl');
    const began = performance.now();
    await app.post('/api/agent/status', { status: 'online' }, 'agent.savi');
    const seen = await tl.next(
      'online',
      ({ event, data }) => event === 'presence' && data['status'] === 'online',
    );
    expect(seen.data['id']).to.equal(app.person('agent.savi').id);
    expect(seen.at - began).to.be.below(2_000);
    await app.post('/api/agent/status', { status: 'offline' }, 'agent.savi');
  });

  it('a client that changes the process gets what it missed and nothing twice', async () => {
    const here = await on(app.url, 'tl');
    const [one = ''] = await app.openTickets('sari', 1);
    await here.next('the first', ticket(one));
    here.stop();
    const [two = ''] = await app.openTickets('sari', 1);
    const there = await on(second, 'tl', here.told.at(-1)?.id ?? '');
    await there.next('the second', ticket(two));
    expect(there.told.some(({ event }) => event === 'reset')).to.equal(false);
    const seen = new Set(here.told.map(({ id, event }) => `${id} ${event}`));
    expect(there.told.filter(({ id, event }) => seen.has(`${id} ${event}`))).to.deep.equal([]);
  });

  it('a logout on one process ends the stream on the other', async () => {
    const login = await app.signIn(app.person('other.savi').email);
    const token = String(login.json.data['token']);
    const there = await listen(second, token);
    listening.push(there);
    await ask(app.url, '/api/auth/logout', posting({}, token));
    await eventually('cut off', () => there.closed(), 1_000);
  });

  it('goes on while Redis is away and after it is back; a logout meanwhile is noticed all the same', async () => {
    const [here, there] = [await on(app.url, 'tl'), await on(second, 'tl')];
    const login = await app.signIn(app.person('other.safia').email);
    const token = String(login.json.data['token']);
    const lost = await listen(second, token);
    listening.push(lost);
    await redis.kill();
    const [one = ''] = await app.openTickets('sari', 1);
    await here.next('on this process', ticket(one));
    await there.next('on the other', ticket(one));
    await ask(app.url, '/api/auth/logout', posting({}, token));
    await eventually('cut off without a message', () => lost.closed(), 12_000);
    await redis.start();
    const [two = ''] = await app.openTickets('sari', 1);
    await here.next('on this process again', ticket(two));
    await there.next('on the other again', ticket(two));
    const resumed = await on(second, 'tl', there.told[0]?.id ?? '');
    await resumed.next('what it missed', ticket(two));
    expect([here, there].every((each) => !each.closed())).to.equal(true);
    expect((await ask(second, '/healthz', { headers: bearer() })).status).to.equal(200);
  });
});

describe('a browser that subscribes', function () {
  this.timeout(60_000);

  it('is told until it unsubscribes; a key of its own is all it needs', async () => {
    const service = await pushService();
    const { publicKey, privateKey } = webPush.generateVAPIDKeys();
    const app = await startTestProgram({
      VAPID_PUBLIC_KEY: publicKey,
      VAPID_PRIVATE_KEY: privateKey,
      VAPID_SUBJECT: 'mailto:it@demo.saga',
      PUSH_HOSTS: '127.0.0.1',
    });
    try {
      const path = '/api/notifications/push-subscriptions';
      expect((await app.get(path, 'agent.sari')).json.data).to.deep.equal({ public_key: publicKey });
      const { address, read } = browser(`${service.url}/phone`);
      const subscribed = await app.post(path, { ...address, expirationTime: null }, 'agent.sari');
      expect(subscribed.status).to.equal(201);
      const again = await app.post(path, address, 'agent.sari');
      expect(again.json.data).to.deep.equal(subscribed.json.data);

      const strange = await app.post(
        path,
        { ...address, endpoint: 'https://169.254.169.254/x' },
        'agent.sari',
      );
      expect([strange.status, strange.json.error.details?.[0]?.path]).to.deep.equal([400, 'endpoint']);

      const [one = '', two = ''] = await app.openTickets('sari', 2);
      const assigned = { assign_to: app.person('agent.sari').id };
      await app.post(`/api/admin/ticket/${one}/assign`, assigned, 'tl');
      const push = await eventually('the push', () => service.got[0]);
      expect(read(push)).to.include({ kind: 'ticket_assigned', ticket_id: one });

      const id = String(subscribed.json.data['subscription_id']);
      const remove = (as: string) =>
        app.call(`/api/push-subscriptions/${id}`, {
          method: 'DELETE',
          headers: bearer(app.person(as).token),
        });
      expect((await remove('other.sari')).status).to.equal(204);
      await app.post(`/api/admin/ticket/${two}/assign`, assigned, 'tl');
      await eventually('still told', () => service.got.length === 2);
      expect((await remove('agent.sari')).status).to.equal(204);
      const [three = ''] = await app.openTickets('sari', 1);
      await app.post(`/api/admin/ticket/${three}/assign`, assigned, 'tl');
      await eventually('in the list', async () =>
        JSON.stringify((await app.get('/api/notifications', 'agent.sari')).json.data).includes(three),
      );
      expect(service.got.length).to.equal(2);
    } finally {
      await app.close();
      await service.close();
    }
  });
});
