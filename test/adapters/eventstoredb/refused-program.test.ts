/** The whole program on an EventStoreDB that refuses it, or says nothing: nothing is lost, and nobody waits long. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import pg from 'pg';
import { serverAddress } from '../../../src/adapters/eventstoredb/address.ts';
import { setUpEventStore } from '../../../src/adapters/eventstoredb/administration/setup.ts';
import { type Installation, openInstallation } from '../../e2e/installation.ts';
import { type EsdbServer, startEsdbServer } from '../../support/esdb-server/index.ts';
import { type SecureServer, secureServers } from '../../support/real-eventstoredb/servers.ts';
import { eventually } from '../../support/eventually.ts';
import { aCustomer, aText, type Customer, get, ok, type Session } from '../../support/http/client.ts';
import type { Reply } from '../../support/http/http.ts';
import { silentLogger } from '../../support/observe/silent-logger.ts';
import { runScript } from '../../support/processes/npm-script.ts';
import { needsTool } from '../../support/processes/tool.ts';

/** Longer than any caller may wait. */
const MOST_MS = 5_000;

async function timed(ask: () => Promise<Reply>): Promise<Reply & { readonly milliseconds: number }> {
  const began = performance.now();
  const reply = await ask();
  return { ...reply, milliseconds: performance.now() - began };
}

/** Customers write. Everything is answered with 200, in time. */
async function customersWrite(installation: Installation, count: number): Promise<readonly Customer[]> {
  const customers = Array.from({ length: count }, () => aCustomer());
  for (const customer of customers) {
    const { status, milliseconds } = await timed(() => installation.channels().says(customer, aText('Halo')));
    expect(status).to.equal(200);
    expect(milliseconds).to.be.lessThan(MOST_MS);
  }
  return customers;
}

const deadLetters = async (admin: Session): Promise<unknown> =>
  (await ok(admin.get('/api/admin/webhook/dead-letters'))).data['dead_letters'];

/** Items that are still to be taken in, and how often one of them was tried. */
async function waitingItems(url: string): Promise<{ waiting: number; attempts: number }> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ waiting: number; attempts: number }>(
      `select count(*)::int as waiting, max(attempts)::int as attempts from ops.webhook_inbox where state = 'pending'`,
    );
    return rows[0] ?? { waiting: 0, attempts: 0 };
  } finally {
    await client.end();
  }
}

