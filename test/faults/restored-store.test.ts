/**
 * F16 (docs/design/reliability.md#fault-tests): the event store comes back from an older backup, the read database is
 * ahead of it.
 */
import { expect } from 'chai';
import { createEventStoreDb } from '../../src/adapters/eventstoredb/index.ts';
import { type Installation, openInstallation } from '../e2e/installation.ts';
import { expectLedger } from '../e2e/ledger.ts';
import { aCustomer, aText, get, ok, type Session } from '../support/http/client.ts';
import { type EsdbServer, startEsdbServer } from '../support/esdb-server/index.ts';
import { eventually } from '../support/eventually.ts';
import { runScript } from '../support/processes/npm-script.ts';
import { openedStore } from '../support/stores/opened-store.ts';
import { type Recorder, startRecorder } from '../support/observe/recorder.ts';
import { silentLogger } from '../support/observe/silent-logger.ts';

describe('an event store restored from an older backup (F16)', function () {
  this.timeout(240_000);
  let server: EsdbServer;
  let whatsapp: Recorder;
  let installation: Installation;
  let agent: Session;
  let ticketId: string;
  const kept: string[] = [];
  const after_: string[] = [];
  const customer = aCustomer();
  const lostReply = aText('Hilang');
  const openReply = aText('Terbuka');

  const env = () => ({
    DATA_DIR: installation.folder.path,
    EVENTSTORE_URL: server.url,
    PORT: String(installation.main().port),
  });
  const sent = (text: string): number => whatsapp.bodies().filter((body) => body.includes(text)).length;
  const reply = (text: string) => ok(agent.post(`/api/admin/ticket/${ticketId}/reply`, { message: text }));

  before(async () => {
    server = await startEsdbServer();
    whatsapp = await startRecorder();
    installation = await openInstallation({
      env: { EVENTSTORE_URL: server.url, WHATSAPP_TOKEN: 'a-token', WHATSAPP_API_URL: whatsapp.url },
    });
    agent = await installation.as('agent1.sari@demo.saga');
    const text = aText('Halo');
    await ok(installation.channels().says(customer, text));
    kept.push(text);
    ticketId = await installation.ticket(agent, customer);
    await ok(agent.post(`/api/admin/ticket/${ticketId}/self-takeover`));
    await reply(openReply);
    kept.push(openReply);
    await eventually('the reply was sent', () => sent(openReply) === 1);
    await installation.settled();
  });
  after(async () => {
    await whatsapp.close();
    await installation.close();
    server.stop();
  });

  it('is noticed: 503 with the reason, by the doctor too, and nothing goes on in silence', async () => {
    const first = await runScript('audit-seal', [], env());
    expect(first.code, first.output).to.equal(0);
    // The backup is of the moment when the reply stood in the talk, and no attempt to send it did.
    const said = server.log.events.findIndex(
      ({ stream, type }) => stream === `conversation-${ticketId}` && type === 'AgentReplied',
    );
    for (let n = 0; n < 5; n += 1) {
      const text = aText('Sesudah cadangan');
      await ok(installation.channels().says(customer, text));
      after_.push(text);
    }
    await reply(lostReply);
    await eventually('the lost reply was sent', () => sent(lostReply) === 1);
    await installation.settled();
    const second = await runScript('audit-seal', [], env());
    expect(second.code, second.output).to.equal(0);
    await installation.main().kill();
    server.kill();
    server.log.cutTo(said + 1);
    await server.restart();

    const program = await installation.worker('api,projections,jobs');
    const unready = await eventually(
      'says that it is not ready',
      async () => {
        const answer = await get(program.url, '/readyz').catch(() => undefined);
        const problems = (answer?.json.error?.details ?? []) as readonly { path: string; message: string }[];
        const all = ['view inbox', 'job sender'].every((one) => problems.some(({ path }) => path === one));
        return all ? problems : undefined;
      },
      30_000,
    );
    expect(said, 'the reply is in the backup').to.be.greaterThan(0);
    const of = (path: string) => unready.find((one) => one.path === path)?.message;
    expect(of('view inbox'), JSON.stringify(unready)).to.include('npm run projections -- rebuild all');
    expect(of('job sender'), JSON.stringify(unready)).to.include('npm run store:accept');
    expect((await get(program.url, '/metrics')).text).to.match(/^projection_lag_events\{view="inbox"\} -\d/m);
    expect((await get(program.url, '/metrics')).text).to.match(/^job_lag_events\{job="sender"\} -\d/m);
    const doctor = await runScript('doctor', [], { ...env(), PORT: String(program.port) });
    expect(doctor.code, doctor.output).to.equal(1);
    expect(doctor.output)
      .to.match(/PROBLEM {2}view inbox/)
      .and.match(/PROBLEM {2}job sender/)
      .and.match(/PROBLEM {2}seals/)
      .and.include('npm run store:accept');
    const refused = await runScript('audit-seal', [], env());
    expect([refused.code, refused.output]).to.satisfy(
      ([code, text]: [number, string]) => code === 1 && text.includes('npm run store:accept'),
    );
    await program.stop();
  });

  it('store:accept and a rebuild correct it: what channels delivered comes back, what was sent is not sent again', async () => {
    const accepted = await runScript('store-accept', [], env());
    expect(accepted.code, accepted.output).to.equal(0);
    const rebuilt = await runScript('projections', ['rebuild', 'all'], env());
    expect(rebuilt.code, rebuilt.output).to.equal(0);
    await installation.again();
    agent = await installation.as('agent1.sari@demo.saga');
    await installation.settled();
    const messages = await eventually(
      'everything the customer wrote is there again',
      async () => {
        const all = await installation.messages(agent, ticketId);
        return all.length >= kept.length + after_.length ? all : undefined;
      },
      30_000,
    );
    expect(messages.map(({ content }) => content)).to.deep.equal([...kept, ...after_]);
    const next = aText('Berikutnya');
    await reply(next);
    await eventually('the next reply is sent', () => sent(next) === 1, 30_000);
    expect([sent(openReply), sent(lostReply)], 'sent once each, in the life that was lost').to.deep.equal([
      1, 1,
    ]);
    const events = createEventStoreDb({ connectionString: server.url, logger: silentLogger() });
    const store = openedStore(events, installation.folder);
    try {
      await expectLedger(store, installation.folder.databaseUrl('postgres'), {
        acknowledged: [...kept, ...after_, next],
        refused: [lostReply],
      });
    } finally {
      await store.close();
    }
    const verified = await runScript('audit-verify', [], env());
    expect(verified.code, verified.output).to.equal(0);
    expect(verified.stdout).to.match(
      /says: the event store was restored from a backup and accepted\. Of the state before: seals \d/,
    );
    const again = await runScript('store-accept', [], env()).catch((error: unknown) => error);
    expect(again).to.satisfy(
      ({ output }: { output: string }) =>
        output.includes('nothing to accept') || output.includes('Stop it first'),
    );
  });
});
