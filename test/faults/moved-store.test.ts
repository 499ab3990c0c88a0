/** An installation moves from the Postgres event store to EventStoreDB and back (docs/design/reliability.md#moving-between-stores). */
import { expect } from 'chai';
import { type Installation, openInstallation } from '../e2e/installation.ts';
import { type EsdbServer, startEsdbServer } from '../support/esdb-server/index.ts';
import { eventually } from '../support/eventually.ts';
import { aCustomer, aText, get, ok, type Session } from '../support/http/client.ts';
import { type Recorder, startRecorder } from '../support/observe/recorder.ts';
import { runScript } from '../support/processes/npm-script.ts';
import type { Program } from '../support/processes/program.ts';

const AGENT = 'agent1.sari@demo.saga';
const PARTS = 'api,projections,jobs';

describe('moving to the other event store', function () {
  this.timeout(240_000);
  let server: EsdbServer;
  let whatsapp: Recorder;
  let installation: Installation;
  let ticketId: string;
  const customer = aCustomer();
  const texts: string[] = [];

  const env = () => ({ DATA_DIR: installation.folder.path, EVENTSTORE_URL: server.url });
  const copy = (from: string, to: string) => runScript('events-copy', ['--from', from, '--to', to], env());
  const sent = (text: string): number => whatsapp.bodies().filter((body) => body.includes(text)).length;

  /** The customer writes, the agent answers, and the answer leaves the house once. */
  async function talk(agent: Session, program: Program): Promise<void> {
    const [question, answer] = [aText('Halo'), aText('Baik')];
    await ok(installation.channels(program).says(customer, question));
    ticketId = await installation.ticket(agent, customer);
    await eventually('the message is in the talk', async () =>
      (await installation.messages(agent, ticketId)).some(({ content }) => content === question),
    );
    if (texts.length === 0) await ok(agent.post(`/api/admin/ticket/${ticketId}/self-takeover`));
    await ok(agent.post(`/api/admin/ticket/${ticketId}/reply`, { message: answer }));
    texts.push(question, answer);
    await eventually('the answer was sent', () => sent(answer) === 1, 30_000);
  }

  const contents = async (agent: Session): Promise<readonly string[]> =>
    (await installation.messages(agent, ticketId)).map(({ content }) => content);

  before(async () => {
    server = await startEsdbServer();
    whatsapp = await startRecorder();
    installation = await openInstallation({
      env: { WHATSAPP_TOKEN: 'a-token', WHATSAPP_API_URL: whatsapp.url },
    });
    await talk(await installation.as(AGENT), installation.main());
    await installation.settled();
  });
  after(async () => {
    await whatsapp.close();
    await installation.close();
    server.stop();
  });

  it('is refused while the program runs, and an empty store is not started on', async () => {
    const running = await copy('postgres', 'env:EVENTSTORE_URL');
    expect(running.code, running.output).to.equal(1);
    expect(running.output).to.include('Stop it first');
    await installation.main().stop();
    const started = await runScript('projections', ['status'], env());
    expect(started.code, started.output).to.equal(1);
    expect(started.output).to.include('npm run events:copy -- --from postgres --to env:EVENTSTORE_URL');
  });

  it('goes on there with every talk, and sends nothing twice', async () => {
    const moved = await copy('postgres', 'env:EVENTSTORE_URL');
    expect(moved.code, moved.output).to.equal(0);
    expect(moved.output)
      .to.match(/\d+ events are the same in both stores/)
      .and.match(/hash chains of \d+ streams are whole/)
      .and.match(/Jobs that go on with the copy: .*sender/);
    const program = await installation.worker(PARTS, { EVENTSTORE_URL: server.url });
    await program.ready();
    const agent = await installation.as(AGENT, program);
    expect(await contents(agent)).to.deep.equal(texts);
    await talk(agent, program);
    expect(texts.map(sent)).to.deep.equal([0, 1, 0, 1]);
    await program.stop();
  });

  it('comes back the same way, with what was said meanwhile', async () => {
    const moved = await copy('env:EVENTSTORE_URL', 'postgres');
    expect(moved.code, moved.output).to.equal(0);
    const program = await installation.again();
    const agent = await installation.as(AGENT);
    expect(await contents(agent)).to.deep.equal(texts);
    await talk(agent, program);
    expect(texts.map(sent)).to.deep.equal([0, 1, 0, 1, 0, 1]);
    expect((await get(program.url, '/readyz')).status).to.equal(200);
  });
});
