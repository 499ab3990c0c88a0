/**
 * The right store or none (docs/design/reliability.md#the-right-store): an older copy or an empty store under the running
 * program, the right one back, and one that is accepted late.
 */
import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import pg from 'pg';
import { type Installation, openInstallation } from '../e2e/installation.ts';
import { aCustomer, aText, type Customer, get, ok, type Session } from '../support/http/client.ts';
import { type EsdbServer, startEsdbServer } from '../support/esdb-server/index.ts';
import { eventually } from '../support/eventually.ts';
import { runScript } from '../support/processes/npm-script.ts';
import { postgresExchange, serverExchange, type SwappableStore } from '../support/stores/swappable-stores.ts';

type Exchanged = Pick<SwappableStore, 'copy' | 'empty' | 'eventIds'>;

for (const kind of ['EventStoreDB', 'Postgres'] as const)
  describe(`the right store or none, under the running program: ${kind}`, function () {
    this.timeout(240_000);
    let server: EsdbServer | undefined;
    let admin: pg.Client;
    let events: Exchanged;
    let installation: Installation;
    let agent: Session;
    /** Whatever was answered 200. */
    const acknowledged: { readonly customer: Customer; readonly text: string }[] = [];

    const env = () => ({
      DATA_DIR: installation.folder.path,
      PORT: String(installation.main().port),
      ...(server && { EVENTSTORE_URL: server.url }),
    });
    const doctor = () => runScript('doctor', [], env());

    before(async () => {
      if (kind === 'EventStoreDB') server = await startEsdbServer();
      installation = await openInstallation(server ? { env: { EVENTSTORE_URL: server.url } } : {});
      admin = new pg.Client({ connectionString: installation.folder.databaseUrl('postgres') });
      // It ends with the database of the installation, before the last line of the suite.
      admin.on('error', () => undefined);
      await admin.connect();
      events = server ? serverExchange(server) : postgresExchange(admin);
      agent = await installation.as('agent1.sari@demo.saga');
      await installation.settled();
    });
    after(async () => {
      await admin.end();
      await installation.close();
      server?.stop();
    });

    async function write(
      customer = aCustomer(),
      text = aText('Halo'),
      id = `wamid.${randomUUID()}`,
    ): Promise<void> {
      await ok(installation.channels().says(customer, text, id));
      acknowledged.push({ customer, text });
    }

    const unready = (url = installation.main().url) =>
      eventually(
        'it is not ready, and says why',
        async () => {
          const answer = await get(url, '/readyz').catch(() => undefined);
          const problems = (answer?.json.error?.details ?? []) as readonly {
            path: string;
            message: string;
          }[];
          return problems.find(
            ({ path, message }) => path === 'event store' && message.includes('store:accept'),
          );
        },
        // Ten seconds after it; a start takes longer on a machine with others on it.
        30_000,
      );

    /** Each customer has one ticket, and each text is in it once. */
    async function everybodyIsThereOnce(): Promise<void> {
      for (const { customer, text } of acknowledged) {
        const ticketId = await installation.ticket(agent, customer);
        const texts = (await installation.messages(agent, ticketId)).map(({ content }) => content);
        expect(texts.filter((one) => one === text)).to.have.length(1);
      }
    }

    it('an older copy is not written into; what customers write meanwhile is kept, and is there when the right one is back', async () => {
      await write();
      await installation.settled();
      const older = await events.copy();
      await write();
      await write();
      await installation.settled();
      const right = await events.copy();
      const before = await events.eventIds();
      await older('broken');
      for (let n = 0; n < 5; n += 1) await write();
      await unready();
      for (let n = 0; n < 5; n += 1) await write();
      const ticketId = randomUUID();
      const refused = await agent.post(`/api/admin/ticket/${ticketId}/self-takeover`);
      expect([refused.status, refused.json.error?.code]).to.deep.equal([503, 'STORE_CHANGED']);
      expect(Number(refused.headers.get('retry-after'))).to.be.greaterThan(0);
      const { code, output } = await doctor();
      expect(code, output).to.equal(1);
      expect(output).to.match(/PROBLEM {2}right store: .*older copy/);
      expect(before.slice(0, (await events.eventIds()).length)).to.deep.equal(await events.eventIds());

      await right('broken');
      await installation.settled();
      expect((await doctor()).output).to.match(/ok {7}right store/);
      await everybodyIsThereOnce();
    });

    it('an empty store is not written into, and nobody is lost when the right one is back', async () => {
      const right = await events.copy();
      await events.empty('broken');
      for (let n = 0; n < 5; n += 1) await write();
      await unready();
      expect(await events.eventIds()).to.deep.equal([]);
      // It says so after a restart, too.
      await installation.main().kill();
      const again = await installation.worker('api,projections,jobs', {
        PORT: String(installation.main().port),
      });
      await unready();
      expect(await events.eventIds()).to.deep.equal([]);
      // Killed: a stop would take the database along.
      await again.kill();
      await right('broken');
      await installation.again();
      agent = await installation.as('agent1.sari@demo.saga');
      await installation.settled();
      await everybodyIsThereOnce();
    });

    it('an older copy that is accepted days later: what was lost comes back once, and a closed ticket gets no second one', async () => {
      const [finished, regular] = [aCustomer(), aCustomer()];
      await write(finished, aText('Selesai'));
      await ok(agent.post(`/api/admin/ticket/${await installation.ticket(agent, finished)}/close`));
      await write(regular, aText('Pertama'));
      await installation.settled();
      const older = await events.copy();
      // Several messages of one customer, which become events together.
      const many = aCustomer();
      await Promise.all(['satu', 'dua', 'tiga', 'empat'].map((one) => write(many, aText(one))));
      await write(regular, aText('Kedua'));
      for (let n = 0; n < 3; n += 1) await write();
      await installation.settled();
      // The newest anchor is at most 250 ms late: what was written since is known to nobody but the store.
      await eventually('an anchor is of the end', async () => {
        const last = (await events.eventIds()).at(-1);
        const anchors = await admin.query('select 1 from ops.store_anchors where event_id = $1', [last]);
        return anchors.rowCount === 1;
      });
      await installation.main().kill();
      // Long ago: no time of an item is near the end of the store.
      await admin.query(`update ops.webhook_inbox set processed_at = processed_at - interval '3 days'`);
      await older('broken');

      const shown = await runScript('store-accept', [], env());
      expect([shown.code, shown.output]).to.satisfy(
        ([code, text]: [number, string]) =>
          code === 1 && text.includes('--yes') && text.includes('8 webhook items'),
      );
      const accepted = await runScript('store-accept', ['--yes'], env());
      expect(accepted.code, accepted.output).to.equal(0);
      const once = await runScript('store-accept', ['--yes'], env());
      expect(once.output).to.include('nothing to accept');
      await installation.again();
      agent = await installation.as('agent1.sari@demo.saga');
      await installation.settled();
      await everybodyIsThereOnce();
    });
  });
