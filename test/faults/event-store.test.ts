/**
 * F11, F12, F18 (docs/design/reliability.md#fault-tests): the event store flaps, ends subscriptions, loses replies,
 * is slow, and holds an event nobody can read.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { createEventStoreDb } from '../../src/adapters/eventstoredb/index.ts';
import { type Installation, openInstallation, PASSWORD } from '../e2e/installation.ts';
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

  it('an event nobody can read is parked, by name, and holds up nobody; a person lets the views go on (F18)', async () => {
    const id = randomUUID();
    server.inject(`ticket-${randomUUID()}`, {
      id,
      type: 'TicketFromTheFuture',
      contentType: 'application/json',
      data: Buffer.from('{}'),
      metadata: Buffer.from(JSON.stringify({ schemaVersion: 9 })),
    });
    const parked = async () => {
      const { data } = (await get(installation.main().url, '/readyz')).json;
      const warnings = (data?.['warnings'] ?? []) as readonly { path: string; message: string }[];
      return warnings.filter(({ message }) => message.startsWith('parked:') && message.includes(id));
    };
    const said = await eventually(
      'says which event',
      async () => {
        const found = await parked();
        return found.length > 0 ? found : undefined;
      },
      30_000,
    );
    expect(said.map(({ path }) => path)).to.include('view inbox');
    const metrics = (await get(installation.main().url, '/metrics')).text;
    expect(metrics).to.match(/^projection_running\{view="inbox"\} 1$/m);
    expect(metrics).to.match(/^saga_projection_parked_events\{view="inbox"\} 1$/m);
    expect(metrics).to.match(/^saga_projection_parked_events\{view="users"\} 0$/m);
    const customer = aCustomer();
    const text = aText('Tetap diterima');
    await ok(installation.channels().says(customer, text));
    claims.acknowledged.push(text);
    await installation.ticket(agent, customer);
    const env = {
      DATA_DIR: installation.folder.path,
      EVENTSTORE_URL: server.url,
      PORT: String(installation.main().port),
    };
    const doctor = await runScript('doctor', [], env);
    expect(doctor.output).to.include(id).and.include('parked');
    const skipped = await runScript('projections', ['skip', '--event', id, '--reason', 'uji coba'], {
      ...env,
      OPERATOR_EMAIL: 'sa@demo.saga',
      OPERATOR_PASSWORD: PASSWORD,
    });
    expect(skipped.code, skipped.output).to.equal(0);
    await eventually('nothing is parked', async () => (await parked()).length === 0, 30_000);
    await installation.main().stop();
    await installation.again();
    await installation.settled();
    expect(await parked()).to.deep.equal([]);
  });
});
