/**
 * F2, F3, F13, F15 (docs/design/reliability.md#fault-tests): API, projector and jobs as processes of their own; each
 * in turn is killed, stopped, cut off, or wrong about the time.
 */
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import pg from 'pg';
import { createPostgresEventStore } from '../../src/adapters/postgres-event-store/index.ts';
import { webhookInboxIsEmpty } from '../e2e/webhook-inbox.ts';
import { type Installation, openInstallation } from '../e2e/installation.ts';
import { allEvents } from '../e2e/ledger.ts';
import { type Load, startLoad } from '../e2e/load.ts';
import { aCustomer, aText, get, ok, type Session } from '../support/http/client.ts';
import { eventually } from '../support/eventually.ts';
import { runScript } from '../support/processes/npm-script.ts';
import { openedStore } from '../support/stores/opened-store.ts';
import { freePort, type Program } from '../support/processes/program.ts';
import { startRedis, type TestRedis } from '../support/stores/redis.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';

const HOUR = 3_600_000;
/** As wrong as a clock may be. */
const FOUR_MINUTES = 240_000;
const CLOCK = pathToFileURL('test/support/shifted-clock.mjs').href;

describe('processes apart, under load', function () {
  this.timeout(240_000);
  let installation: Installation;
  let redis: TestRedis;
  let api: Program;
  let metricsPort: number;
  const projectors: Program[] = [];
  let agent: Session;
  let ticketId: string;
  const claims = { acknowledged: [] as string[], unknown: [] as string[], refused: [] as string[] };

  before(async function () {
    redis = await startRedis(this);
    installation = await openInstallation({
      env: { REDIS_URL: redis.url },
      nodeArgs: ['--import', CLOCK],
    });
    agent = await installation.as('agent2.sari@demo.saga');
    const customer = aCustomer();
    const text = aText('Halo');
    await ok(installation.channels().says(customer, text));
    claims.acknowledged.push(text);
    ticketId = await installation.ticket(agent, customer);
    await ok(agent.post(`/api/admin/ticket/${ticketId}/self-takeover`));
    await installation.main().stop();
    for (let n = 0; n < 4; n += 1) projectors.push(await installation.worker('projections'));
    metricsPort = await freePort();
    await installation.worker('jobs', { METRICS_PORT: String(metricsPort) });
    api = await installation.another();
    agent = agent.at(api.url);
  });
  after(async () => {
    await redis.kill();
    await installation.close();
  });

  const load = (to = () => api): Load =>
    startLoad({
      channels: () => installation.channels(to()),
      customers: 6,
      replies: () => ({ agent: agent.at(to().url), ticketId }),
    });

  const more = (running: Load, count: number) => {
    const from = running.succeeded();
    return eventually(`${String(count)} more answers`, () => running.succeeded() >= from + count, 40_000);
  };

  async function end(running: Load): Promise<void> {
    await running.stop();
    for (const list of ['acknowledged', 'unknown', 'refused'] as const) claims[list].push(...running[list]);
    expect(running.refused.size, 'nobody was refused for a fault of ours').to.equal(0);
    await eventually(
      'every delivery is an event',
      () => webhookInboxIsEmpty(installation.folder.databaseUrl()),
      60_000,
    );
    await api.ready();
    await installation.ledger(claims);
  }

  const asSuperuser = async <T extends object>(sql: string): Promise<T[]> => {
    const client = new pg.Client({ connectionString: installation.folder.databaseUrl('postgres') });
    await client.connect();
    try {
      return (await client.query<T>(sql)).rows;
    } finally {
      await client.end();
    }
  };
  const leader = () =>
    asSuperuser<{ holder: string; epoch: string }>(
      `select holder, epoch from ops.leases where name = 'projections'`,
    );
  const epoch = async (): Promise<number> =>
    Number(
      (await asSuperuser<{ epoch: string }>(`select epoch from ops.leases where name = 'projections'`))[0]
        ?.epoch,
    );

  it('a process without an API serves its metrics on METRICS_PORT, and nothing else', async () => {
    const url = `http://127.0.0.1:${String(metricsPort)}`;
    // Nobody tells when a worker is up: it is asked until it answers.
    const metrics = await eventually('it serves', () => fetch(`${url}/metrics`).catch(() => undefined));
    expect([metrics.status, await metrics.text()]).to.satisfy(
      ([status, text]: [number, string]) => status === 200 && /^outbound_messages_waiting \d/m.test(text),
    );
    expect((await fetch(`${url}/healthz`)).status).to.equal(200);
    expect((await fetch(`${url}/api/auth/me`)).status).to.equal(404);
  });

  it('kill -9 of the projector, again and again: nothing doubled in any view, and it catches up (F2)', async () => {
    const running = load();
    for (let round = 0; round < 2; round += 1) {
      await more(running, 15 + 9 * round);
      const [lease] = await leader();
      const holder = Number(lease?.holder.split(':').at(-1));
      await projectors.find(({ pid }) => pid === holder)?.kill();
      await eventually('the next one projects', async () => (await epoch()) > Number(lease?.epoch), 30_000);
    }
    await more(running, 15);
    await end(running);
  });

  it('two projectors, the leader frozen and its lease gone: the zombie that wakes changes nothing (F3)', async () => {
    const running = load();
    await more(running, 20);
    const [lease] = await leader();
    const frozen = Number(lease?.holder.split(':').at(-1));
    process.kill(frozen, 'SIGSTOP');
    try {
      await asSuperuser(
        `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
            and classid::bigint << 32 | objid::bigint = hashtextextended('saga lease projections', 0)`,
      );
      await eventually('the other took over', async () => (await epoch()) > Number(lease?.epoch), 20_000);
      await more(running, 20);
    } finally {
      process.kill(frozen, 'SIGCONT');
    }
    await more(running, 20);
    await end(running);
  });

  it('Redis gone, and back: no request fails for it, who was signed out stays so (F13)', async () => {
    const out = await installation.as('agent1.sari@demo.saga', api);
    expect((await out.post('/api/auth/logout')).status).to.equal(204);
    const running = load();
    await more(running, 30);
    await redis.kill();
    await more(running, 60);
    expect((await out.get('/api/auth/me')).status).to.equal(401);
    await installation.as('agent1.savi@demo.saga', api);
    await redis.start();
    await more(running, 30);
    await end(running);
    expect([...running.failures.keys()].filter((what) => !what.startsWith('409'))).to.deep.equal([]);
    expect((await out.get('/api/auth/me')).status).to.equal(401);
  });

  it('a clock that is four minutes ahead, and one that is four minutes behind: nothing lost, and the order of the store does not go by it (F15)', async () => {
    const ahead = await installation.another({ SAGA_TEST_CLOCK_MS: String(FOUR_MINUTES) });
    const behind = await installation.another({ SAGA_TEST_CLOCK_MS: String(-FOUR_MINUTES) });
    for (const each of [ahead, behind])
      expect((await agent.at(each.url).get('/api/auth/me')).status).to.equal(200);
    let n = 0;
    const running = load(() => [api, ahead, behind][(n += 1) % 3] ?? api);
    await more(running, 60);
    await end(running);
    expect([...running.failures.keys()]).to.deep.equal([]);
    const said: string[] = [];
    for (const each of [ahead, api, behind, api, ahead]) {
      const message = aText('Urut');
      await ok(agent.at(each.url).post(`/api/admin/ticket/${ticketId}/reply`, { message }));
      said.push(message);
    }
    claims.acknowledged.push(...said);
    // The store keeps the order of arrival; a conversation is shown in the order of the times on its
    // messages (docs/design/api.md#duplicates), so that a wrong clock shows there, and the doctor warns of it.
    const events = await createPostgresEventStore({
      connection: installation.folder.databaseUrl(),
      logger: silentLogger(),
    });
    const store = openedStore(events, installation.folder);
    const contents = (await allEvents(store)).map(({ data }) => (data as { content?: string }).content);
    await store.close();
    expect(contents.filter((one) => one !== undefined && said.includes(one))).to.deep.equal(said);
    const doctor = await runScript('doctor', [], {
      DATA_DIR: installation.folder.path,
      PORT: String(api.port),
      NODE_OPTIONS: `--import ${CLOCK}`,
      SAGA_TEST_CLOCK_MS: String(HOUR),
    });
    expect(doctor.output).to.match(/WARNING {2}clocks: .*3600\.|WARNING {2}clocks: .*3599\./);
    const metrics = (await get(behind.url, '/metrics')).text;
    expect(metrics).to.match(/^projection_lag_events\{view="inbox"\} 0$/m);
    await installation.ledger(claims);
  });
});
