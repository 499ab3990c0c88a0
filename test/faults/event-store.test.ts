/**
 * F11, F12, F18 (docs/design/reliability.md#fault-tests): the event store flaps, ends subscriptions, loses replies,
 * is slow, and holds an event nobody can read.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { createEventStoreDb } from '../../src/adapters/eventstoredb/index.ts';
import { type Installation, openInstallation } from '../e2e/installation.ts';
import { expectLedger } from '../e2e/ledger.ts';
import { type Load, startLoad } from '../e2e/load.ts';
import { aCustomer, aText, get, ok, type Session } from '../support/http/client.ts';
import { type EsdbServer, startEsdbServer } from '../support/esdb-server/index.ts';
import { eventually } from '../support/eventually.ts';
import { runScript } from '../support/processes/npm-script.ts';
import { openedStore } from '../support/stores/opened-store.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';
import { type TcpProxy, tcpProxy } from '../support/stores/tcp-proxy.ts';

describe('an event store that behaves badly, under load', function () {
  this.timeout(240_000);
  let server: EsdbServer;
  let proxy: TcpProxy;
  let installation: Installation;
  let agent: Session;
  let ticketId: string;
  const claims = { acknowledged: [] as string[], unknown: [] as string[], refused: [] as string[] };

  before(async () => {
    server = await startEsdbServer();
    const port = Number(/:(\d+)\?/.exec(server.url)?.[1]);
    proxy = await tcpProxy({ host: '127.0.0.1', port });
    installation = await openInstallation({
      env: { EVENTSTORE_URL: `esdb://127.0.0.1:${String(proxy.port)}?tls=false` },
    });
    agent = await installation.as('agent2.sari@demo.saga');
    const customer = aCustomer();
    const text = aText('Halo');
    await ok(installation.channels().says(customer, text));
    claims.acknowledged.push(text);
    ticketId = await installation.ticket(agent, customer);
    await ok(agent.post(`/api/admin/ticket/${ticketId}/self-takeover`));
  });
  after(async () => {
    await installation.close();
    await proxy.close();
    server.stop();
  });

  const load = (): Load =>
    startLoad({
      channels: () => installation.channels(),
      customers: 4,
      replies: () => ({ agent, ticketId }),
    });

  const more = (running: Load, count: number) => {
    const from = running.succeeded();
    return eventually(`${String(count)} more answers`, () => running.succeeded() >= from + count, 60_000);
  };

  async function end(running: Load): Promise<void> {
    await running.stop();
    for (const list of ['acknowledged', 'unknown', 'refused'] as const) claims[list].push(...running[list]);
    expect(running.refused.size, 'nobody was refused for a fault of ours').to.equal(0);
    const comeAgain = /^(503 STORE_UNAVAILABLE|409 IDEMPOTENCY_KEY_IN_USE|503 BUSY) retry-after \d+$/;
    for (const failure of running.failures.keys()) expect(failure).to.match(comeAgain);
    await installation.settled();
    const events = createEventStoreDb({ connectionString: server.url, logger: silentLogger() });
    const store = openedStore(events, installation.folder);
    try {
      await expectLedger(store, installation.folder.databaseUrl('postgres'), claims);
    } finally {
      await store.close();
    }
  }

  it('comes and goes, ends subscriptions and loses replies: nothing lost, nothing doubled (F11, F12)', async () => {
    const program = installation.main();
    const running = load();
    for (let round = 0; round < 3; round += 1) {
      await more(running, 25);
      server.kill();
      await delay(700);
      await server.restart();
      await more(running, 10);
      server.endSubscriptions(round % 2 === 0 ? 'ok' : 'slow-consumer');
      server.faults.loseReplies = { left: 3, as: round % 2 === 0 ? 'silence' : 'unavailable' };
      await more(running, 10);
      proxy.cut();
    }
    await more(running, 25);
    await end(running);
    expect(installation.main().pid).to.equal(program.pid);
    expect(program.running(), 'the same process all the time').to.equal(true);
  });

  it('answers 150 ms late, each way: slower, and right; silent: 503 in time (F11)', async () => {
    const running = load();
    proxy.delay(150);
    await more(running, 20);
    proxy.delay(0);
    proxy.blackHole(true);
    const began = performance.now();
    const { status } = await agent.post(`/api/admin/ticket/${ticketId}/tag`, {
      action: 'add',
      tag: 'lambat',
    });
    expect(status).to.equal(503);
    expect(performance.now() - began, 'in time').to.be.lessThan(20_000);
    proxy.blackHole(false);
    proxy.cut();
    await more(running, 20);
    await end(running);
    expect(running.slowest(), 'nobody hung, in milliseconds').to.be.lessThan(30_000);
  });

  it('an event nobody can read stops its views, by name, and nobody else; a person lets them go on (F18)', async () => {
    const id = randomUUID();
    server.inject(`ticket-${randomUUID()}`, {
      id,
      type: 'TicketFromTheFuture',
      contentType: 'application/json',
      data: Buffer.from('{}'),
      metadata: Buffer.from(JSON.stringify({ schemaVersion: 9 })),
    });
    const problems = await eventually(
      'says which event',
      async () => {
        const { error } = (await get(installation.main().url, '/readyz')).json;
        const details = (error?.details ?? []) as readonly { path: string; message: string }[];
        const stopped = details.filter(({ message }) => message.includes(id));
        return stopped.length > 0 ? stopped : undefined;
      },
      30_000,
    );
    expect(problems.map(({ path }) => path)).to.include('view inbox');
    expect((await get(installation.main().url, '/metrics')).text).to.match(
      /^projection_running\{view="inbox"\} 0$/m,
    );
    expect((await get(installation.main().url, '/metrics')).text).to.match(
      /^projection_running\{view="users"\} 1$/m,
    );
    const text = aText('Tetap diterima');
    await ok(installation.channels().says(aCustomer(), text));
    claims.acknowledged.push(text);
    expect((await agent.get('/api/admin/inbox')).status, 'what is there is shown').to.equal(200);
    const env = {
      DATA_DIR: installation.folder.path,
      EVENTSTORE_URL: server.url,
      PORT: String(installation.main().port),
    };
    const doctor = await runScript('doctor', [], env);
    expect([doctor.code, doctor.output]).to.satisfy(
      ([code, said]: [number, string]) => code === 1 && said.includes(id),
    );
    for (const { path } of problems) {
      const view = path.replace('view ', '');
      const skipped = await runScript(
        'projections',
        ['skip', view, '--event', id, '--reason', 'uji coba'],
        env,
      );
      expect(skipped.code, skipped.output).to.equal(0);
    }
    await installation.main().stop();
    await installation.again();
    await installation.settled();
    expect((await get(installation.main().url, '/metrics')).text).to.match(
      /^projection_running\{view="inbox"\} 1$/m,
    );
  });
});