for (const { name, start } of secureServers()) {
  describe(`a password that changes under the running program: ${name}`, function () {
    this.timeout(180_000);
    let server: SecureServer;
    let installation: Installation;
    const PASSWORD = 'sandi-penyimpanan-9153';
    const setUp = (password: string) =>
      setUpEventStore(
        serverAddress(server.address('admin', 'changeit'), { allowInsecure: false }),
        { username: 'saga', password },
        silentLogger(),
      );

    before(async function () {
      needsTool(this, 'openssl', 'openssl');
      server = await start();
      await setUp(PASSWORD);
      installation = await openInstallation({ env: { EVENTSTORE_URL: server.address('saga', PASSWORD) } });
    });
    after(async () => {
      const output = (installation as Installation | undefined)?.main().output() ?? '';
      await (installation as Installation | undefined)?.close();
      await (server as SecureServer | undefined)?.stop();
      expect(output).not.to.include(PASSWORD);
    });

    it('webhooks wait and none is a dead letter, commands are 503, and all is well with the right password', async () => {
      const agent = await installation.as('agent2.sari@demo.saga');
      const admin = await installation.as('sa@demo.saga');
      const [first] = await customersWrite(installation, 1);
      const ticketId = await installation.ticket(agent, first as Customer);
      // Who is known to the process goes on reading while the store is away.
      expect(await deadLetters(admin)).to.deep.equal([]);
      await setUp('diganti');
      const ready = await eventually('it is not ready', async () => {
        const reply = await timed(() => get(installation.main().url, '/readyz'));
        return reply.status === 503 ? reply : undefined;
      });
      expect(ready.text).to.include('does not know this user with this password');
      expect(ready.milliseconds).to.be.lessThan(MOST_MS);
      const customers = await customersWrite(installation, 6);
      const refused = await timed(() => agent.post(`/api/admin/ticket/${ticketId}/self-takeover`));
      expect([refused.status, refused.json.error?.code]).to.deep.equal([503, 'STORE_UNAVAILABLE']);
      expect(refused.headers.get('retry-after')).to.match(/^\d+$/);
      expect(refused.milliseconds).to.be.lessThan(MOST_MS);
      const doctor = await runScript('doctor', [], {
        DATA_DIR: installation.folder.path,
        EVENTSTORE_URL: server.address('saga', PASSWORD),
        PORT: String(installation.main().port),
      });
      expect(doctor.code).to.equal(1);
      expect(doctor.output).to.include('npm run eventstore:setup').and.not.include(PASSWORD);
      // An item that fails ten times is a dead letter. This is no failure of theirs: not one try counts.
      await delay(3_000);
      const { waiting, attempts } = await waitingItems(installation.folder.databaseUrl());
      expect(waiting).to.be.at.least(6);
      expect(attempts).to.equal(0);
      expect(await deadLetters(admin)).to.deep.equal([]);

      await setUp(PASSWORD);
      for (const customer of customers) await installation.ticket(agent, customer);
      expect(await deadLetters(admin)).to.deep.equal([]);
      await installation.settled();
      await ok(agent.post(`/api/admin/ticket/${ticketId}/self-takeover`));
    });
  });
}

describe('an EventStoreDB that says nothing', function () {
  this.timeout(180_000);
  let server: EsdbServer;
  let installation: Installation;

  before(async () => {
    server = await startEsdbServer();
    installation = await openInstallation({ env: { EVENTSTORE_URL: server.url } });
  });
  after(async () => {
    server.faults.blackHole = false;
    await installation.close();
    server.stop();
  });

  it('every answer comes within five seconds: commands, webhooks, /readyz', async () => {
    const agent = await installation.as('agent2.sari@demo.saga');
    const lead = await installation.as('tl@demo.saga');
    const admin = await installation.as('sa@demo.saga');
    const [first] = await customersWrite(installation, 1);
    const ticketId = await installation.ticket(agent, first as Customer);
    server.faults.blackHole = true;
    const newUser = { name: 'Baru', email: 'baru@demo.saga', password: 'kata sandi panjang' };
    const asks: Readonly<Record<string, () => Promise<Reply>>> = {
      takeover: () => agent.post(`/api/admin/ticket/${ticketId}/self-takeover`),
      tag: () => lead.post(`/api/admin/ticket/${ticketId}/tag`, { action: 'add', tag: 'lambat' }),
      'a new user': () => admin.post('/api/admin/users', { ...newUser, role: 'viewer', division: 'sari' }),
      readyz: () => get(installation.main().url, '/readyz'),
    };
    const answers = await Promise.all(
      Object.entries(asks).map(async ([what, ask]) => ({ what, ...(await timed(ask)) })),
    );
    for (const { what, status, milliseconds } of answers) {
      expect(status, what).to.equal(503);
      expect(milliseconds, what).to.be.lessThan(MOST_MS);
    }
    expect(answers.find(({ what }) => what === 'readyz')?.text).to.include('does not answer');
    const customers = await customersWrite(installation, 2);
    server.faults.blackHole = false;
    for (const customer of customers) await installation.ticket(agent, customer);
    await installation.settled();
  });

  it('the program stops in time all the same', async () => {
    server.faults.blackHole = true;
    const { code, milliseconds } = await installation.main().stop();
    expect([code, milliseconds < 10_000], installation.main().output().slice(-2_000)).to.deep.equal([
      0,
      true,
    ]);
  });
});
