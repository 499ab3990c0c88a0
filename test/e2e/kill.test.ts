import { expect } from 'chai';
import { aCustomer, aText, ok, type Session } from '../support/http/client.ts';
import { eventually } from '../support/eventually.ts';
import { type Installation, openInstallation } from './installation.ts';
import { type Load, startLoad } from './load.ts';

/** Two moments each: the soak kills at more of them (docs/ops/faults.md#the-soak). */
const ROUNDS = 2;

describe('kill -9 under load', function () {
  this.timeout(120_000);
  let installation: Installation;
  let agent: Session;
  let ticketId: string;
  const claims = { acknowledged: [] as string[], unknown: [] as string[], refused: [] as string[] };

  before(async () => {
    installation = await openInstallation();
    agent = await installation.as('agent2.sari@demo.saga');
    const customer = aCustomer();
    const text = aText('Halo');
    await ok(installation.channels().says(customer, text));
    claims.acknowledged.push(text);
    ticketId = await installation.ticket(agent, customer);
    await ok(agent.post(`/api/admin/ticket/${ticketId}/self-takeover`));
  });
  after(() => installation.close());

  const load = () =>
    startLoad({
      channels: () => installation.channels(),
      customers: 8,
      replies: () => ({ agent: agent.at(installation.main().url), ticketId }),
    });

  const more = (running: Load, count: number) => {
    const from = running.succeeded();
    return eventually(`${String(count)} more answers`, () => running.succeeded() >= from + count, 30_000);
  };

  async function end(running: Load): Promise<void> {
    await running.stop();
    await installation.settled();
    for (const list of ['acknowledged', 'unknown', 'refused'] as const) claims[list].push(...running[list]);
    expect(running.refused.size, 'nobody was refused for a fault of ours').to.equal(0);
    await installation.ledger(claims);
  }

  it('of the program: all that was answered is there, once, after the next start', async () => {
    const running = load();
    for (let round = 0; round < ROUNDS; round += 1) {
      // Each time at another moment.
      await more(running, 40 + 25 * round);
      await installation.main().kill();
      await installation.again();
    }
    await more(running, 40);
    await end(running);
    expect(running.acknowledged.size).to.be.greaterThan(100);
  });

  it('of Postgres: 503 meanwhile, back without a restart of ours, nothing lost and nothing doubled', async () => {
    const program = installation.main();
    const running = load();
    for (let round = 0; round < ROUNDS; round += 1) {
      await more(running, 40 + 25 * round);
      process.kill(installation.folder.postmaster(), 'SIGKILL');
      await more(running, 20);
    }
    await end(running);
    expect(program.running(), 'the same process all the time').to.equal(true);
    expect(installation.main()).to.equal(program);
    expect(running.failures.size, 'somebody got an error').to.be.greaterThan(0);
    // An idempotency key that could not be released without a database is free again after a while.
    const comeAgain = /^(503 STORE_UNAVAILABLE|409 IDEMPOTENCY_KEY_IN_USE) retry-after \d+$/;
    for (const failure of running.failures.keys()) expect(failure).to.match(comeAgain);
    expect(running.slowest(), 'nobody hung, in milliseconds').to.be.lessThan(15_000);
  });
});
