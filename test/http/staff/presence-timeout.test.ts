import { expect } from 'chai';
import { startTestProgram, type TestProgram } from '../../support/http/app.ts';
import { eventually } from '../../support/eventually.ts';
import { listen } from '../../support/http/event-stream.ts';

describe('presence that ends by silence, over HTTP', () => {
  let app: TestProgram;
  before(async function () {
    this.timeout(120_000);
    app = await startTestProgram({ PRESENCE_TIMEOUT_MINUTES: '0.2' });
  });
  after(() => app.close());

  it('takes offline who sent nothing, says why, and leaves who goes on asking', async function () {
    this.timeout(120_000);
    const [silent, busy] = ['agent.sari', 'other.sari'].map((key) => app.person(key).id);
    await app.post('/api/agent/status', { status: 'online' }, 'agent.sari');
    await app.post('/api/agent/status', { status: 'online' }, 'other.sari');
    const desks = await eventually(
      'the silent one is offline',
      async () => {
        await app.get('/api/auth/me', 'other.sari');
        const { json } = await app.get('/api/agent/status/all', 'tl');
        const all = json.data.agents as { id: string; status: string; reason: string | null }[];
        return all.some(({ id, status }) => id === silent && status === 'offline') ? all : undefined;
      },
      60_000,
    );
    expect(desks.find(({ id }) => id === silent)?.reason).to.equal('gone');
    expect(desks.find(({ id }) => id === busy)?.status).to.equal('online');
  });

  it('counts an open stream as being there', async function () {
    this.timeout(120_000);
    const stream = await listen(app.url, app.person('agent.savi').token);
    try {
      await app.post('/api/agent/status', { status: 'online' }, 'agent.savi');
      await app.post('/api/agent/status', { status: 'online' }, 'other.savi');
      const of = async (key: string) => {
        const { json } = await app.get('/api/agent/status/all', 'tl');
        const all = json.data.agents as { id: string; status: string }[];
        return all.find(({ id }) => id === app.person(key).id)?.status;
      };
      for (const key of ['agent.savi', 'other.savi'])
        await eventually(`${key} is online`, async () => (await of(key)) === 'online');
      await eventually(
        'who has no stream is offline',
        async () => (await of('other.savi')) === 'offline' || undefined,
        60_000,
      );
      expect(await of('agent.savi')).to.equal('online');
    } finally {
      stream.stop();
    }
  });
});
